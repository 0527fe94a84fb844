public import Core
import Postgres

extension PostgresStore {
    /// What is known of each drug. One query, however many there are.
    public func standings(of drugs: [SubmissionDrug], libraryVersion: String?) async throws -> [DrugStanding] {
        guard !drugs.isEmpty else { return [] }
        let keys = DrugArrays(drugs)
        return try await read { connection in
            let rows = try connection.query(
                """
                SELECT m.id, m.id IS NOT NULL AND NOT \(MatchRows.mayBeComparedAgain(libraryVersion)),
                    m.valid_to IS NOT NULL
                FROM \(keys.unnested)
                JOIN yaoce.submission s ON s.id = keys.submission_id
                LEFT JOIN yaoce.drug_code_map m ON m.institution_id = s.institution_id
                    AND m.hospital_drug_code = keys.code AND m.description_hash = keys.hash
                ORDER BY keys.n
                """)
            guard rows.count == drugs.count else {
                throw StoreError(problem: .noSuchSubmission(drugs[0].submission))
            }
            return try (0..<rows.count).map { row in
                DrugStanding(
                    item: try rows.value(row, 0), isDecided: try rows.value(row, 1), isPast: try rows.value(row, 2))
            }
        }
    }

    /// Holds what drugs came to until the group is complete. It is seen by nobody but this connection.
    public func stage(
        _ compared: [(drug: SubmissionDrug, proposal: MatchProposal)], after staged: Int
    ) async throws {
        guard !compared.isEmpty else { return }
        let submissions = Array(Set(compared.map(\.drug.submission)))
        try await write { connection in
            let found = try connection.query(
                "SELECT id, institution_id FROM yaoce.submission WHERE id = ANY (\(submissions))")
            var institutions: [SubmissionID: Int32] = [:]
            for row in 0..<found.count { institutions[try found.value(row, 0)] = try found.value(row, 1) }
            let rows = try compared.map { result in
                guard let institution = institutions[result.drug.submission] else {
                    throw StoreError(problem: .noSuchSubmission(result.drug.submission))
                }
                return ProposalRow(institution: institution, drug: result.drug.drug, proposal: result.proposal)
            }
            try ProposalRows.stage(rows, from: staged, connection)
        }
    }

    /// Keeps what was staged, notes which drugs the submissions have, and passes them to precheck.
    public func completeCompare(
        _ group: [SubmissionItems], staged: Int, libraryVersion: String?, at time: Timestamp, run: Int
    ) async throws {
        guard !group.isEmpty else { return }
        let ids = group.map(\.submission)
        let claims = claims
        try await write(
            recording: { .compared(ids, libraryVersion: libraryVersion, at: time, run: run) }
        ) { connection in
            try claims.check(ids, connection)
            try ProposalRows.takeOver(staged, libraryVersion: libraryVersion, at: time, connection)
            for member in group where !member.items.isEmpty {
                try SubmissionComparisons.write(member, staged, libraryVersion, at: time, connection)
            }
            let next: Int16? = Stage.compare.next?.number
            try connection.query(
                """
                UPDATE yaoce.submission SET waiting_for = \(next), failures = 0
                WHERE id = ANY (\(ids)) AND waiting_for = \(Stage.compare.number)
                """)
            try Steps.record(.compare, of: ids, run: run, connection)
            try claims.close(ids, connection)
        }
    }
}

/// Which items a submission's drugs are.
enum SubmissionComparisons {
    static func write(
        _ member: SubmissionItems, _ staged: Int, _ libraryVersion: String?, at time: Timestamp,
        _ connection: isolated Connection
    ) throws {
        let items: SQL =
            staged == 0
            ? "\(member.items)"
            : """
            (SELECT array_agg(CASE WHEN r.item < 0 THEN m.id ELSE r.item END ORDER BY r.n)
            FROM unnest(\(member.items)) WITH ORDINALITY AS r (item, n)
            LEFT JOIN pg_temp.yaoce_proposal p ON r.item < 0 AND p.n = -r.item
            LEFT JOIN yaoce.drug_code_map m ON m.institution_id = p.institution_id
                AND m.hospital_drug_code = p.code AND m.description_hash = p.hash)
            """
        let written = try connection.query(
            """
            INSERT INTO yaoce.submission_comparison (submission_id, institution_id, library_version, map_ids)
            SELECT s.id, s.institution_id, \(libraryVersion), \(items) FROM yaoce.submission s
            WHERE s.id = \(member.submission)
            ON CONFLICT (submission_id) DO UPDATE
            SET library_version = excluded.library_version, map_ids = excluded.map_ids
            RETURNING CASE WHEN array_position(map_ids, NULL) IS NULL THEN cardinality(map_ids) ELSE 0 END
            """
        ).column(0, as: Int.self)
        guard written == [member.items.count] else {
            throw StoreError(
                problem: .copyMismatch(
                    table: "submission_comparison", sent: member.items.count, taken: written.first ?? 0))
        }
        guard !member.returning.isEmpty else { return }
        try connection.query(
            """
            WITH back AS (
                UPDATE yaoce.drug_code_map SET valid_to = NULL
                WHERE id = ANY (\(member.returning)) AND valid_to IS NOT NULL
                RETURNING id, institution_id, hospital_drug_code
            )
            UPDATE yaoce.drug_code_map m SET valid_to = \(time) FROM back
            WHERE m.institution_id = back.institution_id AND m.hospital_drug_code = back.hospital_drug_code
                AND m.id <> back.id AND m.valid_to IS NULL
            """)
    }
}

/// How much depends on an open item: rows and money of the drug in the submissions just loaded.
enum MatchWeights {
    static func refresh(of submissions: [SubmissionID], periods: [Int32], _ connection: isolated Connection) throws {
        let open: Bool = try connection.query(
            """
            SELECT EXISTS (SELECT FROM yaoce.submission_comparison c CROSS JOIN LATERAL unnest(c.map_ids) AS u (id)
                JOIN yaoce.drug_code_map m ON m.id = u.id
                WHERE c.submission_id = ANY (\(submissions)) AND m.state <> 'approved')
            """
        ).single()
        guard open else { return }
        // Fresh partitions have no statistics: without this a plan may read a partition once for every drug.
        try connection.query("SET LOCAL enable_nestloop = off")
        try connection.query(
            """
            WITH weights AS (
                SELECT u.id, count(*) AS rows, coalesce(sum(r.amount), 0)::bigint AS amount
                FROM (SELECT submission_id, unnest(map_ids) AS id FROM yaoce.submission_comparison
                    WHERE submission_id = ANY (\(submissions))) u
                JOIN yaoce.drug_code_map m ON m.id = u.id AND m.state <> 'approved'
                JOIN yaoce.named_drug d ON d.submission_id = u.submission_id
                    AND d.hospital_drug_code = m.hospital_drug_code
                JOIN yaoce.usage r ON r.submission_id = d.submission_id AND r.drug_no = d.drug_no
                WHERE r.period_key = ANY (\(periods)) AND r.submission_id = ANY (\(submissions))
                    AND d.submission_id = ANY (\(submissions))
                GROUP BY u.id
            )
            UPDATE yaoce.drug_code_map m SET rows = w.rows, amount = w.amount FROM weights w WHERE w.id = m.id
            """)
        try connection.query("SET LOCAL enable_nestloop = on")
    }
}
