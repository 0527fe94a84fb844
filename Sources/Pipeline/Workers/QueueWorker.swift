public import Core
internal import Glibc
public import Logging
public import Rules

/// Takes submissions from the queue and compares, checks and loads them: what `yaoce worker` does beside the nightly run,
/// on the same machine or on others that share archive and database.
public struct QueueWorker: Sendable {
    /// How long a worker goes on.
    public enum Lifetime: Sendable {
        /// Until nothing waits any more.
        case untilEmpty
        /// Until its task is cancelled, looking again after so long.
        case polling(Duration)
    }

    private let store: any SubmissionStore
    private let settings: PipelineSettings
    private let rules: RuleBook
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let program: String

    /// A worker over a store and folders.
    public init(
        store: any SubmissionStore, settings: PipelineSettings, rules: RuleBook,
        now: @escaping @Sendable () -> Timestamp, logger: Logger, program: String = ""
    ) {
        self.store = store
        self.settings = settings
        self.rules = rules
        self.now = now
        self.logger = logger
        self.program = program
    }

    /// Works. How many steps submissions took, and whether nothing failed.
    /// - Parameter businessDate: the day dates are judged by; `nil` for that of the run under way, else today.
    public func work(_ lifetime: Lifetime, businessDate: CalendarDay? = nil) async throws -> (items: Int, isClean: Bool)
    {
        let desk = try WorkerFolder(below: settings.work)
        var settings = settings
        settings.work = desk.path
        for folder in [settings.archive, settings.work] { try FileSystem.makeFolder(folder) }
        try await store.join(name: desk.name, patience: settings.patience)
        var items = 0
        var isClean = true
        while !Task.isCancelled {
            let result = try await workOnce(settings, businessDate)
            items += result.items
            isClean = isClean && result.failures.isEmpty
            guard result.items == 0 else { continue }
            guard case .polling(let pause) = lifetime else { break }
            do { try await Task.sleep(for: pause) } catch { break }
        }
        try await store.leave()
        return (items, isClean)
    }

    /// Everything that waits, as a run of its own; nothing where nothing does.
    private func workOnce(_ settings: PipelineSettings, _ businessDate: CalendarDay?) async throws -> StageResult {
        guard try await isAnythingFree() else { return StageResult() }
        let startedAt = now()
        let active = try await store.activeBusinessDate()
        let day = businessDate ?? active ?? startedAt.shanghaiDay
        try await store.register(rules.sorted.map(\.stored), ruleSetHash: rules.hash)
        let basis = RunBasis(
            ruleSetHash: rules.hash, rules: try Archive(root: settings.archive).keep(try rules.archived),
            settings: settings.judging, program: program)
        let run = try await store.beginRun(businessDate: day, startedAt: startedAt, basis: basis)
        var logger = logger
        logger[metadataKey: "run"] = "\(run)"
        let context = StageContext(
            store: store, settings: settings, rules: rules, run: run, businessDate: day, now: now, logger: logger,
            progress: { _, _ in })
        var result = StageResult()
        let loading = LoadAlong()
        for stage: any PipelineStage in [CompareStage(), PrecheckStage(loading: loading), LoadStage()] {
            let done = try await stage.run(context)
            result.items += done.items
            result.failures += done.failures
        }
        result.items += loading.items
        try await store.finishRun(run, finishedAt: now(), exitCode: result.failures.isEmpty ? 0 : 1)
        logger.info("worked", metadata: ["items": "\(result.items)", "failures": "\(result.failures.count)"])
        return result
    }

    private func isAnythingFree() async throws -> Bool {
        for stage in [Stage.compare, .precheck, .load] {
            let free = try await store.claim(for: stage, limit: 1, leavingOut: [])
            try await store.release(free.map(\.id))
            if !free.isEmpty { return true }
        }
        return false
    }
}

/// A folder for what a worker stages, its own as long as it lives: the first that nobody holds.
final class WorkerFolder {
    let path: String
    let name: String
    private let descriptor: Int32

    init(below work: String) throws(FileSystemError) {
        try FileSystem.makeFolder(work)
        var host = [CChar](repeating: 0, count: 256)
        _ = unsafe gethostname(&host, host.count - 1)
        let machine = String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var number = 1
        while true {
            let path = "\(work)/worker-\(machine)-\(number)"
            try FileSystem.makeFolder(path)
            let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileSystemError(path: path, action: "open", code: errno) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                self.path = path
                name = "worker \(machine) \(number)"
                self.descriptor = descriptor
                return
            }
            close(descriptor)
            number += 1
        }
    }

    deinit {
        FileSystem.removeIfEmpty(path)
        close(descriptor)
    }
}
