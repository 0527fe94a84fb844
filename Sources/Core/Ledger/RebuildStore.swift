/// What is asked of whatever keeps the data when it is made again from archive and ledger.
public protocol RebuildStore: SubmissionStore {
    /// The last entry the data has.
    func ledgerHead() async throws -> LedgerMark
    /// The line of an entry; `nil` where there is none with this number.
    func ledgerLine(_ number: Int) async throws -> String?
    /// Whether there is anything at all.
    func isEmpty() async throws -> Bool
    /// From now on the next transaction is this entry, done again: with its numbers, and checked against it.
    func repeatNext(_ entry: LedgerEntry, mark: LedgerMark, text: String)
    /// Whether the entry that was to be done again has been.
    var hasRepeated: Bool { get }
    /// Submissions by number, in the order asked for.
    func submissions(numbered ids: [SubmissionID]) async throws -> [Submission]
    /// Imports a library.
    func importLibrary(
        _ kind: LibraryKind, version: String, sha256: SHA256Digest, at time: Timestamp, publishing: Bool,
        importKind: LibraryImportKind, rows: @escaping @Sendable (_ each: (LibraryRow) throws -> Void) throws -> Void
    ) async throws -> LibraryVersion
    /// Puts a version in force.
    func publishLibrary(_ kind: LibraryKind, version: String, at time: Timestamp) async throws -> LibraryVersion
    /// Takes up a submission again that was set aside.
    func resume(_ submission: SubmissionID) async throws
    /// Decides what a drug is.
    func decide(
        item: Int, _ decision: MatchDecision, seen: Int, by name: String, at time: Timestamp
    ) async throws -> MatchItem
    /// Accepts many proposals together.
    func acceptMatches(
        _ acceptance: MatchAcceptance, by name: String, at time: Timestamp, dryRun: Bool
    ) async throws -> [MatchItem]
    /// Takes a decision back.
    func revoke(item: Int, reason: String, seen: Int, by name: String, at time: Timestamp) async throws -> MatchItem
    /// For drugs of a comparison file of an institution, whether each has to be compared.
    func undecided(among drugs: [KeyedDrug], hospitalCode: String, libraryVersion: String?) async throws -> [Bool]
    /// Keeps a comparison file as a task.
    func addMatchTask(
        source: String, hospitalCode: String?, libraryVersion: String?, drugs: [KeyedDrug],
        compared: [(drug: Int, proposal: MatchProposal)], by name: String, at time: Timestamp, file: SHA256Digest?
    ) async throws -> MatchTask
}
