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
}
