public import Core
internal import Expressions

/// What is wrong with a row, as a rule file says it.
public struct RuleCondition: Sendable, Hashable {
    /// A value that the message names, or that stands in the finding as `value` or `expected`.
    public struct Show: Sendable, Hashable {
        /// The name of the placeholder.
        public var name: String
        /// The expression in its one spelling.
        public var expression: String
    }

    /// True where the row breaks the rule; in its one spelling.
    public var expression: String
    /// The English name of the column that a finding points at.
    public var column: String
    /// What a finding shows, by name.
    public var shows: [Show]
}

/// Where a rule's findings weigh less.
public struct Softening: Sendable, Hashable {
    /// What they weigh there.
    public var severity: Severity
    /// Where that is, in its one spelling.
    public var expression: String
}

/// For whom a rule is. Where nothing is said it is for all.
public struct RuleScope: Sendable, Hashable {
    /// The lengths of a period.
    public enum Length: String, Sendable, CaseIterable {
        case year, quarter, month
    }

    /// Levels of institutions: 3, 2, 1, 9.
    public var levels: [Int] = []
    /// Lengths of the period.
    public var periods: [Length] = []

    /// For all.
    public init() {}

    /// Whether a period is one the rule is for.
    func contains(_ period: Period) -> Bool {
        guard !periods.isEmpty else { return true }
        switch period.length {
        case .year: return periods.contains(.year)
        case .quarter: return periods.contains(.quarter)
        case .month: return periods.contains(.month)
        }
    }
}

/// Who decides whether a rule is broken.
public enum Judge: String, Sendable, CaseIterable {
    /// The conditions in its file.
    case condition
    /// Whoever reads files, and the checks of single cells.
    case reader
    /// Whoever opens the package.
    case package
    /// What sees the whole submission.
    case submission
    /// Statements of the store, after the load.
    case sql
}

/// What a rule cannot be judged without.
public enum RuleNeed: String, Sendable, CaseIterable {
    case catalogue, library, comparison, match, institution, period
    /// The library of institutions.
    case institutions
    /// The library of divisions.
    case divisions
    /// A list of the files that came.
    case manifest
    /// Windows and tasks of a campaign.
    case campaign
    /// What the institution reported before.
    case history
    /// Columns of the older templates: unit prices, dates, doctors. No table has them.
    case legacyColumns = "legacy_columns"
    /// Telephone numbers. No table has them.
    case contactColumns = "contact_columns"
    /// 本位码 and NHSA code. No table has them.
    case codeColumns = "code_columns"

    /// Why no submission can be judged by the rule; `nil` where some can.
    var reasonForAll: NotApplicable? {
        switch self {
        case .legacyColumns, .contactColumns, .codeColumns: NotApplicable("no_\(rawValue)")
        default: nil
        }
    }

    /// The relation of this name.
    var relation: Relation? { Relation(rawValue: rawValue) }
}

/// A condition whose columns, thresholds and types are known to be right, for one table.
struct CheckedCondition: Sendable {
    var expression: TypedExpression
    var column: Int
    var shows: [(name: String, expression: TypedExpression)]
    var softening: (severity: Severity, expression: TypedExpression)?
    /// Relations without which the condition says nothing.
    var needs: Set<Relation>
}
