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
    /// Takes the submissions that may have killed an earlier run, each alone.
    func forEachSuspect(
        readingFor stage: Stage, _ body: ([Submission]) async throws -> [StageFailure]
    ) async throws -> StageResult {
        try FileSystem.makeFolder(settings.work)
        let marks = ReadingMarks(settings, stage)
        let suspects = try marks.suspects()
        try marks.begin()
        defer { marks.end() }
        var alone = StageResult()
        if !suspects.isEmpty {
            let waiting = try await store.waiting(for: stage, limit: Int(Int32.max))
            for suspect in suspects {
                guard let submission = waiting.first(where: { $0.id == suspect.submission }) else {
                    try marks.acquit(suspect.submission)
                    continue
                }
                if suspect.isConvicted {
                    let failure = StageFailure(
                        submission: submission.id, stage: stage,
                        reason:
                            "the program died \(suspect.crashes + suspect.deaths) times while it read this submission")
                    // Three failures are what sets a submission aside.
                    alone.failures += try await report([failure, failure, failure]).prefix(1)
                    try marks.acquit(suspect.submission)
                    continue
                }
                logger.notice(
                    "a run died while it read this submission; it is read alone",
                    metadata: [
                        "submission": "\(submission.id)", "crashes": "\(suspect.crashes)",
                        "deaths": "\(suspect.deaths)",
                    ])
                let claimed = try await store.claim(for: stage, limit: Int(Int32.max), leavingOut: [])
                try await store.release(claimed.map(\.id).filter { $0 != submission.id })
                guard claimed.contains(where: { $0.id == submission.id }) else { continue }
                let failures = try await body([submission])
                alone.failures += failures
                alone.items += 1 - failures.count
            }
        }
        return alone
    }

    /// Takes what waits for a stage, a group at a time, until nothing is left but what failed in this run.
    func forEachGroup(
        waitingFor stage: Stage, size: Int, _ body: ([Submission]) async throws -> [StageFailure]
    ) async throws -> StageResult {
        var result = StageResult()
        var failed: Set<SubmissionID> = []
        while true {
            let group = try await store.claim(for: stage, limit: size, leavingOut: failed)
            guard !group.isEmpty else { return result }
            let failures: [StageFailure]
            do {
                failures = try await body(group)
            } catch let lost as ClaimLost {
                logger.notice("another worker took over", metadata: ["submissions": "\(lost.submissions)"])
                continue
            }
            try await store.release(failures.map(\.submission))
            failed.formUnion(failures.map(\.submission))
            result.failures += failures
            result.items += group.count - failures.count
            progress(stage, result.items)
            try Task.checkCancellation()
        }
    }
}
