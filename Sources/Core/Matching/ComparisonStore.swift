/// The distinct drugs of a submission's catalogue.
public struct SubmissionDrugs: Sendable {
    /// The submission.
    public var submission: SubmissionID
    /// Its drugs, one for each local code.
    public var drugs: [KeyedDrug]

    /// The drugs of a submission.
    public init(submission: SubmissionID, drugs: [KeyedDrug]) {
        self.submission = submission
        self.drugs = drugs
    }
}

/// A drug that has to be compared: the first of those that are described alike in a group.
public struct ComparedDrug: Sendable {
    /// The position of its submission in the group.
    public var submission: Int
    /// Its position in the submission.
    public var drug: Int
    /// What it came to.
    public var proposal: MatchProposal

    /// A compared drug.
    public init(submission: Int, drug: Int, proposal: MatchProposal) {
        self.submission = submission
        self.drug = drug
        self.proposal = proposal
    }
}

/// What the compare stage asks of whatever keeps the data.
public protocol ComparisonStore: Sendable {
    /// The version of the drug library in force; `nil` where none is published.
    func publishedDrugLibrary() async throws -> String?
    /// All drugs of a version, by column name of the contract; blank values are absent. In the order of their codes.
    func forEachLibraryDrug(
        version: String, _ body: @escaping @Sendable ([String: String]) throws -> Void) async throws
    /// For every drug of every submission, whether it has to be compared: nothing was decided on it, or only that an
    /// older library had no certain answer. One query, however many drugs there are.
    func undecided(among group: [SubmissionDrugs], libraryVersion: String?) async throws -> [[Bool]]
    /// Keeps what was compared, notes which drugs the submissions have, and passes the submissions to precheck.
    func completeCompare(
        _ group: [SubmissionDrugs], compared: [ComparedDrug], libraryVersion: String?, at time: Timestamp, run: Int
    ) async throws
}
