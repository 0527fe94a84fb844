import Core
import Postgres

/// Drugs and what they came to, in the form in which `COPY` takes them: encoded once, without a connection, so that it
/// costs the connection nothing but sending. What many drugs share is there once.
struct EncodedProposals: Sendable {
    private struct Row: Sendable {
        var number: Int32
        var institution: Int32
        var proposal: Int32
        var end: Int
    }

    private struct Proposal: Sendable {
        var proposal: MatchProposal
        var fields: [UInt8]
    }

    private var rows: [Row] = []
    /// Local code, hash and description of every row, one behind the other.
    private var drugs: [UInt8] = []
    /// State, code, method, level, score, reason, candidates and evidence of every proposal.
    private var proposals: [Proposal] = []
    /// Where what the last drug of a description came to stands.
    private var known: [Fingerprint: Int32] = [:]

    var count: Int { rows.count }
    var byteCount: Int { drugs.count + rows.count * MemoryLayout<Row>.stride }

    /// Adds a drug; its number is its place among all that were staged, from 1.
    mutating func append(_ row: ProposalRow, number: Int) {
        EncodedFields.append(row.drug.description.hospitalDrugCode, to: &drugs)
        EncodedFields.append(row.drug.hash, to: &drugs)
        EncodedFields.append(to: &drugs) { bytes in
            bytes.append(1)
            JSONText.append(row.drug.description, to: &bytes)
        }
        rows.append(
            Row(
                number: Int32(number), institution: row.institution, proposal: place(of: row.proposal, row.drug.hash),
                end: drugs.count))
    }

    private mutating func place(of proposal: MatchProposal, _ hash: Fingerprint) -> Int32 {
        if let place = known[hash], proposals[Int(place)].proposal == proposal { return place }
        var fields: [UInt8] = []
        EncodedFields.append(proposal.state.rawValue, to: &fields)
        EncodedFields.append(proposal.ypid, to: &fields)
        EncodedFields.append(proposal.method, to: &fields)
        EncodedFields.append(proposal.level, to: &fields)
        EncodedFields.append(proposal.score.map { Int16(clamping: $0) }, to: &fields)
        EncodedFields.append(proposal.reason, to: &fields)
        EncodedFields.append(to: &fields) { bytes in
            bytes.append(1)
            JSONText.append(proposal.candidates, to: &bytes)
        }
        EncodedFields.append(to: &fields) { bytes in
            bytes.append(1)
            JSONText.append(proposal.evidence, to: &bytes)
        }
        let place = Int32(proposals.count)
        proposals.append(Proposal(proposal: proposal, fields: fields))
        known[hash] = place
        return place
    }

    private static let columns = [
        "institution_id", "hospital_drug_code", "description_hash", "description", "state", "ypid", "method", "level",
        "score", "reason", "candidates", "evidence",
    ]

    /// Copies the rows straight into the map; `first` is the item of the first of them.
    func insert(
        first: Int, libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        let more = ["id", "library_version", "decided_by", "decided_at", "valid_from", "equivalence"]
        var version: [UInt8] = []
        EncodedFields.append(libraryVersion, to: &version)
        let taken = try connection.copyIn(into: "yaoce.drug_code_map", columns: Self.columns + more) { writer in
            try forEach { place, row, drug, proposal in
                writer.beginRow(fields: 18)
                writer.append(row.institution)
                writer.append(encodedFields: drug)
                writer.append(encodedFields: proposal.fields.span)
                writer.append(Int64(first + place))
                writer.append(encodedFields: version.span)
                let state = proposal.proposal.state
                let isDecided = [.approved, .ignored, .noMatch].contains(state)
                writer.append(isDecided ? "auto" : nil)
                if isDecided { writer.appendEncoded(time) } else { writer.appendNull() }
                writer.appendEncoded(time)
                writer.append(state == .approved ? "equal" : nil)
            }
        }
        guard taken == count else {
            throw StoreError(problem: .copyMismatch(table: "drug_code_map", sent: count, taken: taken))
        }
    }

    /// Copies the rows into the table of what is staged.
    func stage(_ connection: isolated Connection) throws {
        let names = ["n", "institution_id", "code", "hash"] + Self.columns.dropFirst(3)
        try connection.copyIn(into: "pg_temp.yaoce_proposal", columns: names) { writer in
            try forEach { _, row, drug, proposal in
                writer.beginRow(fields: Int16(names.count))
                writer.append(Int64(row.number))
                writer.append(row.institution)
                writer.append(encodedFields: drug)
                writer.append(encodedFields: proposal.fields.span)
            }
        }
    }

    private func forEach(
        _ body: (_ place: Int, _ row: Row, _ drug: Span<UInt8>, _ proposal: Proposal) throws -> Void
    ) throws {
        let bytes = drugs.span
        var start = 0
        for (place, row) in rows.enumerated() {
            try body(place, row, bytes.extracting(start..<row.end), proposals[Int(row.proposal)])
            start = row.end
        }
    }

    /// The numbers of the rows, in their order.
    var numbers: [Int] { rows.map { Int($0.number) } }
}

/// Fields of a binary `COPY`, each with its length in front.
private enum EncodedFields {
    /// A field whose length is known when it is there.
    static func append(to bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        let start = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0])
        body(&bytes)
        let length = UInt32(bytes.count - start - 4)
        for place in 0..<4 { bytes[start + place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(place))) }
    }

    static func append(_ value: (some SQLValue)?, to bytes: inout [UInt8]) {
        guard let value else {
            bytes.append(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF])
            return
        }
        append(to: &bytes) { value.encode(into: &$0) }
    }
}
