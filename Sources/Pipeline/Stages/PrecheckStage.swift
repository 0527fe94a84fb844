internal import Core
internal import Logging
internal import Rules

/// Reads what was received and judges it by every rule that needs no other institution.
struct PrecheckStage: PipelineStage {
    let stage = Stage.precheck
    /// Loads what was checked while more is being checked; `nil` to leave it to the stage after this one.
    var loading: LoadAlong?
    /// Submissions whose results are written in one transaction.
    private static let groupSize = 64
    /// The first ones: so many that there is work for all cores, so few that it begins at once.
    private static let firstGroupSize = 16
    /// Of larger groups only one is in memory at a time: bytes of the files as they came.
    private static let bytesAhead = 32 << 20

    /// A group that is being checked, with what was asked of the database for it.
    private struct Asked: Sendable {
        var group: [Submission]
        var check: SubmissionCheck
        var matches: [SubmissionID: DrugMatches]
        var histories: [SubmissionID: SubmissionHistory]
    }

    /// A group that was checked, before its results are written.
    private struct Checked: Sendable {
        var group: [Submission]
        var results: [PrecheckResult] = []
        var failures: [StageFailure] = []
    }

    func run(_ context: StageContext) async throws -> StageResult {
        guard let loading else { return try await check(context) }
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await loading.run(context) }
            let result = try await check(context)
            loading.finish()
            try await tasks.waitForAll()
            return result
        }
    }

    /// While a group is checked the database is told of the one before and asked for the one after, and what it was told
    /// of is loaded: the checks need processors, and whoever talks to the database mostly waits for it.
    private func check(_ context: StageContext) async throws -> StageResult {
        let environment = LazyEnvironment(context)
        let stage = stage
        var result = try await context.forEachSuspect(readingFor: stage) { group in
            try await take(group, environment, context)
        }
        var failed = Set(result.failures.map(\.submission))
        let marks = ReadingMarks(context.settings, stage)
        try marks.begin()
        defer { marks.end() }
        var group = try await context.store.claim(for: stage, limit: PrecheckStage.firstGroupSize, leavingOut: failed)
        var asked: Asked?
        var before: Checked?
        while !group.isEmpty || before != nil {
            if asked == nil, !group.isEmpty { asked = try await ask(for: group, environment, context) }
            let now = asked
            async let checking = checked(now, context)
            var following: [Submission] = []
            var askedAhead: Asked?
            do {
                if let before {
                    let failures = try await complete(before, context)
                    failed.formUnion(failures.map(\.submission))
                    result.failures += failures
                    result.items += before.group.count - failures.count
                    context.progress(stage, result.items)
                }
            } catch let lost as ClaimLost {
                context.logger.notice("another worker took over", metadata: ["submissions": "\(lost.submissions)"])
            }
            if before != nil { try loading?.wake() }
            if !group.isEmpty {
                following = try await context.store.claim(
                    for: stage, limit: PrecheckStage.groupSize, leavingOut: failed.union(group.map(\.id)))
                let bytes = (group + following).reduce(0) { $0 + $1.bytes }
                if !following.isEmpty, bytes <= PrecheckStage.bytesAhead {
                    askedAhead = try await ask(for: following, environment, context)
                }
            }
            before = try await checking?.get()
            (group, asked) = (following, askedAhead)
            try Task.checkCancellation()
        }
        return result
    }

    /// Takes a group through the stage.
    func take(
        _ group: [Submission], _ environment: LazyEnvironment, _ context: StageContext
    ) async throws -> [StageFailure] {
        let checked = try await checked(try await ask(for: group, environment, context), context).get()
        return try await complete(checked, context)
    }

    private func ask(
        for group: [Submission], _ environment: LazyEnvironment, _ context: StageContext
    ) async throws -> Asked {
        let references = try await context.store.drugReferences(
            for: group.map(\.id), knowing: environment.entries)
        let histories = try await context.store.histories(of: group.map(\.id))
        let check = SubmissionCheck(try await environment.value(with: references), settings: context.settings)
        return Asked(group: group, check: check, matches: references.matches, histories: histories)
    }

    /// What was found in a group; an error that is the machine's fault ends the run.
    private func checked(_ asked: Asked, _ context: StageContext) async -> Result<Checked, any Error> {
        let outcomes = await outcomes(of: asked.group, asked.check, asked.matches, asked.histories, context)
        if Task.isCancelled { return .failure(CancellationError()) }
        var checked = Checked(group: asked.group)
        for (submission, outcome) in zip(asked.group, outcomes) {
            switch outcome {
            case .success(let found):
                checked.results.append(
                    PrecheckResult(
                        submission: submission, files: found.files, verdict: found.verdict,
                        staged: found.staged, findingCounts: found.findingCounts,
                        ruleSetHash: context.rules.hash, ruleResults: found.results))
            case .failure(let error) where error.isOfTheMachine || error is CancellationError:
                return .failure(error)
            case .failure(let error):
                checked.failures.append(StageFailure(submission: submission.id, stage: stage, reason: "\(error)"))
            }
        }
        return .success(checked)
    }

    private func checked(_ asked: Asked?, _ context: StageContext) async -> Result<Checked, any Error>? {
        guard let asked else { return nil }
        let result: Result<Checked, any Error> = await checked(asked, context)
        return result
    }

    private func complete(_ checked: Checked, _ context: StageContext) async throws -> [StageFailure] {
        try await context.store.completePrecheck(checked.results, run: context.run)
        let failures = try await context.report(checked.failures)
        try await context.store.release(failures.map(\.submission))
        return failures
    }

    /// Checks a group, as many at a time as there are workers, large ones first, so that none is left to one worker alone
    /// at the end; the answers keep the order of the group.
    private func outcomes(
        of group: [Submission], _ check: SubmissionCheck, _ matches: [SubmissionID: DrugMatches],
        _ histories: [SubmissionID: SubmissionHistory], _ context: StageContext
    ) async -> [Result<CheckOutcome, any Error>] {
        let marks = ReadingMarks(context.settings, stage)
        return await withTaskGroup(of: (Int, Result<CheckOutcome, any Error>).self) { tasks in
            var outcomes: [Result<CheckOutcome, any Error>?] = Array(repeating: nil, count: group.count)
            var left = group.indices.sorted { (group[$0].bytes, $1) < (group[$1].bytes, $0) }
            func start() {
                guard !Task.isCancelled, let index = left.popLast() else { return }
                let submission = group[index]
                tasks.addTask {
                    (
                        index,
                        Result {
                            try marks.reading(submission.id) {
                                try check.outcome(
                                    of: submission, matches: matches[submission.id], history: histories[submission.id],
                                    in: context.settings)
                            }
                        }
                    )
                }
            }
            for _ in 0..<max(context.settings.workers, 1) { start() }
            while let (index, outcome) = await tasks.next() {
                outcomes[index] = outcome
                start()
            }
            return outcomes.compactMap { $0 }
        }
    }
}

