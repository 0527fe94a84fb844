/// A drug of a submission's catalogue.
public struct SubmissionDrug: Sendable, Hashable {
    /// The submission.
    public var submission: SubmissionID
    /// The drug.
    public var drug: KeyedDrug

    /// A drug of a submission.
    public init(submission: SubmissionID, drug: KeyedDrug) {
        self.submission = submission
        self.drug = drug
    }
}

/// What the store knows of a drug before it is compared.
public struct DrugStanding: Sendable, Hashable {
    /// Its item; `nil` where the institution never described the code so.
    public var item: Int?
    /// Whether nothing has to be compared: it was decided, or no newer library could decide it.
    public var isDecided: Bool
    /// Whether the institution has since described the code in another way, and now does so again.
    public var isPast: Bool

    /// What is known of a drug.
    public init(item: Int?, isDecided: Bool, isPast: Bool) {
        self.item = item
        self.isDecided = isDecided
        self.isPast = isPast
    }
}

/// The items of a submission's drugs.
public struct SubmissionItems: Sendable, Hashable {
    /// The submission.
    public var submission: SubmissionID
    /// One item for each distinct drug, in the order of the catalogue; −1 for the first that was staged, −2 for the second …
    public var items: [Int]
    /// Those that count again, because the hospital describes a code as it did before.
    public var returning: [Int]

    /// A submission without drugs.
    public init(submission: SubmissionID, items: [Int] = [], returning: [Int] = []) {
        self.submission = submission
        self.items = items
        self.returning = returning
    }
}

/// What the compare stage asks of whatever keeps the data.
public protocol ComparisonStore: Sendable {
    /// The version of the drug library in force; `nil` where none is published.
    func publishedDrugLibrary() async throws -> String?
    /// Drugs of a version in the order of their codes: up to so many behind a code, from the first for `nil`.
    func libraryDrugs(version: String, after ypid: String?, limit: Int) async throws -> [LibraryDrugRow]
    /// What a version prints of its drugs that are in use, in no order and some at a time.
    func forEachPrinted(version: String, _ body: @Sendable (PrintedDrugs) -> Void) async throws
    /// Which of some submissions are of institutions that have no items yet: nothing is known of any drug of theirs.
    func withoutItems(_ submissions: [SubmissionID]) async throws -> Set<SubmissionID>
    /// What is known of each drug. One query, however many there are.
    func standings(of drugs: [SubmissionDrug], libraryVersion: String?) async throws -> [DrugStanding]
    /// Holds what drugs came to until the group is complete; nothing is kept yet.
    /// - Parameters:
    ///   - staged: how many of the group were held before; 0 begins anew.
    ///   - remembering: whether the same words may come again later.
    func stage(
        _ compared: [(drug: SubmissionDrug, proposal: MatchProposal)], after staged: Int, remembering: Bool
    ) async throws
    /// Keeps what was staged, notes which drugs the submissions have, and passes them to precheck. One transaction.
    func completeCompare(
        _ group: [SubmissionItems], staged: Int, libraryVersion: String?, at time: Timestamp, run: Int) async throws
    /// What the comparison says of all drugs of some submissions. One query for all of them.
    func matchedDrugs(of submissions: [SubmissionID]) async throws -> MatchedDrugs
}
