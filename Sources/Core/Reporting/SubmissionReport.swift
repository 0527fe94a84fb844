/// Everything a receipt says about a submission, but for the list of findings, which may be long and is streamed.
public struct SubmissionReport: Sendable, Hashable {
    /// The submission.
    public var submission: Submission
    /// The sender's name in the library, where it is known.
    public var hospitalName: String?
    /// Passed, with warnings, in part, returned; `nil` while it has not been judged.
    public var verdict: Verdict?
    /// The grade after post-load checks; `nil` where none were made.
    public var grade: Grade?
    /// Whether its rows are the ones in force for its institution and period.
    public var isCurrent: Bool
    /// When it was taken out again.
    public var withdrawnAt: Timestamp?
    /// Why it was set aside for technical reasons.
    public var setAsideReason: String?
    /// Its data files.
    public var files: [FileOutcome]
    /// Findings by rule, heaviest first.
    public var findingCounts: [RuleCount]
    /// Times the same bytes came again after the submission was taken.
    public var repeats: [RepeatedIntake]
    /// Rules that were left out when it was judged, because their files have mistakes.
    public var rulesLeftOut: [String] = []

    /// A report.
    public init(
        submission: Submission, hospitalName: String?, verdict: Verdict?, grade: Grade?, isCurrent: Bool,
        withdrawnAt: Timestamp? = nil, setAsideReason: String? = nil, files: [FileOutcome],
        findingCounts: [RuleCount], repeats: [RepeatedIntake] = []
    ) {
        self.submission = submission
        self.hospitalName = hospitalName
        self.verdict = verdict
        self.grade = grade
        self.isCurrent = isCurrent
        self.withdrawnAt = withdrawnAt
        self.setAsideReason = setAsideReason
        self.files = files
        self.findingCounts = findingCounts
        self.repeats = repeats
    }
}

/// How often a rule spoke.
public struct RuleCount: Sendable, Hashable, Codable {
    /// The rule.
    public var rule: RuleID
    /// The weight it had.
    public var severity: Severity
    /// How many findings.
    public var count: Int

    /// A count.
    public init(rule: RuleID, severity: Severity, count: Int) {
        self.rule = rule
        self.severity = severity
        self.count = count
    }
}

/// The same bytes, seen once more.
public struct RepeatedIntake: Sendable, Hashable, Codable {
    /// Its path below the inbox.
    public var sourceName: String
    /// When.
    public var seenAt: Timestamp

    /// A repeat.
    public init(sourceName: String, seenAt: Timestamp) {
        self.sourceName = sourceName
        self.seenAt = seenAt
    }
}
