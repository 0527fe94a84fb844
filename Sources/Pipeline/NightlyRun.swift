public import Core
internal import Glibc
public import Logging
public import Rules

/// The nightly job: the stages in their order, over whatever waits for them, one run at a time.
public struct NightlyRun: Sendable {
    /// What a run came to.
    public struct Outcome: Sendable {
        /// The run as its page shows it.
        public var report: RunReport
        /// Whether everything that could be processed was.
        public var isClean: Bool
    }

    /// Why a run did not start.
    public enum Refusal: Error, Sendable, CustomStringConvertible {
        /// Another run holds the lock.
        case anotherRunIsActive

        /// A sentence.
        public var description: String { "another run holds the lock" }
    }

    private let store: any SubmissionStore
    private let settings: PipelineSettings
    private let rules: RuleBook
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let progress: @Sendable (Stage, Int) -> Void
    private let program: String

    /// A run over a store and folders.
    public init(
        store: any SubmissionStore, settings: PipelineSettings, rules: RuleBook,
        now: @escaping @Sendable () -> Timestamp, logger: Logger,
        program: String = "", progress: @escaping @Sendable (Stage, Int) -> Void = { _, _ in }
    ) {
        self.store = store
        self.settings = settings
        self.rules = rules
        self.now = now
        self.logger = logger
        self.progress = progress
        self.program = program
    }

    /// Runs some stages in their order.
    ///
    /// - Parameter businessDate: the day dates are judged by; `nil` for today in Asia/Shanghai.
    /// - Throws: `Refusal`, and what makes the whole run impossible: the database is away, a folder cannot be written.
    public func run(_ stages: [Stage] = Stage.allCases, businessDate: CalendarDay? = nil) async throws -> Outcome {
        guard try await store.acquireRunLock() else { throw Refusal.anotherRunIsActive }
        for folder in [settings.inbox, settings.archive, settings.work, settings.outbox, settings.reports] {
            try FileSystem.makeFolder(folder)
        }
        let startedAt = now()
        let day = businessDate ?? startedAt.shanghaiDay
        try await store.register(rules.sorted.map(\.stored), ruleSetHash: rules.hash)
        let basis = RunBasis(
            ruleSetHash: rules.hash, rules: try Archive(root: settings.archive).keep(try rules.archived),
            settings: settings.judging, program: program)
        let run = try await store.beginRun(businessDate: day, startedAt: startedAt, basis: basis)
        var logger = logger
        logger[metadataKey: "run"] = "\(run)"
        logger.notice("run began", metadata: ["business_date": "\(day)", "rules": "\(rules.hash)"])
        for rule in rules.leftOut {
            logger.warning("a rule is left out", metadata: ["rule": "\(rule.name)", "problem": "\(rule.problem)"])
        }
        let context = StageContext(
            store: store, settings: settings, rules: rules, run: run, businessDate: day, now: now, logger: logger,
            progress: progress)

        try await store.join(name: "run \(run)", patience: settings.patience)
        var failures: [StageFailure] = []
        let times = StageTimes(context)
        for stage in Stage.allCases where stages.contains(stage) {
            if stage == .precheck, stages.contains(.load) {
                failures += try await precheckAndLoad(context, times)
            } else {
                failures += try await perform(stage, context, times)
            }
            // A staging file that was lost sent its submission back: read it again now and not tomorrow.
            if stage == .load, stages.contains(.precheck),
                try await !store.waiting(for: .precheck, limit: 1).isEmpty, failures.isEmpty
            {
                failures += try await perform(.precheck, context, times)
                failures += try await perform(.load, context, times)
            }
            if stage == .load { failures += try await awaitOthers(stages, failures, context, times) }
        }
        let exitCode = failures.isEmpty ? 0 : 1
        try await store.finishRun(run, finishedAt: now(), exitCode: exitCode, stages: times.unrecorded)
        try await store.leave()
        guard let report = try await RunPages(context: context).write() else {
            preconditionFailure("a run that was begun is in the store")
        }
        logger.notice("run ended", metadata: ["failures": "\(failures.count)"])
        return Outcome(report: report, isClean: failures.isEmpty)
    }

    /// Until nobody else is at a submission any more: what comes after the load looks at all of them. What a worker left
    /// that died or stopped is done here.
    private func awaitOthers(
        _ stages: [Stage], _ known: [StageFailure], _ context: StageContext, _ times: StageTimes
    ) async throws -> [StageFailure] {
        var failures: [StageFailure] = []
        // How often what is found may be found again with nobody else there: it should go on each time.
        var looks = 3
        while looks > 0 {
            // Asked before looking: what a worker leaves that is gone by then is found.
            let others = try await store.othersAreWorking()
            var found = false
            for stage in [Stage.compare, .precheck, .load] where stages.contains(stage) {
                let failed = Set((known + failures).map(\.submission))
                let waiting = try await store.claim(for: stage, limit: 1, leavingOut: failed)
                try await store.release(waiting.map(\.id))
                guard !waiting.isEmpty else { continue }
                found = true
                failures += try await perform(stage, context, times)
            }
            if others {
                try await Task.sleep(for: .milliseconds(200))
            } else {
                looks = found ? looks - 1 : 0
            }
        }
        return failures
    }

    /// What is checked is loaded while more is being checked: the two stages overlap, each with its own time.
    private func precheckAndLoad(_ context: StageContext, _ times: StageTimes) async throws -> [StageFailure] {
        let loading = LoadAlong()
        let failures = try await perform(.precheck, context, times, by: PrecheckStage(loading: loading))
        if let time = loading.time { try await times.note(time) }
        return failures
    }

    private func perform(
        _ stage: Stage, _ context: StageContext, _ times: StageTimes
    ) async throws -> [StageFailure] {
        try await perform(stage, context, times, by: NightlyRun.stage(stage))
    }

    private func perform(
        _ stage: Stage, _ context: StageContext, _ times: StageTimes, by worker: any PipelineStage
    ) async throws -> [StageFailure] {
        let startedAt = now()
        let clock = ContinuousClock()
        let begin = clock.now
        let result = try await worker.run(context)
        let elapsed = begin.duration(to: clock.now)
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        try await times.note(
            RunReport.StageTime(stage: stage, startedAt: startedAt, seconds: seconds, items: result.items))
        context.logger.info(
            "stage ended",
            metadata: ["stage": "\(stage.rawValue)", "items": "\(result.items)", "seconds": "\(seconds)"])
        return result.failures
    }

    private static func stage(_ stage: Stage) -> any PipelineStage {
        switch stage {
        case .receive: ReceiveStage()
        case .compare: CompareStage()
        case .precheck: PrecheckStage()
        case .load: LoadStage()
        case .postcheck: PostcheckStage()
        case .report: ReportStage()
        }
    }
}

/// When the stages of a run ended: recorded at once, but for those that found nothing to do. These are recorded with the next
/// one that did something, or with the end of the run: each record is a line of the archive's ledger that waits for the disk.
private final class StageTimes {
    private let context: StageContext
    private(set) var unrecorded: [RunReport.StageTime] = []

    init(_ context: StageContext) { self.context = context }

    func note(_ time: RunReport.StageTime) async throws {
        unrecorded.append(time)
        guard time.items > 0 else { return }
        try await context.store.recordStages(unrecorded, run: context.run)
        unrecorded = []
    }
}
