public import Core
public import Expressions

/// What a condition can join to a row: the name before the point in `catalogue.conversion_factor`.
public enum Relation: String, CaseIterable, Sendable, Hashable {
    /// The catalogue row of the drug that a movement row names.
    case catalogue
    /// The entry of the national drug library with the row's national code.
    case library
    /// How far the row and that entry say the same, where spelling is no help.
    case comparison
    /// What the comparison stage decided on the row's drug.
    case match
    /// The entry of the institution library of the sender.
    case institution
    /// What the submission reports on.
    case period

    /// A column of a relation.
    public struct Column: Sendable, Hashable {
        /// The relation.
        public var relation: Relation
        /// Its name behind the point.
        public var name: String
        /// What it holds.
        public var type: ValueType
    }

    /// Whether rows of a table can be joined to it.
    public func joins(_ table: DataTable) -> Bool {
        switch self {
        case .catalogue: table.isMovement
        case .library, .match: table != .institution
        case .comparison: table == .catalogue
        case .institution, .period: true
        }
    }

    /// Its columns.
    public var columns: [Column] {
        let own: [(String, ValueType)] =
            switch self {
            case .catalogue:
                [
                    ("hospital_drug_code", .text), ("ypid", .text), ("product_name", .text),
                    ("conversion_factor", ValueType(.factor)), ("dosage_unit", .text), ("pack_unit", .text),
                    ("is_accepted", .boolean),
                ]
            case .library:
                DrugEntries.columns.map { ($0, Relation.typeOfLibraryColumn($0)) }
            case .comparison:
                [
                    ("strength", .text), ("manufacturer", .text), ("form_class", .text),
                    ("library_form_class", .text),
                ]
            case .match:
                [
                    ("ypid", .text), ("state", .text), ("method", .text),
                    ("score", .number(scale: 4, integerDigits: 1)),
                ]
            case .institution:
                [
                    ("hospital_code", .text), ("name", .text), ("level", .number(scale: 0, integerDigits: 1)),
                    ("is_primary", .boolean),
                ]
            case .period:
                [("first_day", .date), ("last_day", .date)]
            }
        return own.map { Column(relation: self, name: $0.0, type: $0.1) }
    }

    private static func typeOfLibraryColumn(_ name: String) -> ValueType {
        switch name {
        case "conversion_factor": ValueType(.factor)
        case "is_essential", "is_central_procurement", "is_consistency_evaluated": .boolean
        case "valid_from", "valid_to": .date
        default: .text
        }
    }
}

/// What the conditions of one table can speak of: its own columns first, then those of the relations that join it.
struct ConditionSchema: Sendable {
    let table: DataTable
    let ownCount: Int
    /// The columns behind the table's own.
    let joined: [Relation.Column]
    let expressions: ExpressionSchema

    init(_ table: DataTable, thresholds: [String]) {
        let dataSet = DataSet.of(table)
        self.table = table
        ownCount = dataSet.columns.count
        joined = Relation.allCases.filter { $0.joins(table) }.flatMap(\.columns)
        let own = dataSet.columns.map {
            ExpressionSchema.Column($0.name, ValueType($0.kind), sqlPath: [table.rawValue, $0.name])
        }
        let others = joined.map { ExpressionSchema.Column("\($0.relation.rawValue).\($0.name)", $0.type) }
        expressions = ExpressionSchema(
            columns: own + others, thresholds: thresholds.sorted().map { ExpressionSchema.Threshold($0) })
    }

    /// The relation of a column; `nil` for a column of the table itself.
    func relation(of position: Int) -> Relation? {
        position < ownCount ? nil : joined[position - ownCount].relation
    }
}
