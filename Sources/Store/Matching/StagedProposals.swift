import Core
import Synchronization

/// What was compared and waits to be written in one transaction, so that its numbers are those of the transaction.
///
/// The drugs of institutions that have no items yet are held here, encoded, and copied straight into the map. All others,
/// and what is more than a group's share of memory, wait in a table that only this connection sees.
final class StagedProposals: Sendable {
    /// Bytes that are held: a group of ordinary catalogues has a tenth, half a million drugs of one have less.
    static let memory = 64 << 20

    /// Drugs whose descriptions are being written.
    struct Pending: Sendable {
        var compared: [(drug: SubmissionDrug, proposal: MatchProposal)]
        /// Bytes that may be held.
        var memory: Int
        /// The row of each. One that nobody waits for any more leaves rows that nothing names.
        var descriptions: Task<[Int64], any Error>
    }

    struct State: Sendable {
        /// A list for each time drugs were added, so that none has to grow.
        var held: [EncodedProposals] = []
        var heldBytes = 0
        /// How many wait in the table, and how many of those are of new institutions.
        var inTable = 0
        var newInTable = 0
        /// The numbers of the drugs of new institutions, held or in the table, by their place among them.
        var newNumbers: [Int32] = []
        /// By submission its institution, and whether that has items already.
        var institutions: [SubmissionID: (id: Int32, isNew: Bool)] = [:]
        /// Whose drugs are new: of an institution that sends two catalogues at once, those of the first.
        var owners: [Int32: SubmissionID] = [:]
        /// Counted when it is held.
        var pending: Pending?

        var heldCount: Int { held.reduce(0) { $0 + $1.count } }
        var count: Int { heldCount + inTable }
    }

    /// Which descriptions the database has, whichever session wrote them.
    private final class SharedBook: Sendable {
        let book = Mutex(DescriptionBook())
    }

    private let state = Mutex(State())
    private let shared: SharedBook

    /// Nothing that waits.
    /// - Parameter other: what knows the same descriptions.
    init(sharing other: StagedProposals? = nil) { shared = other?.shared ?? SharedBook() }

    func take() -> State {
        state.withLock { state in
            defer { state = State() }
            return state
        }
    }

    func keep(_ new: State) { state.withLock { $0 = new } }

    func reading<Value>(_ body: (inout DescriptionBook) throws -> Value) rethrows -> Value {
        try shared.book.withLock { try body(&$0) }
    }
}

extension StagedProposals.State {
    /// Adds drugs; gives those that must wait in the table.
    /// - Parameters:
    ///   - descriptions: the row of `yaoce.drug_description` of each drug.
    ///   - memory: bytes that may be held.
    mutating func add(
        _ compared: [(drug: SubmissionDrug, proposal: MatchProposal)], descriptions: [Int64], memory: Int
    ) throws -> EncodedProposals {
        var others = EncodedProposals()
        var more = EncodedProposals(capacity: compared.count)
        var number = count
        for (result, description) in zip(compared, descriptions) {
            number += 1
            guard let (institution, isNew) = institutions[result.drug.submission] else {
                throw StoreError(problem: .noSuchSubmission(result.drug.submission))
            }
            let row = ProposalRow(
                institution: institution, drug: result.drug.drug, description: description, proposal: result.proposal)
            guard isNew, owners[institution, default: result.drug.submission] == result.drug.submission,
                row.drug.hasPlainCode
            else {
                others.append(row, number: number)
                continue
            }
            owners[institution] = result.drug.submission
            let place = newNumbers.count
            newNumbers.append(Int32(number))
            if heldBytes + more.byteCount < memory {
                more.append(row, number: number, place: place)
            } else {
                others.append(row, number: number, place: place)
                newInTable += 1
            }
        }
        inTable += others.count
        if more.count > 0 { held.append(more) }
        heldBytes += more.byteCount
        return others
    }
}

extension KeyedDrug {
    /// Whether no other bytes become this local code: broken characters and U+0000 are written in one way.
    var hasPlainCode: Bool {
        code.utf8.allSatisfy { (1..<0x80).contains($0) }
            || code.unicodeScalars.allSatisfy { $0 != "\0" && $0 != "\u{FFFD}" }
    }
}
