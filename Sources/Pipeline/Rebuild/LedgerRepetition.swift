internal import Core
internal import Digests
internal import Foundation
internal import Logging
internal import Readers
internal import Rules

/// Does the entries of a ledger again, one after the other.
struct LedgerRepetition {
    private let store: any RebuildStore
    private let settings: PipelineSettings
    private let logger: Logger
    private var begun: [Int: (day: CalendarDay, basis: RunBasis?)] = [:]
    private var current: (run: Int, context: StageContext)?
    private var environment: LazyEnvironment?
    private var library: (version: String?, library: LazyLibrary)?

    init(store: any RebuildStore, settings: PipelineSettings, logger: Logger) {
        self.store = store
        self.settings = settings
        self.logger = logger
    }

    /// Takes note of an entry that the database has: a run that began may go on after it.
    mutating func learn(_ entry: LedgerEntry) {
        if case .runBegan(let run, let day, _, let basis) = entry.event { begun[run] = (day, basis) }
    }

    mutating func `do`(_ entry: LedgerEntry) async throws {
        learn(entry)
        switch entry.event {
        case .runBegan(let run, let day, let startedAt, let basis):
            if basis != nil { try await register(try context(of: run, entry)) }
            _ = try await store.beginRun(businessDate: day, startedAt: startedAt, basis: basis)
        case .stageEnded(let time, let run): try await store.recordStage(time, run: run)
        case .runEnded(let run, let finishedAt, let exitCode):
            try await store.finishRun(run, finishedAt: finishedAt, exitCode: exitCode)
        case .planned(let plans, _): _ = try await store.journal(plans)
        case .unplanned(let journals): try await store.forget(journals)
        case .taken(let plans, let journals, let run, let receivedAt, _):
            try requireArchived(plans, entry)
            _ = try await store.finishIntake(
                zip(journals, plans).map { (journal: $0, plan: $1) }, run: run, receivedAt: receivedAt)
        case .seen(let sightings, let run, let seenAt):
            try await store.record(sightings, run: run, seenAt: seenAt)
        case .compared(let ids, let version, let time, let run):
            let context = try context(of: run, entry)
            if library == nil || library?.version != version {
                library = (version, LazyLibrary(context.store, workers: settings.workers, version: version))
            }
            guard let library = library?.library else { return }
            try require(
                try await CompareStage().take(
                    try await store.submissions(numbered: ids), library, at: time, context), entry)
        case .judged(let ids, let run):
            let context = try context(of: run, entry)
            let environment = environment ?? LazyEnvironment(context)
            self.environment = environment
            try require(
                try await PrecheckStage().take(try await store.submissions(numbered: ids), environment, context), entry)
        case .loaded(let ids, let time, let run):
            try await LoadStage().take(
                try await store.submissions(numbered: ids), at: time, try context(of: run, entry))
        case .postchecked(_, _, let run):
            _ = try await store.postcheck(PostcheckStage.rules(try context(of: run, entry)), run: run)
        case .passed(let stage, let ids, let run): try await store.complete(stage, of: ids, run: run)
        case .sentBack(let ids, let stage): try await store.sendBack(ids, to: stage)
        case .failed(let failures, let run): _ = try await store.recordFailures(failures, run: run)
        case .withdrawn(let id, let reason, let time): try await store.withdraw(id, reason: reason, at: time)
        case .resumed(let id): try await store.resume(id)
        case .libraryImported(let kind, let version, let file, let time, let publishing, let importKind):
            try await importLibrary(kind, version, file, time, publishing, importKind, entry)
        case .libraryPublished(let kind, let version, let time):
            forgetLibraries()
            _ = try await store.publishLibrary(kind, version: version, at: time)
        case .decided(let item, let decision, let seen, let name, let time):
            _ = try await store.decide(item: item, decision, seen: seen, by: name, at: time)
        case .accepted(let acceptance, let name, let time):
            _ = try await store.acceptMatches(acceptance, by: name, at: time, dryRun: false)
        case .revoked(let item, let reason, let seen, let name, let time):
            _ = try await store.revoke(item: item, reason: reason, seen: seen, by: name, at: time)
        case .task(_, let source, let file, let hospital, let version, let name, let time):
            try await addTask(source, file, hospital, version, name, time, entry)
        }
    }

