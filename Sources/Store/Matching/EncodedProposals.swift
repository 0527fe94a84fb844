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
        var end: Int
    }

    private struct Answer: Sendable {
        var fingerprint: Int
        var state: MatchState
        var end: Int
    }

    private var rows: [Row] = []
    /// Local code and hash of every row, one behind the other.
    private var drugs: [UInt8] = []
    /// State, code, method, level, score, reason, decider and grade of every answer, one behind the other.
    private var answers: [Answer] = []
    private var fields: [UInt8] = []
    /// Where what the last drug of a description came to stands.
    private var known: [Fingerprint: Int32] = [:]

    var count: Int { rows.count }
    /// What it takes of memory, roughly.
    var byteCount: Int {
        drugs.count + rows.count * MemoryLayout<Row>.stride + fields.count
            + answers.count * (MemoryLayout<Answer>.stride + 40)
    }

    /// Adds a drug.
    /// - Parameters:
    ///   - number: its place among all that were staged, from 1.
    ///   - place: its place among those of institutions that have no items yet.
    mutating func append(_ row: ProposalRow, number: Int, place: Int? = nil) {
        EncodedFields.append(row.drug.code, to: &drugs)
        EncodedFields.append(row.drug.hash, to: &drugs)
        rows.append(
            Row(
                description: row.description, number: Int32(number), place: place.map { Int32($0) } ?? -1,
                institution: row.institution, answer: answer(row.proposal, row.drug.hash), end: drugs.count))
    }

    private mutating func answer(_ proposal: MatchProposal, _ hash: Fingerprint) -> Int32 {
        if let place = known[hash], answers[Int(place)].fingerprint == proposal.fingerprint { return place }
        let isDecided = [.approved, .ignored, .noMatch].contains(proposal.state)
        EncodedFields.append(proposal.state.rawValue, to: &fields)
        EncodedFields.append(proposal.ypid, to: &fields)
        EncodedFields.append(proposal.method, to: &fields)
        EncodedFields.append(proposal.level, to: &fields)
        EncodedFields.append(proposal.score.map { Int16(clamping: $0) }, to: &fields)
        EncodedFields.append(proposal.reason, to: &fields)
        EncodedFields.append(isDecided ? "auto" : nil, to: &fields)
        EncodedFields.append(proposal.state == .approved ? "equal" : nil, to: &fields)
        let place = Int32(answers.count)
        answers.append(Answer(fingerprint: proposal.fingerprint, state: proposal.state, end: fields.count))
        known[hash] = place
        return place
    }

    private static let answerColumns = [
        "state", "ypid", "method", "level", "score", "reason", "decided_by", "equivalence",
    ]

    /// Copies the rows straight into the map; an item's number is `first` and its place.
    func insert(
        first: Int, libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        let columns =
            ["institution_id", "hospital_drug_code", "description_hash"] + Self.answerColumns + [
                "id", "description_id", "library_version", "valid_from", "decided_at",
            ]
        var open: [UInt8] = []
        EncodedFields.append(libraryVersion, to: &open)
        EncodedFields.append(time, to: &open)
        var decided = open
        EncodedFields.append(time, to: &decided)
        EncodedFields.append(nil as String?, to: &open)
        let taken = try connection.copyIn(into: "yaoce.drug_code_map", columns: columns) { writer in
            try forEach { place, row, drug, answer, state in
                writer.beginRow(fields: Int16(columns.count))
                writer.append(row.institution)
                writer.append(encodedFields: drug)
                writer.append(encodedFields: answer)
                writer.append(Int64(first + (row.place < 0 ? place : Int(row.place))))
                writer.append(row.description)
                if [.approved, .ignored, .noMatch].contains(state) {
                    writer.append(encodedFields: decided.span)
                } else {
                    writer.append(encodedFields: open.span)
                }
            }
        }
        guard taken == count else {
            throw StoreError(problem: .copyMismatch(table: "drug_code_map", sent: count, taken: taken))
        }
    }

    /// Copies the rows into the table of what is staged.
    func stage(_ connection: isolated Connection) throws {
        let names = ["n", "place", "institution_id", "code", "hash"] + Self.answerColumns + ["description_id"]
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
        _ body: (_ place: Int, _ row: Row, _ drug: Span<UInt8>, _ answer: Span<UInt8>, _ state: MatchState) throws ->
            Void
    ) throws {
        let bytes = drugs.span
        let fields = fields.span
        var start = 0
        for (place, row) in rows.enumerated() {
            let answer = Int(row.answer)
            let begin = answer == 0 ? 0 : answers[answer - 1].end
            try body(
                place, row, bytes.extracting(start..<row.end), fields.extracting(begin..<answers[answer].end),
                answers[answer].state)
            start = row.end
        }
    }
}
