import Core
import Postgres

/// A proposal for a drug of an institution, or of a file that stands alone.
struct ProposalRow: Sendable {
    var institution: Int32
    var drug: KeyedDrug
    /// The row of `yaoce.drug_description`.
    var description: Int64
    var proposal: MatchProposal
}

/// Drugs and what they came to, in the form in which `COPY` takes them: encoded once, without a connection, so that it
/// costs the connection nothing but sending. What many drugs share is there once.
struct EncodedProposals: Sendable {
    private struct Row: Sendable {
        var description: Int64
        var number: Int32
        /// Among the drugs of new institutions; -1 for all others.
        var place: Int32
        var institution: Int32
        var answer: Int32
        var end: UInt32
    }

    /// What an answer says beside the code.
    private struct Answer: Sendable {
        var isDecided: Bool
        var end: Int
    }

    private struct AnswerKey: Hashable, Sendable {
        var state: MatchState
        var grounds: ArraySlice<UInt8>
    }

    private var rows: [Row] = []
    /// Local code, hash and the code decided on of every row, one behind the other.
    private var drugs: [UInt8] = []
    /// State, method, level, score, reason, decider and grade of every answer, one behind the other; there are few.
    private var answers: [Answer] = []
    private var fields: [UInt8] = []
    private var known: [AnswerKey: Int32] = [:]

    /// No drugs.
    /// - Parameter capacity: how many are expected.
    init(capacity: Int = 0) {
        rows.reserveCapacity(capacity)
        drugs.reserveCapacity(capacity * 72)
    }

    var count: Int { rows.count }
    /// What it takes of memory, roughly.
    var byteCount: Int {
        max(drugs.capacity, drugs.count) + rows.count * MemoryLayout<Row>.stride + answers.count * 256
    }

    /// Adds a drug.
    /// - Parameters:
    ///   - number: its place among all that were staged, from 1.
    ///   - place: its place among those of institutions that have no items yet.
    mutating func append(_ row: ProposalRow, number: Int, place: Int? = nil) {
        EncodedFields.append(row.drug.code, to: &drugs)
        EncodedFields.append(row.drug.hash, to: &drugs)
        EncodedFields.append(row.proposal.ypid, to: &drugs)
        rows.append(
            Row(
                description: row.description, number: Int32(number), place: place.map { Int32($0) } ?? -1,
                institution: row.institution, answer: answer(row.proposal), end: UInt32(drugs.count)))
    }

    private mutating func answer(_ proposal: MatchProposal) -> Int32 {
        let key = AnswerKey(state: proposal.state, grounds: proposal.groundsKey)
        if let place = known[key] { return place }
        let isDecided = [.approved, .ignored, .noMatch].contains(proposal.state)
        EncodedFields.append(proposal.state.rawValue, to: &fields)
        EncodedFields.append(proposal.method, to: &fields)
        EncodedFields.append(proposal.level, to: &fields)
        EncodedFields.append(proposal.score.map { Int16(clamping: $0) }, to: &fields)
        EncodedFields.append(proposal.reason, to: &fields)
        EncodedFields.append(isDecided ? "auto" : nil, to: &fields)
        EncodedFields.append(proposal.state == .approved ? "equal" : nil, to: &fields)
        let place = Int32(answers.count)
        answers.append(Answer(isDecided: isDecided, end: fields.count))
        // Of its own, so that no answer is kept for its key.
        known[AnswerKey(state: key.state, grounds: Array(key.grounds)[...])] = place
        return place
    }

    private static let answerColumns = ["state", "method", "level", "score", "reason", "decided_by", "equivalence"]

    /// Copies rows straight into the map; an item's number is `first` and its place.
    static func insert(
        _ lists: [EncodedProposals], first: Int, libraryVersion: String?, at time: Timestamp,
        _ connection: isolated Connection
    ) throws {
        let columns =
            ["institution_id", "hospital_drug_code", "description_hash", "ypid"] + answerColumns + [
                "id", "description_id", "library_version", "valid_from", "decided_at",
            ]
        var open: [UInt8] = []
        EncodedFields.append(libraryVersion, to: &open)
        EncodedFields.append(time, to: &open)
        var decided = open
        EncodedFields.append(time, to: &decided)
        EncodedFields.append(nil as String?, to: &open)
        let count = lists.reduce(0) { $0 + $1.count }
        let taken = try connection.copyIn(into: "yaoce.drug_code_map", columns: columns) { writer in
            for list in lists {
                try list.forEach { place, row, drug, answer, isDecided in
                    writer.beginRow(fields: Int16(columns.count))
                    writer.append(row.institution)
                    writer.append(encodedFields: drug)
                    writer.append(encodedFields: answer)
                    writer.append(Int64(first + (row.place < 0 ? place : Int(row.place))))
                    writer.append(row.description)
                    if isDecided {
                        writer.append(encodedFields: decided.span)
                    } else {
                        writer.append(encodedFields: open.span)
                    }
                }
            }
        }
        guard taken == count else {
            throw StoreError(problem: .copyMismatch(table: "drug_code_map", sent: count, taken: taken))
        }
    }

    /// Copies the rows into the table of what is staged.
    func stage(_ connection: isolated Connection) throws {
        let names = ["n", "place", "institution_id", "code", "hash", "ypid"] + Self.answerColumns + ["description_id"]
        try connection.copyIn(into: "pg_temp.yaoce_proposal", columns: names) { writer in
            try forEach { _, row, drug, answer, _ in
                writer.beginRow(fields: Int16(names.count))
                writer.append(Int64(row.number))
                writer.append(row.place < 0 ? nil : row.place)
                writer.append(row.institution)
                writer.append(encodedFields: drug)
                writer.append(encodedFields: answer)
                writer.append(row.description)
            }
        }
    }

    private func forEach(
        _ body: (_ place: Int, _ row: Row, _ drug: Span<UInt8>, _ answer: Span<UInt8>, _ isDecided: Bool) throws ->
            Void
    ) throws {
        let bytes = drugs.span
        let fields = fields.span
        var start = 0
        for (place, row) in rows.enumerated() {
            let answer = Int(row.answer)
            let begin = answer == 0 ? 0 : answers[answer - 1].end
            try body(
                place, row, bytes.extracting(start..<Int(row.end)), fields.extracting(begin..<answers[answer].end),
                answers[answer].isDecided)
            start = Int(row.end)
        }
    }
}
