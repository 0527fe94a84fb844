public import Core
internal import Foundation
internal import Rules

/// Whether examples would notice that their rule is wrong.
public struct MutationOutcome: Sendable {
    /// Rules with a condition: it was negated and the examples were run again.
    public var negated: [RuleID] = []
    /// Of these the ones whose examples all hold as before: they say nothing about their rule.
    public var unnoticed: [RuleID] = []
    /// Rules that code judges. Nothing is run for them: an example that fails notices by itself that the rule is silent.
    public var judgedByCode: [RuleID] = []
}

extension RuleExampleSuite {
    /// Negates the condition of each rule that has one and runs its examples until one notices.
    public func runMutations(only chosen: Set<RuleID>? = nil) async throws -> MutationOutcome {
        var outcome = MutationOutcome()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("yaoce-rules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let wanted = rules.sorted.filter { $0.stage == .pre && (chosen?.contains($0.id) ?? true) }
        let verdicts = try await withThrowingTaskGroup(of: [(RuleID, Bool?)].self) { tasks in
            let lanes = 2
            for lane in 0..<lanes {
                tasks.addTask {
                    try stride(from: lane, to: wanted.count, by: lanes).map { index in
                        (wanted[index].id, try notices(wanted[index].id, folder: folder.path))
                    }
                }
            }
            return try await tasks.reduce(into: []) { $0 += $1 }
        }
        for (rule, noticed) in verdicts.sorted(by: { $0.0 < $1.0 }) {
            guard let noticed else {
                outcome.judgedByCode.append(rule)
                continue
            }
            outcome.negated.append(rule)
            if !noticed { outcome.unnoticed.append(rule) }
        }
        return outcome
    }

    /// Whether an example of a rule fails once its condition is negated; `nil` where it has no condition.
    private func notices(_ rule: RuleID, folder: String) throws -> Bool? {
        guard let negated = rules.negating(rule) else { return nil }
        let runner = PrecheckRunner(rules: negated, folder: folder)
        for (number, example) in examples(of: rule) {
            let scenario = try ExampleScenario(example, slot: RuleExampleSuite.slot)
            let found = try runner.findings(scenario)
            let judged = ExampleJudgement.outcome(
                scenario, number: number, findings: found.findings, isNotApplicable: found.isNotApplicable)
            if !judged.holds { return true }
        }
        return false
    }
}