extension SubmissionCheck {
    /// Checks a received submission, whose files lie in the archive.
    func outcome(
        of submission: Submission, matches: DrugMatches?, history: SubmissionHistory?, in settings: PipelineSettings
    ) throws -> CheckOutcome {
        let archive = Archive(root: settings.archive)
        let files = submission.files.map { file in
            CheckInput.File(
                name: file.name, path: archive.path(of: file.sha256), sha256: file.sha256, size: file.size)
        }
        var input = CheckInput(hospitalCode: submission.hospitalCode, period: submission.period, files: files)
        input.matches = matches
        input.history = history ?? SubmissionHistory()
        input.history?.compared = matches?.compared
        return try outcome(of: input, stagingPath: settings.stagingPath(of: submission.id))
    }
}

extension Submission {
    /// How large its files are, as they came.
    fileprivate var bytes: Int { files.reduce(0) { $0 + $1.size } }
}

extension PipelineSettings {
    /// Where precheck leaves what it found in a submission.
    func stagingPath(of submission: SubmissionID) -> String { "\(work)/\(submission).staged" }
}

/// The libraries, read when the first submission needs them: a night with nothing new does without.
actor LazyEnvironment {
    private let context: StageContext
    /// Entries of the drug library that an earlier group needed.
    let entries = KnownDrugEntries()
    private var environment: CheckEnvironment?
    private var codes: DrugCodes?

    init(_ context: StageContext) { self.context = context }

    /// With the entries of the drug library that a group needs.
    func value(with references: DrugReferences) async throws -> CheckEnvironment {
        var environment = try await value()
        guard references.libraryVersion != nil else { return environment }
        if let others = references.otherCodes {
            environment.drugs = DrugLibrary(references.entries, codes: DrugCodes(others))
            return environment
        }
        if codes == nil, let rows = try await context.store.drugCodes() { codes = DrugCodes(rows) }
        environment.drugs = DrugLibrary(references.entries, codes: codes)
        return environment
    }

    private func value() async throws -> CheckEnvironment {
        if let environment { return environment }
        let loaded = CheckEnvironment(
            rules: context.rules, businessDate: context.businessDate,
            institutions: try await context.store.institutions(),
            divisions: try await context.store.divisionCodes())
        environment = loaded
        return loaded
    }
}

extension StageContext {
    /// Writes failures down and logs them; a submission that failed three times is set aside and the rest goes on.
    func report(_ failures: [StageFailure]) async throws -> [StageFailure] {
        guard !failures.isEmpty else { return [] }
        let setAside = Set(try await store.recordFailures(failures, run: run))
        for failure in failures {
            logger.error(
                "stage failed",
                metadata: [
                    "submission": "\(failure.submission)", "stage": "\(failure.stage.rawValue)",
                    "reason": "\(failure.reason)", "set_aside": "\(setAside.contains(failure.submission))",
                ])
        }
        return failures
    }
}

extension DrugMatches {
    /// How much is tied to a national code, or needs none; `nil` where nothing was compared with a library.
    fileprivate var compared: SubmissionHistory.Compared? {
        var compared = SubmissionHistory.Compared(drugs: 0, matched: 0)
        for row in 0..<rows.count {
            switch rows.string(row: row, column: 1).flatMap({ MatchState(rawValue: $0) }) {
            case .unchecked, nil: continue
            case .approved, .ignored: compared.matched += 1
            case .proposed, .needsSecondReader, .noMatch, .invalidTarget: break
            }
            compared.drugs += 1
        }
        return compared.drugs == 0 ? nil : compared
    }
}
