public import Core
import Postgres

extension PostgresStore {
    /// Writes down the rules a run judges by. A rule set that is known is not written again.
    public func register(_ rules: [StoredRule], ruleSetHash: String) async throws {
        try await write { connection in
            // Others write the same rows: they must not wait for ever for a process that was stopped between two statements.
            try connection.query("SET LOCAL idle_in_transaction_session_timeout = '10s'")
            try connection.query(
                """
                INSERT INTO yaoce.rule_text SELECT * FROM unnest(
                    \(rules.map(\.id.rawValue)), \(rules.map(\.hash)), \(rules.map(\.stage.rawValue)),
                    \(rules.map(\.severity.rawValue)), \(rules.map(\.title.chinese)), \(rules.map(\.title.english)),
                    \(rules.map(\.message.chinese)), \(rules.map(\.message.english)), \(rules.map(\.remedy.chinese)),
                    \(rules.map(\.remedy.english)))
                ON CONFLICT (rule_id, rule_hash) DO UPDATE SET (stage, severity, title_zh, title_en, message_zh,
                    message_en, remedy_zh, remedy_en) = (excluded.stage, excluded.severity, excluded.title_zh,
                    excluded.title_en, excluded.message_zh, excluded.message_en, excluded.remedy_zh, excluded.remedy_en)
                WHERE rule_text IS DISTINCT FROM excluded
                """)
            try connection.query(
                """
                INSERT INTO yaoce.rule_set
                SELECT \(ruleSetHash), * FROM unnest(\(rules.map(\.id.rawValue)), \(rules.map(\.hash)))
                ON CONFLICT DO NOTHING
                """)
        }
    }

    /// A new run.
    public func beginRun(businessDate: CalendarDay, startedAt: Timestamp, basis: RunBasis?) async throws -> Int {
        try await write(
            recording: { .runBegan(run: $0, businessDate: businessDate, startedAt: startedAt, basis: basis) }
        ) { connection in
            try connection.query(
                """
                INSERT INTO yaoce.run (business_date, started_at) VALUES (\(businessDate), \(startedAt)) RETURNING run_id
                """
            ).single()
        }
    }

    /// A stage of a run that has ended. The same stage once more in a run adds to what is there.
    public func recordStage(_ time: RunReport.StageTime, run: Int) async throws {
        try await write(recording: { .stageEnded(time, run: run) }) { connection in
            try connection.query(
                """
                INSERT INTO yaoce.stage_run (run_id, stage, started_at, seconds, items)
                VALUES (\(run), \(time.stage.rawValue), \(time.startedAt), \(time.seconds), \(time.items))
                ON CONFLICT (run_id, stage) DO UPDATE
                SET seconds = stage_run.seconds + excluded.seconds, items = stage_run.items + excluded.items
                """)
        }
    }

    /// The end of a run.
    public func finishRun(_ run: Int, finishedAt: Timestamp, exitCode: Int) async throws {
        try await write(
            recording: { .runEnded(run: run, finishedAt: finishedAt, exitCode: exitCode) }
        ) { connection in
            try connection.query(
                """
                UPDATE yaoce.run SET finished_at = \(finishedAt), exit_code = \(Int16(clamping: exitCode))
                WHERE run_id = \(run)
                """)
        }
    }

    /// What each rule did with a submission.
    public func record(
        _ results: [RuleResult], seconds: [RuleID: Double] = [:], of submission: SubmissionID, run: Int
    ) async throws {
        try await write { connection in
            try connection.query(
                """
                INSERT INTO yaoce.rule_result
                SELECT \(run), s.id, s.institution_id, r.*
                FROM yaoce.submission s, unnest(
                    \(results.map(\.rule.rawValue)), \(results.map(\.ruleHash)), \(results.map(\.status.rawValue)),
                    \(results.map(\.reason)), \(results.map(\.evaluated)), \(results.map(\.violated)),
                    \(results.map { seconds[$0.rule] })) AS r
                WHERE s.id = \(submission)
                """)
        }
    }
}
