import Core
import Postgres

/// What drugs are said to be, and what that came to: a row of `yaoce.drug_description` for each, however many have it.
///
/// A book knows rows that are committed. Rows are never changed, nothing but items names them, and two rows with the same
/// words do no harm, so a book may forget, and several processes need not know of one another.
struct DescriptionBook: Sendable {
    fileprivate struct Key: Hashable, Sendable {
        var text: Fingerprint
        var answer: Int
    }

    /// Rows that the database may not have.
    struct Missing: Sendable {
        fileprivate var keys: [Key] = []
        /// Where the fields of each row end, and which evidence it has.
        fileprivate var rows: [(end: Int, evidence: Int32)] = []
        /// The fields of the rows, but for number and evidence.
        fileprivate var fields: [UInt8] = []
        /// Different evidence, as JSON.
        fileprivate var evidence: [String] = []
        fileprivate var evidenceNumbers: [[UInt8]: Int32] = [:]
        /// The same by its key, so that it is worded once, and that of the drug before.
        fileprivate var evidenceKeys: [ArraySlice<UInt8>: Int32] = [:]
        fileprivate var last: (key: ArraySlice<UInt8>, number: Int32) = ([], -1)

        var isEmpty: Bool { keys.isEmpty }
    }

    private var known = Remembered<Key, Int64>(limit: 100_000)

    /// For each drug the number of its row; below zero where it is missing, -1 for the first of those.
    mutating func numbers(
        of drugs: some Sequence<(wording: DrugWording, proposal: MatchProposal)>
    ) -> (numbers: [Int64], missing: Missing) {
        var missing = Missing()
        var new: [Key: Int64] = [:]
        let numbers = drugs.map { drug in
            let key = Key(text: drug.wording.text, answer: drug.proposal.fingerprint)
            if let number = known.value(for: key) ?? new[key] { return number }
            missing.append(drug.wording, drug.proposal, key)
            let number = -Int64(missing.keys.count)
            new[key] = number
            return number
        }
        return (numbers, missing)
    }

    /// Takes note of rows that were committed.
    mutating func learn(_ missing: Missing, first: Int64) {
        for (place, key) in missing.keys.enumerated() { known.insert(first + Int64(place), for: key) }
    }

    /// Forgets everything.
    mutating func forget() { known.removeAll() }

    /// The numbers of all drugs, when the missing rows begin with `first`.
    static func resolved(_ numbers: [Int64], first: Int64) -> [Int64] {
        numbers.map { $0 < 0 ? first - 1 - $0 : $0 }
    }
}

extension DescriptionBook.Missing {
    fileprivate mutating func append(_ wording: DrugWording, _ proposal: MatchProposal, _ key: DescriptionBook.Key) {
        for text in wording.description.texts { EncodedFields.append(text, to: &fields) }
        let single = proposal.onlyCandidate
        let score = single.flatMap { Int16(exactly: $0.score) }
        EncodedFields.append(score, to: &fields)
        EncodedFields.append(score == nil ? nil : single?.ypid, to: &fields)
        if score != nil || !proposal.hasCandidates {
            EncodedFields.append(nil as String?, to: &fields)
        } else {
            EncodedFields.append(to: &fields) { bytes in
                bytes.append(1)
                JSONText.append(proposal.candidates, to: &bytes)
            }
        }
        keys.append(key)
        rows.append((fields.count, number(of: proposal)))
    }

    private mutating func number(of proposal: MatchProposal) -> Int32 {
        let key = proposal.evidenceKey
        if last.number >= 0, last.key == key { return last.number }
        if let number = evidenceKeys[key] {
            last = (key, number)
            return number
        }
        var json: [UInt8] = []
        JSONText.append(proposal.evidence, to: &json)
        let number = evidenceNumbers[json] ?? Int32(evidence.count)
        if Int(number) == evidence.count {
            evidenceNumbers[json] = number
            evidence.append(String(decoding: json, as: UTF8.self))
        }
        // Of its own, so that no answer is kept for its key.
        evidenceKeys[Array(key)[...]] = number
        return number
    }

    /// `yaoc`, `desc`: whoever adds descriptions does it alone.
    private static let lock: Int64 = 0x79_616F_6365_0004

    /// Adds the rows inside a transaction; gives the number of the first, which the others follow.
    func write(_ connection: isolated Connection) throws -> Int64 {
        guard !isEmpty else { return 0 }
        try connection.advisoryTransactionLock(Self.lock)
        let evidence = try writeEvidence(connection)
        let last: Int64 = try connection.query("SELECT coalesce(max(id), 0) FROM yaoce.drug_description").single()
        let columns = DrugDescription.textNames + ["candidate_score", "candidate", "candidates", "id", "evidence_no"]
        let bytes = fields.span
        let taken = try connection.copyIn(into: "yaoce.drug_description", columns: columns) { writer in
            var start = 0
            for (place, row) in rows.enumerated() {
                writer.beginRow(fields: Int16(columns.count))
                writer.append(encodedFields: bytes.extracting(start..<row.end))
                writer.append(last + 1 + Int64(place))
                writer.append(evidence[Int(row.evidence)])
                start = row.end
            }
        }
        guard taken == rows.count else {
            throw StoreError(problem: .copyMismatch(table: "drug_description", sent: rows.count, taken: taken))
        }
        return last + 1
    }

    /// The numbers of the evidence, in its order; what is not there yet is added.
    private func writeEvidence(_ connection: isolated Connection) throws -> [Int32] {
        try connection.query(
            """
            INSERT INTO yaoce.match_evidence (no, evidence)
            SELECT (SELECT coalesce(max(no), 0) FROM yaoce.match_evidence) + row_number() OVER (ORDER BY t.n), t.e::jsonb
            FROM unnest(\(evidence)) WITH ORDINALITY AS t (e, n)
            WHERE NOT EXISTS (SELECT FROM yaoce.match_evidence k WHERE k.evidence = t.e::jsonb)
            """)
        let numbers = try connection.query(
            """
            SELECT k.no FROM unnest(\(evidence)) WITH ORDINALITY AS t (e, n)
            JOIN yaoce.match_evidence k ON k.evidence = t.e::jsonb ORDER BY t.n
            """
        ).column(0, as: Int32.self)
        guard numbers.count == evidence.count else {
            throw StoreError(
                problem: .copyMismatch(table: "match_evidence", sent: evidence.count, taken: numbers.count))
        }
        return numbers
    }
}
