/// Everything the province's page about one run says.
public struct RunReport: Sendable, Hashable {
    /// One stage of the run.
    public struct StageTime: Sendable, Hashable, Codable {
        /// Which.
        public var stage: Stage
        /// When it began.
        public var startedAt: Timestamp
        /// How long it took.
        public var seconds: Double
        /// How many submissions it handled.
        public var items: Int

        /// A stage.
        public init(stage: Stage, startedAt: Timestamp, seconds: Double, items: Int) {
            self.stage = stage
            self.startedAt = startedAt
            self.seconds = seconds
            self.items = items
        }
    }

    /// An institution that is expected and has no accepted submission.
    public struct Missing: Sendable, Hashable, Codable {
        /// Its code.
        public var hospitalCode: String
        /// Its name.
        public var name: String
        /// For which period.
        public var period: Period
        /// Whether something came and was returned.
        public var wasReturned: Bool

        /// A missing institution.
        public init(hospitalCode: String, name: String, period: Period, wasReturned: Bool) {
            self.hospitalCode = hospitalCode
            self.name = name
            self.period = period
            self.wasReturned = wasReturned
        }
    }

    /// The number of the run.
    public var runID: Int
    /// When it began.
    public var startedAt: Timestamp
    /// When it ended.
    public var finishedAt: Timestamp?
    /// The day that dates are judged by.
    public var businessDate: CalendarDay
    /// 0, 1 …
    public var exitCode: Int?
    /// The stages that ran, in order.
    public var stages: [StageTime]
    /// The submissions this run took a step further, by number.
    public var submissions: [SubmissionReport]
    /// What the receive stage saw and did not take as a new submission.
    public var sightings: [IntakeSighting]
    /// Who is missing, by code; empty where there is no institution library.
    public var missing: [Missing]
    /// How many institutions are expected; `nil` where there is no institution library.
    public var expectedInstitutions: Int?
    /// Submissions set aside or failed in this run.
    public var failures: [StageFailure]
    /// Rules that this run left out, because their files have mistakes.
    public var rulesLeftOut: [LeftOutRule] = []

    /// A report.
    public init(
        runID: Int, startedAt: Timestamp, finishedAt: Timestamp?, businessDate: CalendarDay, exitCode: Int?,
        stages: [StageTime], submissions: [SubmissionReport], sightings: [IntakeSighting], missing: [Missing],
        expectedInstitutions: Int?, failures: [StageFailure]
    ) {
        self.runID = runID
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.businessDate = businessDate
        self.exitCode = exitCode
        self.stages = stages
        self.submissions = submissions
        self.sightings = sightings
        self.missing = missing
        self.expectedInstitutions = expectedInstitutions
        self.failures = failures
    }

    /// Findings of all submissions by rule, heaviest first, then by rule.
    public var findingCounts: [RuleCount] {
        var totals: [RuleCount: Int] = [:]
        for count in submissions.flatMap(\.findingCounts) {
            totals[RuleCount(rule: count.rule, severity: count.severity, count: 0), default: 0] += count.count
        }
        return totals.map { RuleCount(rule: $0.rule, severity: $0.severity, count: $1) }
            .sorted { ($0.severity.rank, $0.rule) < ($1.severity.rank, $1.rule) }
    }
}
