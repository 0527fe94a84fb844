public import Core

/// What the database is asked for a rule after the load, for people who want to know.
public struct PostcheckExplanation: Sendable {
    /// How many things are looked at.
    public var evaluated: String
    /// Why it cannot be judged, or NULL.
    public var inapplicable: String
    /// Which positions (a drug of a submission) it asks about at all; `nil` for rules that do not choose.
    public var candidates: String?
    /// The query of what is wrong.
    public var violations: String
    /// Whether it is judged once for the period as a whole, and not for each submission.
    public var isAboutPeriod: Bool
    /// The tables that rules share and that this query reads.
    public var sharedTables: [String]

    /// The explanation of a rule for a period with its thresholds; `nil` where no query judges it.
    /// - Throws: where a threshold is missing.
    public init?(_ rule: RuleID, thresholds: [String: Int64], period: Period) throws {
        let inForce = Thresholds(values: thresholds, period: Int32(period.key))
        if let check = PeriodCheck.all.first(where: { $0.rule == rule }) {
            evaluated = try check.evaluated(inForce)
            inapplicable = try check.inapplicable(inForce)
            violations = try check.violations(inForce)
            isAboutPeriod = true
        } else if let check = PostCheck.all.first(where: { $0.rule == rule }) {
            evaluated = check.evaluated
            inapplicable = check.inapplicable
            candidates = try check.candidates?(inForce)
            violations = try check.violations(inForce)
            isAboutPeriod = false
        } else {
            return nil
        }
        let query = violations
        sharedTables = PostcheckExplanation.shared.filter { query.contains(" \($0)") }
    }

    private static let shared = [
        "scope", "checked", "drug", "catalogue", "moved", "candidate", "earlier", "stock", "class", "attribute",
        "business", "yaoce.drug_position", "yaoce.price_benchmark",
    ]
}
