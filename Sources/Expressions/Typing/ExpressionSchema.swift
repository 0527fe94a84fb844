public import Core

/// What an expression may speak of: columns and thresholds with their types.
public struct ExpressionSchema: Sendable {
    /// A column.
    public struct Column: Sendable, Hashable {
        /// As expressions name it, lower case: `amount` or `catalogue.conversion_factor`.
        public var name: String
        /// What it holds.
        public var type: ValueType
        /// As SQL names it: the relation's alias and the column, without quotes.
        public var sqlPath: [String]

        /// A column; where no path is given, SQL uses the parts of its name.
        public init(_ name: String, _ type: ValueType, sqlPath: [String]? = nil) {
            self.name = name.lowercased()
            self.type = type
            self.sqlPath = sqlPath ?? name.split(separator: ".").map(String.init)
        }
    }

    /// A threshold.
    public struct Threshold: Sendable, Hashable {
        /// As expressions name it behind the colon: `C27.amount`.
        public var name: String
        /// What it is.
        public var type: ValueType

        /// A threshold; a number has up to 6 decimals and 10 digits before the point where nothing else is said.
        public init(_ name: String, _ type: ValueType = .number(scale: 6, integerDigits: 10)) {
            self.name = name
            self.type = type
        }
    }

    /// The columns. Their positions are those of `ColumnBatch.columns`.
    public let columns: [Column]
    /// The thresholds.
    public let thresholds: [Threshold]

    private var columnPositions: [String: Int] = [:]
    private let thresholdPositions: [String: Int]

    /// Columns and thresholds; of two with one name the first counts.
    public init(columns: [Column], thresholds: [Threshold] = []) {
        self.columns = columns
        self.thresholds = thresholds
        columnPositions = Dictionary(
            columns.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        thresholdPositions = Dictionary(
            thresholds.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// The columns of a table, named alone or with the table (`usage.amount`), then those of tables that are joined to
    /// it, named with theirs (`catalogue.strength`). In SQL the relations are called like the tables.
    public init(_ table: DataSet, joined: [DataSet] = [], thresholds: [Threshold] = []) {
        func columns(of dataSet: DataSet, prefix: String) -> [Column] {
            dataSet.columns.map {
                Column(prefix + $0.name, ValueType($0.kind), sqlPath: [dataSet.table.rawValue, $0.name])
            }
        }
        let others = joined.flatMap { columns(of: $0, prefix: "\($0.table.rawValue).") }
        self.init(columns: columns(of: table, prefix: "") + others, thresholds: thresholds)
        for (position, column) in table.columns.enumerated() {
            columnPositions["\(table.table.rawValue).\(column.name)"] = position
        }
    }

    func column(_ name: String) -> Int? { columnPositions[name] }

    func threshold(_ name: String) -> Int? { thresholdPositions[name] }

    var columnNames: [String] { columnPositions.keys.sorted() }
}

extension ValueType {
    /// What the cells of a column of a data set are, once they were read.
    public init(_ kind: ColumnKind) {
        switch kind {
        case .text, .code: self = .text
        case .date: self = .date
        case .amount, .quantity, .factor, .count, .flag:
            self = .number(NumberType(scale: kind.decimals ?? 0, bound: Int128(FixedPoint.limit(of: kind))))
        }
    }
}
