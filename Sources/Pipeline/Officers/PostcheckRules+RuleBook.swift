public import Core
public import Rules

extension PostcheckRules {
    /// What submissions are judged by on a day, with some thresholds set otherwise.
    public init(_ book: RuleBook, on day: CalendarDay, setting changed: [String: Int64] = [:]) {
        let thresholds = book.parameters.inForce(on: day).filter { $0.key.hasPrefix("P") }
        self.init(
            rules: book.sorted.map(\.stored), ruleSetHash: book.hash,
            organizationRules: book.sorted.filter { $0.stage == .pre && $0.dimension == .organization }.map(\.id),
            thresholds: thresholds.merging(changed) { $1 })
    }
}
