internal import Core
internal import Logging

/// Ties the distinct drugs of catalogues to the national code before any row is judged. What was decided before is
/// looked up; only new and changed descriptions are compared.
struct CompareStage: PipelineStage {
    let stage = Stage.compare
    /// Submissions that are passed on together.
    private static let groupSize = 64

    func run(_ context: StageContext) async throws -> StageResult {
        let library = LazyLibrary(context.store, workers: context.settings.workers)
        if try await library.version() == nil {
            context.logger.notice("no drug library is published; drugs stay unchecked")
        }
        return try await context.forEachGroup(readingFor: stage, size: CompareStage.groupSize) { group in
            try await take(group, library, at: nil, context)
        }
    }

    /// Takes a group through the stage.
    /// - Parameter time: when; `nil` for now.
    func take(
        _ group: [Submission], _ library: LazyLibrary, at time: Timestamp?, _ context: StageContext
    ) async throws -> [StageFailure] {
        let compared = try await GroupComparison(context.store, context.settings, library).run(group)
        try await context.store.completeCompare(
            compared.items, staged: compared.staged, libraryVersion: try await library.version(),
            at: time ?? context.now(), run: context.run)
        return try await context.report(
            compared.failures.sorted { $0.key < $1.key }.map {
                StageFailure(submission: $0.key, stage: stage, reason: "\($0.value)")
            })
    }
}
