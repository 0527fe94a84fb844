// What the pipeline asks of whatever keeps the data. The store is PostgreSQL; the pipeline sees only this.

/// Something in the inbox that the receive stage looked at.
public struct IntakeSighting: Sendable, Hashable, Codable {
    /// What was decided.
    public enum Outcome: String, Sendable, Codable {
        case taken, identical
        case notReady = "not_ready"
        case refused
    }

    /// Its path below the inbox.
    public var sourceName: String
    /// Its hash, where it was hashed.
    public var sha256: SHA256Digest?
    /// What was decided.
    public var outcome: Outcome
    /// Why, in both languages.
    public var reason: Phrase?
    /// The submission it became or equals.
    public var submission: SubmissionID?

    /// A sighting.
    public init(
        sourceName: String, sha256: SHA256Digest?, outcome: Outcome, reason: Phrase?, submission: SubmissionID? = nil
    ) {
        self.sourceName = sourceName
        self.sha256 = sha256
        self.outcome = outcome
        self.reason = reason
        self.submission = submission
    }
}

/// A submission about to be moved from the inbox into the archive. It is written down before the first file moves, so
/// that a run that dies half-way can be finished by the next.
public struct IntakePlan: Sendable, Hashable, Codable {
    /// The sender.
    public var hospitalCode: String
    /// What it reports on.
    public var period: Period
    /// Its path below the inbox.
    public var sourceName: String
    /// The hash of the whole.
    public var sha256: SHA256Digest
    /// The files, with the path of each below the inbox in the same order as `paths`.
    public var files: [ArchivedFile]
    /// Where each file lies below the inbox.
    public var paths: [String]
    /// Files that go away without being archived (`submission.ok`), below the inbox.
    public var markers: [String]
    /// The submission with the same bytes, where there is one: nothing new is made then.
    public var identicalTo: SubmissionID?

    /// A plan.
    public init(
        hospitalCode: String, period: Period, sourceName: String, sha256: SHA256Digest, files: [ArchivedFile],
        paths: [String], markers: [String], identicalTo: SubmissionID?
    ) {
        self.hospitalCode = hospitalCode
        self.period = period
        self.sourceName = sourceName
        self.sha256 = sha256
        self.files = files
        self.paths = paths
        self.markers = markers
        self.identicalTo = identicalTo
    }
}

/// What precheck found in one submission.
public struct PrecheckResult: Sendable {
    /// The submission.
    public var submission: Submission
    /// Its data files; `Place.file` and `RowOrigin.file` are positions in this list.
    public var files: [FileOutcome]
    /// Passed, with warnings, in part, or returned.
    public var verdict: Verdict
    /// Findings and rows.
    public var staged: any StagedRows
    /// How many findings of each severity there are.
    public var findingCounts: [Severity: Int]
    /// Hash of the rule set that judged.
    public var ruleSetHash: String
    /// What became of every rule.
    public var ruleResults: [RuleResult]

    /// A result.
    public init(
        submission: Submission, files: [FileOutcome], verdict: Verdict, staged: any StagedRows,
        findingCounts: [Severity: Int], ruleSetHash: String, ruleResults: [RuleResult] = []
    ) {
        self.ruleResults = ruleResults
        self.submission = submission
        self.files = files
        self.verdict = verdict
        self.staged = staged
        self.findingCounts = findingCounts
        self.ruleSetHash = ruleSetHash
    }
}

/// What one rule did with one submission.
public struct RuleResult: Sendable, Hashable {
    /// The five exclusive statuses.
    public enum Status: String, Sendable, Codable {
        case passed
        case passedWithViolations = "passed_with_violations"
        case failed
        case notApplicable = "not_applicable"
        case error
    }

    /// The rule.
    public var rule: RuleID
    /// The hash of the rule as it was.
    public var ruleHash: String
    /// What became of it.
    public var status: Status
    /// Why it was not applicable, or the error.
    public var reason: String?
    /// How many rows (or files) it looked at.
    public var evaluated: Int
    /// How many were wrong.
    public var violated: Int

    /// A result.
    public init(rule: RuleID, ruleHash: String, status: Status, reason: String?, evaluated: Int, violated: Int) {
        self.rule = rule
        self.ruleHash = ruleHash
        self.status = status
        self.reason = reason
        self.evaluated = evaluated
        self.violated = violated
    }
}

/// A rule as the store keeps it beside the findings, so that views can say what a finding means.
public struct StoredRule: Sendable, Hashable {
    /// The rule.
    public var id: RuleID
    /// Changes when what the rule means changes.
    public var hash: String
    /// Before or after the load.
    public var stage: Finding.Stage
    /// Its own weight.
    public var severity: Severity
    /// Its name.
    public var title: Phrase
    /// The sentence of a finding, with `${value}`, `${expected}`, `${column}` and others.
    public var message: Phrase
    /// What the hospital should do.
    public var remedy: Phrase

    /// A rule.
    public init(
        id: RuleID, hash: String, stage: Finding.Stage, severity: Severity, title: Phrase, message: Phrase,
        remedy: Phrase
    ) {
        self.id = id
        self.hash = hash
        self.stage = stage
        self.severity = severity
        self.title = title
        self.message = message
        self.remedy = remedy
    }
}

