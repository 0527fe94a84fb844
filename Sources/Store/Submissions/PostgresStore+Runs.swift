public import Core
import Postgres

extension PostgresStore {
    /// Writes down the rules a run judges by. A rule set that is known is not written again.
    public func register(_ rules: [StoredRule], ruleSetHash: String) async throws {
        guard !(try await areKnown(rules, ruleSetHash)) else { return }
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

    /// Whether every rule stands there word for word. Writing would wait for the disk even where nothing is written.
    private func areKnown(_ rules: [StoredRule], _ ruleSetHash: String) async throws -> Bool {
        let (ids, hashes) = (rules.map(\.id.rawValue), rules.map(\.hash))
        return try await read { connection in
            try connection.query(
                """
                SELECT NOT EXISTS (
                    SELECT * FROM unnest(\(ids), \(hashes)) EXCEPT
                    SELECT rule_id, rule_hash FROM yaoce.rule_set WHERE rule_set_hash = \(ruleSetHash)
                ) AND NOT EXISTS (
                    SELECT * FROM unnest(
                        \(ids), \(hashes), \(rules.map(\.stage.rawValue)), \(rules.map(\.severity.rawValue)),
                        \(rules.map(\.title.chinese)), \(rules.map(\.title.english)), \(rules.map(\.message.chinese)),
                        \(rules.map(\.message.english)), \(rules.map(\.remedy.chinese)), \(rules.map(\.remedy.english)))
                    EXCEPT SELECT rule_id, rule_hash, stage, severity, title_zh, title_en, message_zh, message_en,
                        remedy_zh, remedy_en
                    FROM yaoce.rule_text WHERE rule_id = ANY (\(ids)) AND rule_hash = ANY (\(hashes)))
                """
            ).single()
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

    /// Stages of a run that have ended. The same stage once more in a run adds to what is there.
    public func recordStages(_ times: [RunReport.StageTime], run: Int) async throws {
        guard !times.isEmpty else { return }
        try await write(recordingAll: { times.map { .stageEnded($0, run: run) } }) { connection in
            for time in times { try Self.record(time, run, connection) }
        }
    }

    private static func record(_ time: RunReport.StageTime, _ run: Int, _ connection: isolated Connection) throws {
        try connection.query(
            """
            INSERT INTO yaoce.stage_run (run_id, stage, started_at, seconds, items)
            VALUES (\(run), \(time.stage.rawValue), \(time.startedAt), \(time.seconds), \(time.items))
            ON CONFLICT (run_id, stage) DO UPDATE
            SET seconds = stage_run.seconds + excluded.seconds, items = stage_run.items + excluded.items
            """)
    }

    /// The end of a run.
    public func finishRun(
        _ run: Int, finishedAt: Timestamp, exitCode: Int, stages: [RunReport.StageTime]
    ) async throws {
        try await write(
            recordingAll: {
                stages.map { .stageEnded($0, run: run) }
                    + [.runEnded(run: run, finishedAt: finishedAt, exitCode: exitCode)]
            }
        ) { connection in
            for time in stages { try Self.record(time, run, connection) }
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
