public import Core

/// What the database is asked for a rule after the load, for people who want to know.
public struct PostcheckExplanation: Sendable {
    /// How many things of a submission are looked at.
    public var evaluated: String
    /// Why it cannot be judged, or NULL.
    public var inapplicable: String
    /// The query of what is wrong, with today's thresholds.
    public var violations: String
    /// The tables that rules share and that this query reads.
    public var sharedTables: [String]

    /// The explanation of a rule; `nil` where no query judges it.
    /// - Throws: where a threshold is missing.
    public init?(_ rule: RuleID, thresholds: [String: Int64]) throws {
        guard let check = PostCheck.all.first(where: { $0.rule == rule }) else { return nil }
        evaluated = check.evaluated
        inapplicable = check.inapplicable
        let query = try check.violations(Thresholds(values: thresholds))
        violations = query
        sharedTables = PostcheckExplanation.shared.filter { query.contains($0) }
    }

    private static let shared = [
        "scope", "checked", "drug_key", "catalogue", "movement", "code_total", "earlier", "priced", "unclean",
        "institution_price", "figure",
    ]
}
