public import Core
import Postgres

extension PostgresStore {
    /// What the comparison says of all drugs of some submissions. One query for all of them.
    public func matchedDrugs(of submissions: [SubmissionID]) async throws -> MatchedDrugs {
        try await read { connection in
            try connection.withTransaction { try MatchedDrugs.load(of: submissions, $0) }
        }
    }
}

extension MatchedDrugs {
    /// Inside a transaction: the rows come through a cursor, so that only the compact form is held.
    /// - Parameter open: told of every item that is not approved.
    static func load(
        of submissions: [SubmissionID], _ connection: isolated Connection,
        open: (_ item: Int64, _ submission: SubmissionID, _ hospitalDrugCode: String) -> Void = { _, _, _ in }
    ) throws -> MatchedDrugs {
        if let range = try ItemRange(of: submissions, connection) { return try load(range, connection, open: open) }
        let expected: Int = try connection.query(
            """
            SELECT coalesce(sum(cardinality(map_ids)), 0)::bigint FROM yaoce.submission_comparison
            WHERE submission_id = ANY (\(submissions))
            """
        ).single()
        var drugs = MatchedDrugs(expecting: expected)
        guard expected > 0 else { return drugs }
        try connection.forEachBlock(
            of: """
                SELECT c.submission_id, m.hospital_drug_code, m.state, m.ypid, m.method, m.score, m.equivalence,
                    m.id
                FROM yaoce.submission_comparison c CROSS JOIN LATERAL unnest(c.map_ids) AS u (id)
                JOIN yaoce.drug_code_map m ON m.id = u.id
                WHERE c.submission_id = ANY (\(submissions))
                """
        ) { rows in
            for row in 0..<rows.count {
                let (submission, code): (SubmissionID, String) = (try rows.value(row, 0), try rows.value(row, 1))
                let state = MatchState(rawValue: try rows.value(row, 2))
                if state != .approved { open(try rows.value(row, 7), submission, code) }
                guard let state else { continue }
                drugs.insert(
                    Match(
                        state: state, ypid: try rows.value(row, 3), method: try rows.value(row, 4),
                        score: try rows.value(row, 5),
                        equivalence: state == .approved
                            ? try rows.value(row, 6, as: String?.self).flatMap(Equivalence.init(rawValue:)) : nil),
                    of: submission, hospitalDrugCode: code)
            }
        }
        return drugs
    }

    /// The same where the items stand together.
    private static func load(
        _ range: ItemRange, _ connection: isolated Connection,
        open: (_ item: Int64, _ submission: SubmissionID, _ hospitalDrugCode: String) -> Void
    ) throws -> MatchedDrugs {
        var drugs = MatchedDrugs(expecting: range.counts.reduce(0, +))
        func text(_ bytes: Range<Int>, _ row: Span<UInt8>) -> String? {
            guard !bytes.isEmpty else { return nil }
            return unsafe row.extracting(bytes).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
        // Nearly all drugs have the answer of the one before, in the same bytes.
        var last: (answer: [UInt8], match: Match?) = ([], nil)
        try range.forEach(
            ["hospital_drug_code", "ypid", "state", "method", "score", "equivalence"], connection
        ) { number, row, fields in
            let submission = range.submissions[number]
            let answer = row.extracting(fields[3].lowerBound..<fields[6].upperBound)
            if !ByteWords.areEqual(answer, last.answer.span) {
                let state = text(fields[3], row).flatMap { MatchState(rawValue: $0) }
                last.match = state.map { state in
                    Match(
                        state: state, ypid: nil, method: text(fields[4], row),
                        score: fields.number(5, in: row).map { Int($0) },
                        equivalence: state == .approved
                            ? text(fields[6], row).flatMap(Equivalence.init(rawValue:)) : nil)
                }
                last.answer = answer.indices.map { answer[$0] }
            }
            let code = row.extracting(fields[1])
            if last.match?.state != .approved, let item = fields.number(0, in: row) {
                open(item, submission, text(fields[1], row) ?? "")
            }
            guard let match = last.match else { return }
            drugs.insert(match, ypid: row.extracting(fields[2]), of: submission, hospitalDrugCode: code)
        }
        return drugs
    }
}
