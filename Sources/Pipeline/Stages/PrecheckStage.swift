internal import Core
internal import Logging
internal import Rules

/// Reads what was received and judges it by every rule that needs no other institution.
struct PrecheckStage: PipelineStage {
    let stage = Stage.precheck
    /// Submissions whose results are written in one transaction.
    private static let groupSize = 64

    func run(_ context: StageContext) async throws -> StageResult {
        let environment = LazyEnvironment(context)
        return try await context.forEachGroup(readingFor: stage, size: PrecheckStage.groupSize) { group in
            try await take(group, environment, context)
        }
    }

    /// Takes a group through the stage.
    func take(
        _ group: [Submission], _ environment: LazyEnvironment, _ context: StageContext
    ) async throws -> [StageFailure] {
        let references = try await context.store.drugReferences(for: group.map(\.id))
        let check = SubmissionCheck(try await environment.value(with: references), settings: context.settings)
        let outcomes = await outcomes(of: group, check, references.matches, context)
        var results: [PrecheckResult] = []
        var failures: [StageFailure] = []
        for (submission, outcome) in zip(group, outcomes) {
            switch outcome {
            case .success(let found):
                results.append(
                    PrecheckResult(
                        submission: submission, files: found.files, verdict: found.verdict,
                        staged: found.staged, findingCounts: found.findingCounts,
                        ruleSetHash: context.rules.hash))
            case .failure(let error) where error.isOfTheMachine || error is CancellationError:
                throw error
            case .failure(let error):
                failures.append(StageFailure(submission: submission.id, stage: stage, reason: "\(error)"))
            }
        }
        try await context.store.completePrecheck(results, run: context.run)
        return try await context.report(failures)
    }

    /// Checks a group, as many at a time as there are workers; the answers keep the order of the group.
    private func outcomes(
        of group: [Submission], _ check: SubmissionCheck, _ matches: [SubmissionID: DrugMatches],
        _ context: StageContext
    ) async -> [Result<CheckOutcome, any Error>] {
        let marks = ReadingMarks(context.settings, stage)
        return await withTaskGroup(of: (Int, Result<CheckOutcome, any Error>).self) { tasks in
            var outcomes: [Result<CheckOutcome, any Error>?] = Array(repeating: nil, count: group.count)
            var next = 0
            func start() {
                guard next < group.count else { return }
                let index = next
                let submission = group[index]
                next += 1
                tasks.addTask {
                    (
                        index,
                        Result {
                            try marks.reading(submission.id) {
                                try check.outcome(of: submission, matches: matches[submission.id], in: context.settings)
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
        of submission: Submission, matches: DrugMatches?, in settings: PipelineSettings
    ) throws -> CheckOutcome {
        let archive = Archive(root: settings.archive)
        let files = submission.files.map { file in
            CheckInput.File(
                name: file.name, path: archive.path(of: file.sha256), sha256: file.sha256, size: file.size)
        }
        var input = CheckInput(hospitalCode: submission.hospitalCode, period: submission.period, files: files)
        input.matches = matches
        return try outcome(of: input, stagingPath: settings.stagingPath(of: submission.id))
    }
}

extension PipelineSettings {
    /// Where precheck leaves what it found in a submission.
    func stagingPath(of submission: SubmissionID) -> String { "\(work)/\(submission).staged" }
}

/// The libraries, read when the first submission needs them: a night with nothing new does without.
actor LazyEnvironment {
    private let context: StageContext
    private var environment: CheckEnvironment?
    private var codes: DrugCodes?

    init(_ context: StageContext) { self.context = context }

    /// With the entries of the drug library that a group needs.
    func value(with references: DrugReferences) async throws -> CheckEnvironment {
        var environment = try await value()
        guard references.libraryVersion != nil else { return environment }
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
