internal import Core
internal import Logging

/// Ties the distinct drugs of catalogues to the national code before any row is judged. What was decided before is
/// looked up; only new and changed descriptions are compared.
struct CompareStage: PipelineStage {
    let stage = Stage.compare
    /// Submissions that are passed on together.
    private static let groupSize = 64

    func run(_ context: StageContext) async throws -> StageResult {
        let comparison = GroupComparison(context.store, context.settings, now: context.now)
        if try await comparison.version() == nil {
            context.logger.notice("no drug library is published; drugs stay unchecked")
        }
        return try await context.forEachGroup(waitingFor: stage, size: CompareStage.groupSize) { group in
            let compared = try await comparison.run(group)
            try await context.store.completeCompare(
                compared.items, libraryVersion: comparison.version(), at: context.now(), run: context.run)
            return try await context.report(
                compared.failures.sorted { $0.key < $1.key }.map {
                    StageFailure(submission: $0.key, stage: stage, reason: "\($0.value)")
                })
        }
    }
}
