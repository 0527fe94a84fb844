public import Core

/// How many findings of each rule follow from findings of which other, over one submission or many.
public struct FollowingFindings: Sendable, Hashable {
    /// By the rule that follows, then by the rule it follows from.
    private var counts: [RuleID: [RuleID: Int]] = [:]

    /// None.
    public init() {}

    init(_ tally: RootTally) {
        for link in tally.links { counts[link.rule, default: [:]][link.root, default: 0] += link.count }
    }

    /// Adds those of another submission.
    public mutating func add(_ other: FollowingFindings) {
        for (rule, roots) in other.counts {
            for (root, count) in roots { counts[rule, default: [:]][root, default: 0] += count }
        }
    }

    /// How many findings follow from others.
    public var total: Int { counts.values.reduce(0) { $0 + $1.values.reduce(0, +) } }

    /// How many findings of a rule follow from others.
    public func count(of rule: RuleID) -> Int { counts[rule]?.values.reduce(0, +) ?? 0 }

    /// What findings of a rule follow from, the most frequent first.
    func roots(of rule: RuleID) -> [(rule: RuleID, count: Int)] {
        FollowingFindings.sorted(counts[rule] ?? [:])
    }

    /// Findings of other rules that follow from those of a rule, the most frequent first.
    func consequences(of rule: RuleID) -> [(rule: RuleID, count: Int)] {
        FollowingFindings.sorted(counts.compactMapValues { $0[rule] }.filter { $0.key != rule })
    }

    private static func sorted(_ counts: [RuleID: Int]) -> [(rule: RuleID, count: Int)] {
        counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { (rule: $0.key, count: $0.value) }
    }
}

extension PageParts {
    /// What findings of a rule follow from, and what follows from them, in sentences; empty where neither is.
    func links(of rule: RuleID, _ following: FollowingFindings) -> HTML {
        func note(_ phrase: Phrase, _ rules: [(rule: RuleID, count: Int)]) -> HTML {
            guard !rules.isEmpty else { return .empty }
            let list = rules.prefix(12).map { "\($0.rule) × \(NumberText.grouped($0.count))" }
                .joined(separator: language == .chinese ? "、" : ", ")
            let count = NumberText.grouped(rules.reduce(0) { $0 + $1.count })
            return "<p class=\"note\">\(self(phrase, ["n": count, "list": list + (rules.count > 12 ? " …" : "")]))</p>"
        }
        return HTML(lines: [
            note(Phrases.followsFrom, following.roots(of: rule)),
            note(Phrases.leadsTo, following.consequences(of: rule)),
        ])
    }
}
