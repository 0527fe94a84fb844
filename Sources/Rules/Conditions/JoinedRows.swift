public import Core
public import Expressions

/// What the rows of a batch are joined to. Rows are found once for a batch, then their columns are copied one by one.
public protocol JoinedRows {
    /// Why nothing can be joined for this submission at all; `nil` where it can.
    func absence(of relation: Relation) -> NotApplicable?
    /// Finds the joined row of every row: its number, or one of `JoinedRow`.
    func find(_ relation: Relation, for batch: borrowing RowBatch, into numbers: inout [Int32])
    /// Appends the values of a column, one for each number.
    func append(
        _ column: Relation.Column, of numbers: [Int32], for batch: borrowing RowBatch, to position: Int,
        of target: inout ColumnBatch)
}

/// What stands for a joined row that is not there.
public enum JoinedRow {
    /// There is none: a fact about the data.
    public static let none: Int32 = -1
    /// Nobody can say here whether there is one.
    public static let unknown: Int32 = -2
}

/// Why a rule says nothing about rows or a submission: neither that they pass nor that they fail.
public struct NotApplicable: Sendable, Hashable, Comparable {
    /// In one word, `no_drug_library`.
    public var reason: String

    /// A reason.
    public init(_ reason: String) { self.reason = reason }

    /// By name.
    public static func < (left: NotApplicable, right: NotApplicable) -> Bool { left.reason < right.reason }

    /// A value that the condition needs is missing or was not readable.
    public static let missingValue = NotApplicable("missing_value")
    /// The file has no such column.
    public static let missingColumn = NotApplicable("missing_column")
    /// A threshold of the rule is not in force yet.
    public static let noThreshold = NotApplicable("no_threshold")
    /// The rule is not for institutions of this level or for this kind of period.
    public static let outOfScope = NotApplicable("out_of_scope")
    /// A division by zero.
    public static let divisionByZero = NotApplicable("division_by_zero")
    /// A result beyond the limits.
    public static let overflow = NotApplicable("overflow")

    /// There is nothing that the relation could be joined from.
    public static func without(_ relation: Relation) -> NotApplicable {
        switch relation {
        case .catalogue: NotApplicable("no_catalogue")
        case .library, .comparison: NotApplicable("no_drug_library")
        case .match: NotApplicable("no_comparison")
        case .institution: NotApplicable("no_institution_library")
        case .period: NotApplicable("no_period")
        }
    }

    /// The row has nothing to be joined with.
    public static func unjoined(_ relation: Relation) -> NotApplicable {
        switch relation {
        case .catalogue: NotApplicable("no_catalogue_row")
        case .library, .comparison: NotApplicable("no_library_entry")
        case .match: NotApplicable("not_compared")
        case .institution: NotApplicable("unknown_institution")
        case .period: NotApplicable("no_period")
        }
    }
}

extension ColumnBatch {
    /// NULL in a column of a type for so many rows.
    public mutating func appendNull(count: Int, to position: Int, type: ValueType) {
        if type == .text {
            append(repeating: Optional<String>.none, count: count, to: position)
        } else {
            append(repeating: Optional<Int64>.none, count: count, to: position)
        }
    }
}
