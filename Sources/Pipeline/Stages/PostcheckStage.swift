internal import Core

/// Passes submissions on. Rules that compare institutions have their place here; until there are any no grade is given,
/// which views show as a `grade` that is NULL: nothing is graded that was not judged.
struct PostcheckStage: PipelineStage {
    let stage = Stage.postcheck

    func run(_ context: StageContext) async throws -> StageResult {
        try await context.forEachGroup(waitingFor: stage, size: 1000) { group in
            try await context.store.complete(.postcheck, of: group.map(\.id), run: context.run)
            return []
        }
    }
}
