public import Core
import Postgres

extension PostgresStore {
    /// Every period with a submission in force, and a text that changes when what is in force there changes.
    public func periodStates() async throws -> [Period: String] {
        try await read { connection in
            let rows = try connection.query(
                """
                -- Every night looks at the submissions of all years: a hash of each, and no text of them all.
                SELECT period_key, count(*) || ' ' || bit_xor(hash_record_extended(ROW (id, verdict, grade, anomalous_rows,
                        judged_rows, rule_set_hash, postcheck_rule_set_hash, loaded_at), 0))
                    || ' ' || yaoce.current_libraries() || ' ' || coalesce((SELECT md5(string_agg(
                        concat_ws('|', f.rule_id, f.severity, f.subject, f.value, f.expected, f.details), ';'
                        ORDER BY f.rule_id, f.subject, f.value)) FROM yaoce.period_finding f
                    WHERE f.period_key = submission.period_key), '')
                FROM yaoce.submission WHERE is_current AND is_settled AND withdrawn_at IS NULL GROUP BY 1
                """)
            var states: [Period: String] = [:]
            for row in 0..<rows.count {
                if let period = Period(key: try rows.value(row, 0)) { states[period] = try rows.value(row, 1) }
            }
            return states
        }
    }

    /// Every period with a submission in force.
    public func periodsInForce() async throws -> [Period] {
        try await read { connection in
            let keys: [Int] = try connection.query(
                """
                SELECT DISTINCT period_key FROM yaoce.submission WHERE is_current AND is_settled AND withdrawn_at IS NULL
                ORDER BY 1 DESC
                """
            ).column()
            return keys.compactMap { Period(key: $0) }
        }
    }

    /// What was found in the submissions in force of a period.
    public func violationSummary(of period: Period) async throws -> ViolationSummary {
        try await read { connection in
            try connection.withTransaction(named: "violation summary") { connection in
                try connection.readWholeTables(named: "violation summary")
                var submissions = try ViolationRows.submissions(of: period.key, connection)
                let counts = try ViolationRows.counts(of: submissions.map(\.submission), connection)
                for index in submissions.indices {
                    submissions[index].counts = counts[submissions[index].submission] ?? []
                }
                return ViolationSummary(
                    period: period, submissions: submissions,
                    earlier: try ViolationRows.earlier(than: period, connection),
                    regions: try RegionRows.load(period.key, connection),
                    seconds: try ViolationRows.seconds(of: submissions.map(\.submission), connection))
            }
        }
    }

    /// What the receipts of some submissions say, by number.
    public func reports(on submissions: [SubmissionID]) async throws -> [SubmissionReport] {
        try await read { connection in
            try SubmissionRows.reports(where: "s.id = ANY (\(submissions)) ORDER BY s.id", connection)
        }
    }
}

/// Judged submissions as the database has them.
enum ViolationRows {
    /// The submissions in force of a period, without their findings.
    /// - Parameter isRated: whether their quality is counted, and the rows kept aside, which goes through every rule's results.
    static func submissions(
        of period: Int, isRated: Bool = true, _ connection: isolated Connection
    ) throws -> [JudgedSubmission] {
        let ids = try connection.query(
            """
            SELECT id FROM yaoce.submission
            WHERE period_key = \(period) AND is_current AND is_settled AND withdrawn_at IS NULL
            """
        ).column(0, as: SubmissionID.self)
        let rated = isRated ? ids : []
        let rows = try connection.query(
            """
            SELECT s.id, i.hospital_code, l.name, l.level, l.is_primary, left(l.division_code, 4) || '00',
                coalesce(nullif(l.city, ''), n.name), coalesce(nullif(l.county, ''), m.name), s.version, s.verdict, s.grade,
                s.anomalous_rows, s.judged_rows, coalesce(f.quarantined, 0), coalesce(q.records, 0), coalesce(q.faulty_records, 0),
                coalesce(q.rules_judged, 0), coalesce(q.rules_broken, 0), coalesce(q.checks, 0), coalesce(q.checks_failed, 0)
            FROM yaoce.submission s
            JOIN yaoce.institution i ON i.id = s.institution_id
            LEFT JOIN yaoce.quality_counts(\(rated)::integer[]) q ON q.submission_id = s.id
            LEFT JOIN (SELECT submission_id, sum(rows_quarantined)::bigint AS quarantined FROM yaoce.submission_file
                WHERE submission_id = ANY (\(rated)) GROUP BY 1) f ON f.submission_id = s.id
            LEFT JOIN yaoce.library_version v ON v.kind = 'institutions' AND v.is_current
            LEFT JOIN yaoce.library_institution l ON l.version_id = v.id AND l.hospital_code = i.hospital_code
            LEFT JOIN yaoce.library_version d ON d.kind = 'divisions' AND d.is_current
            LEFT JOIN yaoce.library_division n ON n.version_id = d.id
                AND n.division_code = left(l.division_code, 4) || '00'
            LEFT JOIN yaoce.library_division m ON m.version_id = d.id AND m.division_code = l.division_code
            WHERE s.id = ANY (\(ids)) ORDER BY s.id
            """, named: "judged submissions")
        return try (0..<rows.count).map { row in
            let verdict: String? = try rows.value(row, 9)
            let grade: String? = try rows.value(row, 10)
            var anomalies: Rate?
            if let part: Int = try rows.value(row, 11), let whole: Int = try rows.value(row, 12) {
                anomalies = Rate(part, of: whole)
            }
            return JudgedSubmission(
                submission: try rows.value(row, 0), hospitalCode: try rows.value(row, 1), name: try rows.value(row, 2),
                level: InstitutionLevel(level: try rows.value(row, 3), isPrimary: try rows.value(row, 4)),
                cityCode: try rows.value(row, 5), city: try rows.value(row, 6), county: try rows.value(row, 7),
                version: try rows.value(row, 8), verdict: verdict.flatMap(Verdict.init),
                grade: grade.flatMap(Grade.init), anomalies: anomalies, rowsQuarantined: try rows.value(row, 13),
                quality: QualityScore(
                    records: try passed(rows, row, 14), rules: try passed(rows, row, 16),
                    checks: try passed(rows, row, 18)), counts: [])
        }
    }

