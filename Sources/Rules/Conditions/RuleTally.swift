public import Core

/// What the rules before the load did with one submission: how much each looked at, how much of it was wrong, and what
/// could not be judged and why. Nothing is counted twice: a row is evaluated by a rule or it is not applicable to it.
public struct RuleTally: Sendable, Hashable {
    /// What one rule did.
    public struct Count: Sendable, Hashable {
        /// Rows, files or submissions that it looked at and could judge.
        public var evaluated = 0
        /// How many of them were wrong.
        public var violated = 0
        /// Rows, files or submissions that could not be judged, by reason.
        public var notApplicable: [NotApplicable: Int] = [:]

        /// Nothing counted.
        public init() {}

        /// The reason that held most often.
        public var mainReason: NotApplicable? {
            notApplicable.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
        }
    }

    /// By rule; one that was never asked is missing.
    public private(set) var counts: [RuleID: Count] = [:]

    /// Nothing counted.
    public init() {}

    /// A rule looked at so many.
    public mutating func evaluated(_ rule: RuleID, _ count: Int = 1) {
        if count > 0 { counts[rule, default: Count()].evaluated += count }
    }

    /// A rule found so many wrong among what it looked at.
    public mutating func violated(_ rule: RuleID, _ count: Int = 1) {
        if count > 0 { counts[rule, default: Count()].violated += count }
    }

    /// A rule could not judge so many.
    public mutating func notApplicable(_ rule: RuleID, _ reason: NotApplicable, _ count: Int = 1) {
        if count > 0 { counts[rule, default: Count()].notApplicable[reason, default: 0] += count }
    }

    /// Adds what was counted somewhere else.
    public mutating func merge(_ other: RuleTally) {
        for (rule, count) in other.counts {
            evaluated(rule, count.evaluated)
            violated(rule, count.violated)
            for (reason, rows) in count.notApplicable { notApplicable(rule, reason, rows) }
        }
    }

    /// Nothing that a rule looked at could be judged after all.
    public mutating func withdraw(_ rule: RuleID, _ reason: NotApplicable) {
        let evaluated = counts[rule]?.evaluated ?? 0
        counts[rule]?.evaluated = 0
        notApplicable(rule, reason, max(evaluated, 1))
    }

    /// Counts rows of a table for all rules that code judges row by row; conditions count for themselves.
    public mutating func evaluatedRows(_ count: Int, of table: DataTable, rules: RuleBook) {
        for (rule, absence) in rules.rowRules[table] ?? [] {
            if let absence { notApplicable(rule, absence, count) } else { evaluated(rule, count) }
        }
    }
}
