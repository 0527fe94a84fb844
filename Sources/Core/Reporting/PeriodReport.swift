/// How a period stands as a whole.
public struct PeriodReport: Sendable, Hashable {
    /// What is said about the period, or about one of its institutions, cities or classes of drugs.
    public struct Entry: Sendable, Hashable {
        /// The rule that speaks.
        public var rule: RuleID
        /// How much it weighs.
        public var severity: Severity
        /// An institution, a city, a class of drugs, a table.
        public var subject: String
        /// What is to be said.
        public var message: Phrase

        /// An entry.
        public init(rule: RuleID, severity: Severity, subject: String, message: Phrase) {
            self.rule = rule
            self.severity = severity
            self.subject = subject
            self.message = message
        }
    }

    /// The period.
    public var period: Period
    /// Submissions in force whose rows are loaded.
    public var submissions: Int
    /// Submissions that are not at their end: they wait, were set aside, or must be returned.
    public var open: Int
    /// The newest version of its benchmark; `nil` where there is none.
    public var benchmarkVersion: String?
    /// When it was made final; `nil` where it is open.
    public var finalisedAt: Timestamp?
    /// Who did it.
    public var finalisedBy: String?
    /// What its rules found, heaviest first.
    public var entries: [Entry]

    /// A report.
    public init(
        period: Period, submissions: Int, open: Int, benchmarkVersion: String?, finalisedAt: Timestamp?,
        finalisedBy: String?, entries: [Entry]
    ) {
        self.period = period
        self.submissions = submissions
        self.open = open
        self.benchmarkVersion = benchmarkVersion
        self.finalisedAt = finalisedAt
        self.finalisedBy = finalisedBy
        self.entries = entries
    }
}
