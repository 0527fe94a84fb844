public import Core
public import Logging
public import Rules

/// What every stage of one run works with.
public struct StageContext: Sendable {
    /// Where everything is kept.
    public var store: any SubmissionStore
    /// What the operator decided.
    public var settings: PipelineSettings
    /// The rules in force.
    public var rules: RuleBook
    /// The number of the run.
    public var run: Int
    /// The day that dates are judged by: fixed when the run began, also past midnight.
    public var businessDate: CalendarDay
    /// What time it is.
    public var now: @Sendable () -> Timestamp
    /// Lines for the log; each carries the run.
    public var logger: Logger
    /// Told how far a stage is, for a person who watches.
    public var progress: @Sendable (Stage, _ done: Int) -> Void
}

/// What a stage did.
struct StageResult {
    /// How many submissions it took a step further.
    var items = 0
    /// What failed for technical reasons.
    var failures: [StageFailure] = []
}

/// One stage: takes whatever waits for it. Calling it again after a failure is always safe.
protocol PipelineStage: Sendable {
    var stage: Stage { get }
    func run(_ context: StageContext) async throws -> StageResult
}

extension Error {
    /// Whether the machine is at fault and not the submission: a full or failing disk ends the run, and no submission
    /// is blamed for it.
    var isOfTheMachine: Bool {
        switch self {
        case let error as FileSystemError: error.isOfTheMachine
        case let error as StagingError: error.isOfTheMachine
        default: false
        }
    }
}

extension StageContext {
    /// Takes what waits for a stage, a group at a time, until nothing is left but what failed in this run.
    func forEachGroup(
        waitingFor stage: Stage, size: Int, _ body: ([Submission]) async throws -> [StageFailure]
    ) async throws -> StageResult {
        var result = StageResult()
        var failed: Set<SubmissionID> = []
        while true {
            let waiting = try await store.waiting(for: stage, limit: size + failed.count)
            let group = waiting.filter { !failed.contains($0.id) }
            guard !group.isEmpty else { return result }
            let failures = try await body(group)
            failed.formUnion(failures.map(\.submission))
            result.failures += failures
            result.items += group.count - failures.count
            progress(stage, result.items)
            try Task.checkCancellation()
        }
    }
}
