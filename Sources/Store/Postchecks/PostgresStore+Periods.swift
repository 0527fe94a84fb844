public import Core
import Postgres

extension PostgresStore {
    /// How a period stands as a whole.
    public func report(on period: Period) async throws -> PeriodReport {
        try await read { try PeriodState.load(period, $0) }
    }

    /// Makes a period final (数据定版): from then on its benchmark gets no new version. It is refused, and nothing but the
    /// refusal is written down, while submissions are open (P51) or the benchmark moved as a whole (P48).
    /// - Returns: The period as it stands then; it is final where `finalisedAt` is set.
    public func finalise(_ period: Period, by actor: String, at time: Timestamp) async throws -> PeriodReport {
        try await write { connection in
            let key = Int32(period.key)
            try connection.query("SELECT 1 FROM yaoce.submission WHERE period_key = \(key) FOR UPDATE")
            let state = try PeriodState.load(period, connection)
            if state.finalisedAt != nil { return state }
            // The rule's text is that of the last judgement.
            try connection.query("DELETE FROM yaoce.period_finding WHERE period_key = \(key) AND rule_id = 'P51'")
            try connection.query(
                """
                INSERT INTO yaoce.period_finding (period_key, rule_id, rule_hash, severity, subject, value, expected, details)
                SELECT \(key), 'P51', coalesce((SELECT rule_hash FROM yaoce.period_result WHERE period_key = \(key)
                    AND rule_id = 'P51'), ''), \(Int16(Severity.forced.rank)), q.subject, q.value, q.expected, q.details
                FROM (\(SQL(unchecked: PeriodCheck.open(key)))) q (subject, value, expected, details)
                """)
            let blocking: [String] = try connection.query(
                """
                SELECT DISTINCT rule_id FROM yaoce.period_finding WHERE period_key = \(key) AND rule_id IN ('P48', 'P51')
                ORDER BY 1
                """
            ).column()
            let isEmpty = state.submissions == 0
            try connection.query(
                """
                INSERT INTO yaoce.final_period_log (period_key, action, at, actor, reason)
                VALUES (\(key), \(blocking.isEmpty && !isEmpty ? "finalise" : "refuse"), \(time), \(actor),
                    \(isEmpty ? "nothing is loaded" : blocking.joined(separator: ", ")))
                """)
            if blocking.isEmpty && !isEmpty {
                try connection.query(
                    """
                    INSERT INTO yaoce.final_period (period_key, finalised_at, finalised_by, benchmark_version, submissions)
                    VALUES (\(key), \(time), \(actor), \(state.benchmarkVersion), \(Int32(clamping: state.submissions)))
                    """)
            }
            return try PeriodState.load(period, connection)
        }
    }

    /// Opens a final period again; `false` where it was not final.
    public func reopen(_ period: Period, by actor: String, reason: String, at time: Timestamp) async throws -> Bool {
        try await write { connection in
            let key = Int32(period.key)
            let removed = try connection.query("DELETE FROM yaoce.final_period WHERE period_key = \(key)").affectedRows
            guard removed == 1 else { return false }
            try connection.query(
                """
                INSERT INTO yaoce.final_period_log (period_key, action, at, actor, reason)
                VALUES (\(key), 'reopen', \(time), \(actor), \(reason))
                """)
            return true
        }
    }
}

private enum PeriodState {
    static func load(_ period: Period, _ connection: isolated Connection) throws -> PeriodReport {
        let key = Int32(period.key)
        let row = try connection.query(
            """
            SELECT (SELECT count(*) FROM yaoce.submission WHERE period_key = \(key) AND is_current AND loaded_at IS NOT NULL
                    AND withdrawn_at IS NULL),
                (SELECT count(*) FROM (\(SQL(unchecked: PeriodCheck.open(key)))) o),
                (SELECT \(period.description) || '.' || max(version_no) FROM (
                    SELECT version_no FROM yaoce.price_benchmark WHERE period_key = \(key)
                    UNION ALL SELECT version_no FROM yaoce.generic_benchmark WHERE period_key = \(key)) v),
                f.finalised_at, f.finalised_by
            FROM (SELECT) one LEFT JOIN yaoce.final_period f ON f.period_key = \(key)
            """)
        let found = try connection.query(
            """
            SELECT f.rule_id, f.severity, f.subject, f.message_zh, f.message_en FROM (
                SELECT v.rule_id, s.rank AS severity, v.subject, coalesce(v.message_zh, v.subject) AS message_zh,
                    coalesce(v.message_en, v.subject) AS message_en
                FROM yaoce_api.period_finding v JOIN yaoce.severity s USING (severity)
                WHERE v.period = \(period.description)) f
            ORDER BY f.severity, f.rule_id, f.subject
            """)
        var entries: [PeriodReport.Entry] = []
        for index in 0..<found.count {
            let rank: Int16 = try found.value(index, 1)
            guard let severity = Severity.allCases.first(where: { $0.rank == Int(rank) }) else { continue }
            let rule: String = try found.value(index, 0)
            entries.append(
                PeriodReport.Entry(
                    rule: RuleID(rule), severity: severity, subject: try found.value(index, 2),
                    message: Phrase(try found.value(index, 3), try found.value(index, 4))))
        }
        return PeriodReport(
            period: period, submissions: try row.value(0, 0), open: try row.value(0, 1),
            benchmarkVersion: try row.value(0, 2), finalisedAt: try row.value(0, 3), finalisedBy: try row.value(0, 4),
            entries: entries)
    }
}