    private func path(of digest: SHA256Digest?, _ entry: LedgerEntry) throws -> String {
        let archive = Archive(root: settings.archive)
        guard let digest, archive.holds(digest) else {
            throw ArchiveRebuild.Refusal.missing(
                digest ?? SHA256Digest(bytes: Array(repeating: 0, count: 32)), entry: entry.number)
        }
        return archive.path(of: digest)
    }

    private func requireArchived(_ plans: [IntakePlan], _ entry: LedgerEntry) throws {
        for plan in plans {
            for file in plan.files { _ = try path(of: file.sha256, entry) }
        }
    }

    /// What went well once must go well again.
    private func require(_ failures: [StageFailure], _ entry: LedgerEntry) throws {
        guard failures.isEmpty else { throw ArchiveRebuild.Refusal.notDone(entry: entry.number) }
    }

    /// The stages of a run as they worked then: its rules, its day, its settings.
    private mutating func context(of run: Int, _ entry: LedgerEntry) throws -> StageContext {
        if let current, current.run == run { return current.context }
        guard let (day, basis) = begun[run], let basis else { throw ArchiveRebuild.Refusal.noBasis(run: run) }
        let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: try path(of: basis.rules, entry))))
        let time = entry.at
        let context = StageContext(
            store: store, settings: settings.judging(by: basis.settings), rules: try RuleBook.unarchived(bytes),
            run: run,
            businessDate: day, now: { time }, logger: logger, progress: { _, _ in })
        current = (run, context)
        forgetLibraries()
        return context
    }

    private func register(_ context: StageContext) async throws {
        try await store.register(context.rules.sorted.map(\.stored), ruleSetHash: context.rules.hash)
    }

    private mutating func forgetLibraries() {
        environment = nil
        library = nil
    }

    private mutating func importLibrary(
        _ kind: LibraryKind, _ version: String, _ file: SHA256Digest, _ time: Timestamp, _ publishing: Bool,
        _ importKind: LibraryImportKind, _ entry: LedgerEntry
    ) async throws {
        forgetLibraries()
        let path = try path(of: file, entry)
        _ = try await store.importLibrary(
            kind, version: version, sha256: file, at: time, publishing: publishing, importKind: importKind
        ) { each in
            try LibraryFileReader(name: path).forEachRow(of: FileByteSource(path: path, name: path), each)
        }
    }

    private func addTask(
        _ source: String, _ file: SHA256Digest?, _ hospital: String?, _ version: String?, _ name: String,
        _ time: Timestamp, _ entry: LedgerEntry
    ) async throws {
        let path = try path(of: file, entry)
        let read = try ComparisonFile(
            SourceFile(name: source, member: nil, path: path, memberIndex: nil, size: nil).open(
                limits: settings.limits),
            limits: settings.limits)
        var undecided = Array(repeating: true, count: read.drugs.count)
        if let hospital {
            undecided = try await store.undecided(among: read.drugs, hospitalCode: hospital, libraryVersion: version)
        }
        let open = read.drugs.indices.filter { undecided[$0] }
        var proposals: [MatchProposal] = []
        if !open.isEmpty, let version {
            let comparer = try await DrugComparer.load(
                version: version, from: store, workers: settings.workers)
            proposals = await comparer.proposals(
                for: open.map { read.drugs[$0].description }, workers: settings.workers)
        }
        _ = try await store.addMatchTask(
            source: source, hospitalCode: hospital, libraryVersion: version, drugs: read.drugs,
            compared: zip(open, proposals).map { (drug: $0, proposal: $1) }, by: name, at: time, file: file)
    }
}
