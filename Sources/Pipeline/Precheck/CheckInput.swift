public import Core
public import Rules

/// A submission as the checks see it: whose it is, of when, and where its files lie.
public struct CheckInput: Sendable {
    /// A loose file or a package.
    public struct File: Sendable {
        /// Its name relative to the submission's folder.
        public var name: String
        /// Where its bytes lie.
        public var path: String
        /// The SHA-256 of its bytes; `nil` where it is not known: whoever needs it reads the file.
        public var sha256: SHA256Digest?
        /// How many bytes.
        public var size: Int

        /// A file.
        public init(name: String, path: String, sha256: SHA256Digest?, size: Int) {
            self.name = name
            self.path = path
            self.sha256 = sha256
            self.size = size
        }
    }

    /// The sender.
    public var hospitalCode: String
    /// What it reports on.
    public var period: Period
    /// Its files.
    public var files: [File]
    /// What the comparison stage decided on its drugs; `nil` where nothing was compared.
    public var matches: DrugMatches?
    /// What the database knows of it; `nil` where there is no database.
    public var history: SubmissionHistory?

    /// An input.
    public init(hospitalCode: String, period: Period, files: [File], history: SubmissionHistory? = nil) {
        self.history = history
        self.hospitalCode = hospitalCode
        self.period = period
        self.files = files
    }
}

/// What the checks need besides the submission: the same for all submissions of a run.
public struct CheckEnvironment: Sendable {
    /// The rules.
    public var rules: RuleBook
    /// The day of the run.
    public var businessDate: CalendarDay
    /// The published institution library; `nil` where there is none.
    public var institutions: [String: InstitutionEntry]?
    /// The published division library; `nil` where there is none.
    public var divisions: Set<String>?
    /// The published drug library; `nil` where there is none.
    public var drugs: DrugLibrary?

    /// An environment.
    public init(
        rules: RuleBook, businessDate: CalendarDay, institutions: [String: InstitutionEntry]?,
        divisions: Set<String>?, drugs: DrugLibrary? = nil
    ) {
        self.rules = rules
        self.businessDate = businessDate
        self.institutions = institutions
        self.divisions = divisions
        self.drugs = drugs
    }
}

/// What the checks found in one submission.
public struct CheckOutcome: Sendable {
    /// Its data files.
    public var files: [FileOutcome]
    /// Passed, with warnings, in part, or returned.
    public var verdict: Verdict
    /// How many findings of each severity.
    public var findingCounts: [Severity: Int]
    /// What each rule looked at, and what it could not judge.
    public var tally: RuleTally
    /// What became of every rule before the load, one for each.
    public var results: [RuleResult]
    /// Findings and rows, outside memory.
    public var staged: any StagedRows
}
