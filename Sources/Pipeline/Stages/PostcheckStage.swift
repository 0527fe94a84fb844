internal import Core
internal import Logging
internal import Rules

/// Compares institutions with one another and with their own past, and grades them. A period at a time: its benchmark
/// and the tables that rules share are made once for all that wait.
struct PostcheckStage: PipelineStage {
    let stage = Stage.postcheck

    /// What the rules of a run say to the store.
    static func rules(_ context: StageContext) -> PostcheckRules {
        let book = context.rules
        let day = "\(context.businessDate)"
        var thresholds: [String: Int64] = [:]
        for name in book.parameters.thresholds.keys where name.hasPrefix("P") {
            let unset = Int64.min
            let value = book.parameters.threshold(name, on: day, decimals: 4, default: unset)
            if value != unset { thresholds[name] = value }
        }
        return PostcheckRules(
            rules: book.sorted.map(\.stored), ruleSetHash: book.hash,
            organizationRules: book.sorted.filter { $0.stage == .pre && $0.dimension == .organization }.map(\.id),
            thresholds: thresholds, explained: book.explained)
    }

    func run(_ context: StageContext) async throws -> StageResult {
        let rules = PostcheckStage.rules(context)
        var result = StageResult()
        while let outcome = try await context.store.postcheck(rules, run: context.run) {
            for (rule, error) in outcome.errors.sorted(by: { $0.key < $1.key }) {
                context.logger.error(
                    "a rule could not be judged",
                    metadata: ["rule": "\(rule)", "period": "\(outcome.period)", "error": "\(error)"])
            }
            result.items += outcome.submissions
            context.progress(stage, result.items)
            try Task.checkCancellation()
        }
        return result
    }
}