/// A submission whose stage failed for a technical reason.
public struct StageFailure: Sendable, Hashable, Codable {
    /// Which one.
    public var submission: SubmissionID
    /// Where it failed.
    public var stage: Stage
    /// What happened, for the operator.
    public var reason: String

    /// A failure.
    public init(submission: SubmissionID, stage: Stage, reason: String) {
        self.submission = submission
        self.stage = stage
        self.reason = reason
    }
}

/// What submissions are judged by after their load.
public struct PostcheckRules: Sendable, Hashable {
    /// The rules, those before the load included.
    public var rules: [StoredRule]
    /// Names the rule set.
    public var ruleSetHash: String
    /// Rules before the load that speak of a whole submission: their errors keep a grade from being `pass`.
    public var organizationRules: [RuleID]
    /// Thresholds in force by name, in ten-thousandths.
    public var thresholds: [String: Int64]
    /// What follows from a rule before the load, by that rule.
    public var explained: [RuleID: Set<RuleID>]

    /// Rules and thresholds.
    public init(
        rules: [StoredRule], ruleSetHash: String, organizationRules: [RuleID], thresholds: [String: Int64],
        explained: [RuleID: Set<RuleID>] = [:]
    ) {
        self.rules = rules
        self.ruleSetHash = ruleSetHash
        self.organizationRules = organizationRules
        self.thresholds = thresholds
        self.explained = explained
    }
}

/// What postcheck did with the submissions of one period.
public struct PostcheckOutcome: Sendable, Hashable {
    /// The period.
    public var period: Period
    /// How many submissions went on to the next stage, judged or returned before.
    public var submissions: Int
    /// Rules that could not be judged for a technical reason, with the SQLSTATE; the others were.
    public var errors: [RuleID: String]

    /// An outcome.
    public init(period: Period, submissions: Int, errors: [RuleID: String]) {
        self.period = period
        self.submissions = submissions
        self.errors = errors
    }
}

/// Where submissions, findings and facts are kept. Every function is one transaction: done wholly or not at all.
public protocol SubmissionStore: ComparisonStore, ComparisonReportStore, OfficerStore, WorkQueue {
    // MARK: The run

    /// Takes the lock that only one run holds; `false` where another run has it. It is given back with the connection.
    func acquireRunLock() async throws -> Bool
    /// Writes down the rules a run judges by, so that views can say what its findings mean.
    func register(_ rules: [StoredRule], ruleSetHash: String) async throws
    /// A new run, and what it judges by.
    func beginRun(businessDate: CalendarDay, startedAt: Timestamp, basis: RunBasis?) async throws -> Int
    /// Stages of a run that have ended, in this order.
    func recordStages(_ times: [RunReport.StageTime], run: Int) async throws
    /// The end of a run, and of stages that were not recorded yet.
    func finishRun(_ run: Int, finishedAt: Timestamp, exitCode: Int, stages: [RunReport.StageTime]) async throws

    /// Does something over a session of its own, so that it goes on while something else is done with the store.
    func beside<Value: Sendable>(
        _ body: @Sendable (any SubmissionStore) async throws -> Value
    ) async throws -> Value

    // MARK: Libraries

    /// All institutions of the published library by hospital code; `nil` where none is published.
    func institutions() async throws -> [String: InstitutionEntry]?
    /// All division codes of the published library; `nil` where none is published.
    func divisionCodes() async throws -> Set<String>?

    /// What the rules before the load need of the drug library and the comparison for some submissions: the entries
    /// whose codes their catalogues name, and what was decided. A few queries, however many drugs there are.
    /// - Parameter known: entries that were asked for before, and what is remembered of these.
    func drugReferences(
        for submissions: [SubmissionID], knowing known: KnownDrugEntries
    ) async throws -> DrugReferences
    /// All codes of the published drug library; `nil` where none is published.
    func drugCodes() async throws -> TextRows?
    /// What is known of submissions before they are judged; each that is asked for has an entry.
    func histories(of submissions: [SubmissionID]) async throws -> [SubmissionID: SubmissionHistory]

    // MARK: Receiving

    /// Plans that were written down and not finished, with their journal numbers.
    func unfinishedIntake() async throws -> [(journal: Int, plan: IntakePlan)]
    /// For each plan the submission with the same hospital, period and bytes whose result still stands: not withdrawn, and not
    /// returned under other rules or libraries than those in force.
    func submissions(equalTo plans: [IntakePlan], ruleSetHash: String) async throws -> [SubmissionID?]
    /// Writes plans down before the first file moves; gives their journal numbers.
    func journal(_ plans: [IntakePlan]) async throws -> [Int]
    /// Forgets plans whose files had gone before they could be taken.
    func forget(_ journals: [Int]) async throws
    /// Makes the submissions of plans whose files are in the archive (or records the repeat), and forgets the plans.
    func finishIntake(
        _ plans: [(journal: Int, plan: IntakePlan)], run: Int, receivedAt: Timestamp
    ) async throws -> [Submission]
    /// Records what was seen and not taken. The same sighting in the next run is the same row with a newer time.
    func record(_ sightings: [IntakeSighting], run: Int, seenAt: Timestamp) async throws

