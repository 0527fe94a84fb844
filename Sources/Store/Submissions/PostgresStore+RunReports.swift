public import Core
import Postgres

extension PostgresStore {
    /// What the province's page about a run says.
    public func report(onRun run: Int) async throws -> RunReport? {
        try await read { connection in
            guard var report = try RunRows.load(where: "run_id = \(run)", connection).first else { return nil }
            report.submissions = try SubmissionRows.reports(
                where: """
                    s.id IN (SELECT submission_id FROM yaoce.submission_step WHERE run_id = \(run)
                        UNION SELECT submission_id FROM yaoce.stage_failure WHERE run_id = \(run)) ORDER BY s.id
                    """, connection)
            report.sightings = try RunRows.sightings(run, connection)
            report.failures = try RunRows.failures(run, connection)
            try RunRows.addMissing(to: &report, connection)
            return report
        }
    }

    /// The newest runs, newest first, without their submissions.
    public func recentRuns(limit: Int) async throws -> [RunReport] {
        try await read { connection in
            try RunRows.load(where: "true ORDER BY run_id DESC LIMIT \(limit)", connection)
        }
    }
}

/// Runs as the database has them.
private enum RunRows {
    static func load(where condition: SQL, _ connection: isolated Connection) throws -> [RunReport] {
        let rows = try connection.query(
            "SELECT run_id, started_at, finished_at, business_date, exit_code FROM yaoce.run WHERE \(condition)")
        let ids = try rows.column(0, as: Int.self)
        let times = try connection.query(
            """
            SELECT run_id, stage, started_at, seconds, items FROM yaoce.stage_run WHERE run_id = ANY (\(ids))
            ORDER BY run_id, started_at
            """)
        var stages: [Int: [RunReport.StageTime]] = [:]
        for row in 0..<times.count {
            guard let stage = Stage(rawValue: try times.value(row, 1)) else { continue }
            stages[try times.value(row, 0), default: []].append(
                RunReport.StageTime(
                    stage: stage, startedAt: try times.value(row, 2), seconds: try times.value(row, 3),
                    items: try times.value(row, 4)))
        }
        return try (0..<rows.count).map { row in
            RunReport(
                runID: ids[row], startedAt: try rows.value(row, 1), finishedAt: try rows.value(row, 2),
                businessDate: try rows.value(row, 3), exitCode: try rows.value(row, 4), stages: stages[ids[row]] ?? [],
                submissions: [], sightings: [], missing: [], expectedInstitutions: nil, failures: [])
        }
    }

    static func sightings(_ run: Int, _ connection: isolated Connection) throws -> [IntakeSighting] {
        let rows = try connection.query(
            """
            SELECT source_name, sha256, outcome, reason_zh, reason_en, submission_id FROM yaoce.intake
            WHERE run_id = \(run) AND outcome <> 'taken' ORDER BY intake_id
            """)
        return try (0..<rows.count).compactMap { row in
            guard let outcome = IntakeSighting.Outcome(rawValue: try rows.value(row, 2)) else { return nil }
            let (chinese, english): (String?, String?) = (try rows.value(row, 3), try rows.value(row, 4))
            var reason: Phrase?
            if let chinese, let english { reason = Phrase(chinese, english) }
            return IntakeSighting(
                sourceName: try rows.value(row, 0), sha256: try rows.value(row, 1), outcome: outcome, reason: reason,
                submission: try rows.value(row, 5))
        }
    }

    static func failures(_ run: Int, _ connection: isolated Connection) throws -> [StageFailure] {
        let rows = try connection.query(
            """
            SELECT submission_id, stage, reason FROM yaoce.stage_failure WHERE run_id = \(run)
            ORDER BY submission_id, failed_at
            """)
        return try (0..<rows.count).compactMap { row in
            guard let stage = Stage(number: try rows.value(row, 1)) else { return nil }
            return StageFailure(submission: try rows.value(row, 0), stage: stage, reason: try rows.value(row, 2))
        }
    }

    /// Who is missing: institutions of the published library that must report and have no accepted submission, for each
    /// period this run handled, or else the newest period there is.
    static func addMissing(to report: inout RunReport, _ connection: isolated Connection) throws {
        let library = try connection.query(
            "SELECT id FROM yaoce.library_version WHERE kind = 'institutions' AND is_current")
        guard library.count == 1 else { return }
        let version: Int32 = try library.value(0, 0)
        report.expectedInstitutions = try connection.query(
            "SELECT count(*) FROM yaoce.library_institution WHERE version_id = \(version) AND must_report"
        ).single(Int.self)
        var periods = Set(report.submissions.map(\.submission.period))
        if periods.isEmpty {
            let newest = try connection.query("SELECT max(period_key) FROM yaoce.submission").single(Int?.self)
            if let period = newest.flatMap({ Period(key: $0) }) { periods = [period] }
        }
        for period in periods.sorted() {
            let rows = try connection.query(
                """
                SELECT l.hospital_code, l.name,
                    coalesce(bool_or(s.verdict = 'returned' AND s.withdrawn_at IS NULL), false)
                FROM yaoce.library_institution l
                LEFT JOIN yaoce.institution i USING (hospital_code)
                LEFT JOIN yaoce.submission s ON s.institution_id = i.id AND s.period_key = \(period.key)
                WHERE l.version_id = \(version) AND l.must_report
                    AND coalesce(l.valid_from <= \(period.end), true) AND coalesce(l.valid_to >= \(period.start), true)
                GROUP BY 1, 2
                HAVING NOT coalesce(bool_or(s.loaded_at IS NOT NULL AND s.withdrawn_at IS NULL), false)
                ORDER BY 1
                """)
            for row in 0..<rows.count {
                report.missing.append(
                    RunReport.Missing(
                        hospitalCode: try rows.value(row, 0), name: try rows.value(row, 1), period: period,
                        wasReturned: try rows.value(row, 2)))
            }
        }
    }
}