    /// What passed, of columns that say how many there are and how many failed.
    private static func passed(_ rows: borrowing QueryResult, _ row: Int, _ column: Int) throws -> Rate {
        let whole: Int = try rows.value(row, column)
        let failed: Int = try rows.value(row, column + 1)
        return Rate(whole - failed, of: whole)
    }

    static func counts(
        of ids: [SubmissionID], _ connection: isolated Connection
    ) throws -> [SubmissionID: [RuleCount]] {
        let rows = try connection.query(
            """
            SELECT submission_id, rule_id, severity, count FROM yaoce.finding_count WHERE submission_id = ANY (\(ids))
            ORDER BY submission_id, severity, rule_id
            """)
        var counts: [SubmissionID: [RuleCount]] = [:]
        for row in 0..<rows.count {
            counts[try rows.value(row, 0), default: []].append(
                RuleCount(
                    rule: RuleID(try rows.value(row, 1, as: String.self)),
                    severity: try SubmissionRows.severity(rows.value(row, 2)), count: try rows.value(row, 3)))
        }
        return counts
    }

    /// The period of the same length before, where anything is in force in it.
    static func earlier(than period: Period, _ connection: isolated Connection) throws -> EarlierPeriod? {
        let key: Int = try connection.query("SELECT yaoce.period_before(\(Int32(period.key)))").single()
        guard let before = Period(key: key) else { return nil }
        let submissions = try submissions(of: key, isRated: false, connection)
        guard !submissions.isEmpty else { return nil }
        let rows = try connection.query(
            """
            SELECT rule_id, severity, sum(count)::bigint
            FROM yaoce.finding_count WHERE submission_id = ANY (\(submissions.map(\.submission)))
            GROUP BY 1, 2 ORDER BY 1, 2
            """)
        var counts: [RuleCount] = []
        for row in 0..<rows.count {
            counts.append(
                RuleCount(
                    rule: RuleID(try rows.value(row, 0, as: String.self)),
                    severity: try SubmissionRows.severity(rows.value(row, 1)), count: try rows.value(row, 2)))
        }
        let broken = try connection.query(
            """
            SELECT rule_id, count(DISTINCT submission_id) FROM yaoce.finding_count
            WHERE submission_id = ANY (\(submissions.map(\.submission))) GROUP BY 1
            """)
        var institutions: [RuleID: Int] = [:]
        for row in 0..<broken.count {
            institutions[RuleID(try broken.value(row, 0, as: String.self))] = try broken.value(row, 1)
        }
        return EarlierPeriod(period: before, submissions: submissions, counts: counts, institutions: institutions)
    }

    static func seconds(of ids: [SubmissionID], _ connection: isolated Connection) throws -> [RuleID: Double] {
        let rows = try connection.query(
            """
            SELECT rule_id, sum(seconds) FROM yaoce.rule_result
            WHERE submission_id = ANY (\(ids)) AND seconds IS NOT NULL GROUP BY 1
            """)
        var seconds: [RuleID: Double] = [:]
        for row in 0..<rows.count {
            seconds[RuleID(try rows.value(row, 0, as: String.self))] = try rows.value(row, 1, as: Double.self)
        }
        return seconds
    }
}

extension Connection {
    /// One snapshot, and statements that read tables as a whole, until the transaction ends.
    ///
    /// Reports are made minutes after the load, when the tables may have no statistics yet. Then the planner takes every
    /// list for a handful of rows and looks at all of a table for each of them. Here nothing is ever looked up row by row;
    /// nor are tables merged, which the planner does by the submission alone where an index gives it a dictionary in order:
    /// each row then meets all drugs of its submission.
    func readWholeTables(named name: String) throws {
        try script(
            """
            SET TRANSACTION ISOLATION LEVEL REPEATABLE READ;
            SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off
            """, named: name)
    }
}
