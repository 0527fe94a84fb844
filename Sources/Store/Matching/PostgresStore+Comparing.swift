public import Core
import Postgres

extension PostgresStore {
    /// For every drug of every submission, whether it has to be compared. One query, however many drugs there are.
    public func undecided(among group: [SubmissionDrugs], libraryVersion: String?) async throws -> [[Bool]] {
        let keys = DrugArrays(group)
        guard !keys.codes.isEmpty else { return group.map { _ in [] } }
        let flags = try await read { connection in
            try connection.query(
                """
                SELECT m.id IS NULL OR \(MatchRows.mayBeComparedAgain(libraryVersion))
                FROM \(keys.unnested)
                JOIN yaoce.submission s ON s.id = keys.submission_id
                LEFT JOIN yaoce.drug_code_map m ON m.institution_id = s.institution_id
                    AND m.hospital_drug_code = keys.code AND m.description_hash = keys.hash
                ORDER BY keys.n
                """
            ).column(0, as: Bool.self)
        }
        var rest = flags[...]
        return group.map { member in
            defer { rest = rest.dropFirst(member.drugs.count) }
            return Array(rest.prefix(member.drugs.count))
        }
    }

    /// Keeps what was compared, notes which drugs the submissions have, and passes the submissions to precheck.
    public func completeCompare(
        _ group: [SubmissionDrugs], compared: [ComparedDrug], libraryVersion: String?, at time: Timestamp, run: Int
    ) async throws {
        let ids = group.map(\.submission)
        let claims = claims
        let keys = DrugArrays(group)
        var proposals = ProposalArrays()
        for result in compared {
            proposals.append(group[result.submission].drugs[result.drug], result.proposal)
        }
        let written = proposals
        try await write(
            recording: { .compared(ids, libraryVersion: libraryVersion, at: time, run: run) }
        ) { connection in
            try claims.check(ids, connection)
            let found = try connection.query("SELECT id, institution_id FROM yaoce.submission WHERE id = ANY (\(ids))")
            var institutions: [SubmissionID: Int32] = [:]
            for row in 0..<found.count { institutions[try found.value(row, 0)] = try found.value(row, 1) }
            let owners = try compared.map { result in
                let id = group[result.submission].submission
                guard let institution = institutions[id] else { throw StoreError(problem: .noSuchSubmission(id)) }
                return institution
            }
            try written.write(institutions: owners, libraryVersion: libraryVersion, at: time, connection)
            try connection.query(
                """
                INSERT INTO yaoce.submission_comparison (submission_id, institution_id, library_version, map_ids)
                SELECT s.id, s.institution_id, \(libraryVersion), array_agg(m.id ORDER BY keys.n)
                FROM \(keys.unnested)
                JOIN yaoce.submission s ON s.id = keys.submission_id
                JOIN yaoce.drug_code_map m ON m.institution_id = s.institution_id
                    AND m.hospital_drug_code = keys.code AND m.description_hash = keys.hash
                GROUP BY s.id
                ON CONFLICT (submission_id) DO UPDATE
                SET library_version = excluded.library_version, map_ids = excluded.map_ids
                """)
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

/// What the comparison says of named drugs that are about to be loaded, by submission and local code.
struct LoadedMatches {
    struct Match {
        var ypid: String
        var method: String?
        var score: Int16?
    }

    private var matches: [SubmissionID: [String: Match]] = [:]

    init(of submissions: [SubmissionID], _ connection: isolated Connection) throws {
        let rows = try connection.query(
            """
            SELECT c.submission_id, m.hospital_drug_code, m.ypid, m.method, m.score
            FROM yaoce.submission_comparison c CROSS JOIN LATERAL unnest(c.map_ids) AS u (id)
            JOIN yaoce.drug_code_map m ON m.id = u.id
            WHERE c.submission_id = ANY (\(submissions)) AND m.state = 'approved'
            """)
        for row in 0..<rows.count {
            matches[try rows.value(row, 0), default: [:]][try rows.value(row, 1)] = Match(
                ypid: try rows.value(row, 2), method: try rows.value(row, 3), score: try rows.value(row, 4))
        }
    }

    subscript(submission: SubmissionID, code: String) -> Match? { matches[submission]?[code] }
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
