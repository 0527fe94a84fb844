internal import Core
internal import Rules

extension RuleExampleSuite {
    /// Rules that do not say who wrote them, since when and why, or have no example of one of the two kinds.
    public var lacks: [ExampleReport.Lack] { rules.sorted.flatMap { lacks(of: $0) } }

    private func lacks(of rule: Rule) -> [ExampleReport.Lack] {
        let own = examples.filter { $0.rule == rule.id }
        var missing: [Phrase] = []
        if rule.origin.author == nil { missing.append(Phrase("缺少 author（作者）", "'author' is missing: who wrote it")) }
        if rule.origin.since == nil { missing.append(Phrase("缺少 since（日期）", "'since' is missing: since when")) }
        if rule.origin.reason == nil { missing.append(Phrase("缺少 reason（理由）", "'reason' is missing: why it is so")) }
        // A rule about columns that no table has can only be seen not to judge.
        if own.count >= 2, own.allSatisfy({ $0.kind == .notApplicable }), rule.isNeverApplicable {
            return missing.map { ExampleReport.Lack(rule: rule.id, place: rule.origin.place, phrase: $0) }
        }
        if !own.contains(where: { $0.kind == .fails }) {
            missing.append(Phrase("没有不通过的示例", "there is no example that fails"))
        }
        if !own.contains(where: { $0.kind == .passes }) {
            missing.append(Phrase("没有通过的示例", "there is no example that passes"))
        }
        return missing.map { ExampleReport.Lack(rule: rule.id, place: rule.origin.place, phrase: $0) }
    }
}
