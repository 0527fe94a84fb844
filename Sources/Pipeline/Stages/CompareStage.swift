internal import Core

/// Passes submissions on. Comparison with the national code has its place in the order of the run; until there is a
/// comparison it leaves every drug unmatched, which views show as a `matched_ypid` that is NULL.
struct CompareStage: PipelineStage {
    let stage = Stage.compare

    func run(_ context: StageContext) async throws -> StageResult {
        try await context.forEachGroup(waitingFor: stage, size: 1000) { group in
            try await context.store.complete(.compare, of: group.map(\.id), run: context.run)
            return []
        }
    }
}
