import Core
import Synchronization

/// What was compared and waits to be written in one transaction, so that its numbers are those of the transaction.
///
/// The drugs of institutions that have no items yet are held here, encoded, and copied straight into the map. All others,
/// and what is more than a group's share of memory, wait in a table that only this connection sees.
final class StagedProposals: Sendable {
    /// Bytes that are held; a group of ordinary catalogues has less.
    static let memory = 16 << 20

    struct State: Sendable {
        var held = EncodedProposals()
        /// How many wait in the table.
        var inTable = 0
        /// By submission its institution, and whether that has items already.
        var institutions: [SubmissionID: (id: Int32, isNew: Bool)] = [:]
        /// Whose drugs are held: of an institution that sends two catalogues at once, those of the first.
        var owners: [Int32: SubmissionID] = [:]

        var count: Int { held.count + inTable }
    }

    private let state = Mutex(State())

    func take() -> State {
        state.withLock { state in
            defer { state = State() }
            return state
        }
    }

    func keep(_ new: State) { state.withLock { $0 = new } }
}

extension StagedProposals.State {
    /// Adds drugs; gives those that must wait in the table.
    mutating func add(_ compared: [(drug: SubmissionDrug, proposal: MatchProposal)]) throws -> EncodedProposals {
        var others = EncodedProposals()
        var number = count
        for result in compared {
            number += 1
            guard let (institution, isNew) = institutions[result.drug.submission] else {
                throw StoreError(problem: .noSuchSubmission(result.drug.submission))
            }
            let row = ProposalRow(institution: institution, drug: result.drug.drug, proposal: result.proposal)
            if isNew, owners[institution, default: result.drug.submission] == result.drug.submission,
                held.byteCount < StagedProposals.memory, row.drug.hasPlainCode
            {
                owners[institution] = result.drug.submission
                held.append(row, number: number)
            } else {
                others.append(row, number: number)
            }
        }
        inTable += others.count
        return others
    }
}

extension KeyedDrug {
    /// Whether no other bytes become this local code: broken characters and U+0000 are written in one way.
    var hasPlainCode: Bool {
        description.hospitalDrugCode.unicodeScalars.allSatisfy { $0 != "\0" && $0 != "\u{FFFD}" }
    }
}