    // MARK: Stages

    /// Up to so many submissions that wait for a stage, by number.
    func waiting(for stage: Stage, limit: Int) async throws -> [Submission]
    /// Passes submissions through a stage that leaves no rows of its own (compare, postcheck, report).
    func complete(_ stage: Stage, of submissions: [SubmissionID], run: Int) async throws
    /// Sends submissions back to an earlier stage, because what it left outside the database is gone.
    func sendBack(_ submissions: [SubmissionID], to stage: Stage) async throws
    /// Writes findings, quarantined rows, files and verdicts; the submissions wait for load.
    func completePrecheck(_ results: [PrecheckResult], run: Int) async throws
    /// Copies rows into the fact tables and makes them the ones in force; the submissions wait for postcheck.
    /// Submissions that were returned load nothing and pass.
    /// - Parameter time: when; `nil` for now, by the clock of whatever keeps the data.
    func completeLoad(
        _ staged: [(submission: Submission, rows: any StagedRows)], run: Int, at time: Timestamp?) async throws
    /// Judges and grades all submissions of one period that wait for postcheck, against all accepted ones of it; `nil`
    /// where none waits. Rules that fail are in the outcome and do not keep the others from being judged.
    func postcheck(_ rules: PostcheckRules, run: Int) async throws -> PostcheckOutcome?
    /// Writes down technical failures; those with the third one are set aside and given back.
    func recordFailures(_ failures: [StageFailure], run: Int) async throws -> [SubmissionID]
    /// Takes one submission's rows out again; the accepted one before it becomes current.
    func withdraw(_ submission: SubmissionID, reason: String, at time: Timestamp) async throws

    // MARK: Reporting

    /// What the receipt says.
    func report(on submission: SubmissionID) async throws -> SubmissionReport?
    /// Makes the store ready to be read a few submissions at a time.
    func summarisePages() async throws
    /// All findings of some submissions, by the submission's number and in their order.
    func forEachFinding(
        of submissions: [SubmissionID], _ body: @escaping @Sendable (SubmissionID, Finding) throws -> Void) async throws
    /// All quarantined rows of some submissions, by the submission's number and in their order.
    func forEachQuarantinedRow(
        of submissions: [SubmissionID], _ body: @escaping @Sendable (SubmissionID, QuarantinedRow) throws -> Void
    ) async throws
    /// What submissions changed against the version whose rows were in force before each; nothing where there was none.
    func differences(
        of submissions: [SubmissionID], sampleLimit: Int
    ) async throws -> [SubmissionID: VersionDifference]
    /// What the province's page about a run says.
    func report(onRun run: Int) async throws -> RunReport?
    /// The newest runs, newest first, without their submissions.
    func recentRuns(limit: Int) async throws -> [RunReport]
    /// Where submissions stand: all, or those of a hospital or period, by number.
    func submissions(hospitalCode: String?, period: Period?) async throws -> [SubmissionReport]
    /// How many submissions wait for each stage, and how many are set aside.
    func stateCounts() async throws -> [String: Int]
}

extension SubmissionStore {
    /// A stage of a run that has ended.
    public func recordStage(_ time: RunReport.StageTime, run: Int) async throws {
        try await recordStages([time], run: run)
    }

    /// The end of a run whose stages are recorded.
    public func finishRun(_ run: Int, finishedAt: Timestamp, exitCode: Int) async throws {
        try await finishRun(run, finishedAt: finishedAt, exitCode: exitCode, stages: [])
    }

    /// All findings of a submission in their order.
    public func forEachFinding(
        of submission: SubmissionID, _ body: @escaping @Sendable (Finding) throws -> Void
    ) async throws {
        try await forEachFinding(of: [submission]) { try body($1) }
    }

    /// All quarantined rows of a submission in their order.
    public func forEachQuarantinedRow(
        of submission: SubmissionID, _ body: @escaping @Sendable (QuarantinedRow) throws -> Void
    ) async throws {
        try await forEachQuarantinedRow(of: [submission]) { try body($1) }
    }

    /// The same for one plan.
    public func submission(equalTo plan: IntakePlan, ruleSetHash: String) async throws -> SubmissionID? {
        try await submissions(equalTo: [plan], ruleSetHash: ruleSetHash)[0]
    }

    /// What a submission changed; `nil` where there was none before it.
    public func difference(of submission: SubmissionID, sampleLimit: Int) async throws -> VersionDifference? {
        try await differences(of: [submission], sampleLimit: sampleLimit)[submission]
    }

    /// A new run of which nobody keeps what it judges by.
    public func beginRun(businessDate: CalendarDay, startedAt: Timestamp) async throws -> Int {
        try await beginRun(businessDate: businessDate, startedAt: startedAt, basis: nil)
    }

    /// Loads now.
    public func completeLoad(
        _ staged: [(submission: Submission, rows: any StagedRows)], run: Int
    ) async throws {
        try await completeLoad(staged, run: run, at: nil)
    }
}
