internal import Core
internal import Rules

/// Compares what was found with what an example says.
enum ExampleJudgement {
    static func outcome(_ scenario: ExampleScenario, number: Int, findings: [Finding], isNotApplicable: Bool)
        -> ExampleOutcome
    {
        let rule = scenario.example.rule
        let own = findings.filter { $0.rule == rule }
        let others = Set(findings.map(\.rule)).subtracting([rule]).sorted()
        return ExampleOutcome(
            example: scenario.example, number: number, problem: problem(scenario, own, isNotApplicable), findings: own,
            others: others)
    }

    private static func problem(_ scenario: ExampleScenario, _ own: [Finding], _ isNotApplicable: Bool) -> Phrase? {
        let rule = scenario.example.rule
        switch scenario.example.kind {
        case .passes:
            guard let first = own.first else { return nil }
            return Phrase(
                "不应有 \(rule) 的问题，却有 \(own.count) 个：\(shown(first))",
                "nothing of \(rule) was to be found; there are \(own.count): \(shown(first))")
        case .notApplicable:
            if let first = own.first {
                return Phrase(
                    "\(rule) 应不适用，却发现 \(shown(first))", "\(rule) was to be not applicable and found \(shown(first))")
            }
            return isNotApplicable
                ? nil : Phrase("\(rule) 应不适用，却作了判定", "\(rule) was to be not applicable and judged")
        case .fails:
            guard let first = own.first else {
                return Phrase("应发现 \(rule)，却没有", "\(rule) was to be found and was not")
            }
            guard own.contains(where: { scenario.expectation.fits($0) }) else {
                return Phrase(
                    "没有一个 \(rule) 符合 finds：\(scenario.example.finds?.text ?? "")；发现的是 \(shown(first))",
                    "no finding of \(rule) is what 'finds' says, \(scenario.example.finds?.text ?? ""); found was \(shown(first))"
                )
            }
            if let count = scenario.expectation.count, count != own.count {
                return Phrase(
                    "应有 \(count) 个 \(rule)，却有 \(own.count) 个",
                    "\(count) findings of \(rule) were expected; there are \(own.count)")
            }
            return nil
        }
    }

    /// A finding in one line, for whoever mends an example.
    static func shown(_ finding: Finding) -> String {
        let place = finding.place
        let parts = [
            place.table?.rawValue, place.row.map { "row \($0)" }, place.column,
            finding.observation.value.map { "value \($0)" }, finding.observation.expected.map { "expected \($0)" },
            finding.severity.rawValue,
        ]
        return parts.compactMap { $0 }.joined(separator: ", ")
    }
}
