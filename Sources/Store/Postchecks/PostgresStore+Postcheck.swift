public import Core
import Postgres

extension PostgresStore {
    /// Judges and grades all submissions of one period that wait for postcheck, against all accepted ones of it; `nil`
    /// where none waits.
    ///
    /// One transaction: what an earlier judgement left is replaced, so a run that died here is repeated with the same
    /// result. Each rule runs in a savepoint of its own and with a time limit.
    public func postcheck(_ rules: PostcheckRules, run: Int) async throws -> PostcheckOutcome? {
        try await postcheck(rules, run: run, checks: PostCheck.all)
    }

    /// The same with other checks, to test this function.
    /// - Parameter fewest: from how many submissions on a second session is worth opening.
    func postcheck(
        _ rules: PostcheckRules, run: Int, checks: [PostCheck], fewest: Int = 64
    ) async throws -> PostcheckOutcome? {
        guard !(try await waiting(for: .postcheck, limit: 1)).isEmpty else { return nil }
        try await makePositionsAhead(fewest: fewest)
        guard try await isLarge(fewest) else { return try await judge(rules, run, checks, beside: nil) }
        let beside = JudgementBeside()
        // Where the judgement fails this is cancelled, and waited for.
        async let other: Void = beside.run(self)
        let outcome = try await judge(rules, run, checks, beside: beside)
        beside.finish()
        await other
        return outcome
    }

    private func isLarge(_ fewest: Int) async throws -> Bool {
        try await read { connection in
            guard try !Placement(connection).isDistributed else { return false }
            let waiting: Int = try connection.query(
                """
                SELECT count(*) FROM yaoce.submission
                WHERE waiting_for = 5 AND set_aside_reason IS NULL AND withdrawn_at IS NULL AND period_key = (
                    SELECT min(period_key) FROM yaoce.submission
                    WHERE waiting_for = 5 AND set_aside_reason IS NULL AND withdrawn_at IS NULL)
                """, named: "postcheck submissions"
            ).single()
            return waiting >= fewest
        }
    }

    private func judge(
        _ rules: PostcheckRules, _ run: Int, _ checks: [PostCheck], beside: JudgementBeside?
    ) async throws -> PostcheckOutcome? {
        let done = try await write(
            "postcheck", recording: { $0.map { .postchecked($0.outcome.period, $0.submissions, run: run) } }
        ) { connection -> (outcome: PostcheckOutcome, submissions: [SubmissionID])? in
            guard let night = try PostcheckNight(rules, run: run, connection) else { return nil }
            var errors: [RuleID: String] = [:]
            try night.prepare(connection)
            // A rule folder without rules for this stage, or without the benchmark's threshold, gives no grade and no
            // harm.
            let judging = rules.rules.filter { $0.stage == .post }
            if rules.thresholds["P00.trim"] == nil {
                for rule in judging { errors[rule.id] = "没有阈值 · no threshold P00.trim" }
            } else if try !judging.isEmpty && night.makeTables(checks, beside: beside, connection) {
                errors.merge(try night.judge(checks, beside: beside, connection)) { $1 }
                if let error = try night.grade(connection) { errors["P50"] = error }
                try night.writeResults(connection)
                errors.merge(try night.judgePeriod(connection)) { $1 }
            }
            try night.passOn(connection)
            try WorkTables.end(connection)
            let outcome = PostcheckOutcome(
                period: night.period, submissions: night.waiting.count, errors: errors)
            return (outcome, night.waiting)
        }
        return done?.outcome
    }
}

/// The judgement of what waits in one period.
struct PostcheckNight: Sendable {
    /// How long a rule may take for all submissions together.
    static let timeLimit = Duration.seconds(300)

    let period: Period
    let waiting: [SubmissionID]
    let rules: PostcheckRules
    let run: Int
    let thresholds: Thresholds
    var key: Int32 { Int32(period.key) }

    /// The earliest period in which something waits; `nil` where nothing does.
    init?(_ rules: PostcheckRules, run: Int, _ connection: isolated Connection) throws {
        let rows = try connection.query(
            """
            SELECT id, period_key FROM yaoce.submission
            WHERE waiting_for = 5 AND set_aside_reason IS NULL AND withdrawn_at IS NULL AND period_key = (
                SELECT min(period_key) FROM yaoce.submission
                WHERE waiting_for = 5 AND set_aside_reason IS NULL AND withdrawn_at IS NULL)
            ORDER BY id FOR UPDATE
            """)
        guard rows.count > 0 else { return nil }
        let key: Int = try rows.value(0, 1)
        guard let period = Period(key: key) else {
            throw PostgresError(.mismatch, message: "period key \(key) is no period", statement: "postcheck")
        }
        self.period = period
        waiting = try rows.column(0)
        self.rules = rules
        self.run = run
        thresholds = Thresholds(values: rules.thresholds, period: Int32(key))
    }

    /// Takes away what an earlier judgement left.
    func prepare(_ connection: isolated Connection) throws {
        try WorkTables.begin(connection)
        try connection.query("DELETE FROM yaoce.finding WHERE submission_id = ANY (\(waiting)) AND stage = 2")
        try connection.query(
            "DELETE FROM yaoce.finding_count WHERE submission_id = ANY (\(waiting)) AND rule_id LIKE 'P%'")
        try connection.query(
            "DELETE FROM yaoce.rule_result WHERE submission_id = ANY (\(waiting)) AND rule_id LIKE 'P%'")
        try connection.query(
            """
            UPDATE yaoce.submission SET grade = NULL, anomalous_rows = NULL, judged_rows = NULL
            WHERE id = ANY (\(waiting)) AND (grade IS NOT NULL OR judged_rows IS NOT NULL)
            """)
    }

    /// Judges all rules but the last; gives what went wrong.
    func judge(
        _ checks: [PostCheck], beside: JudgementBeside?, _ connection: isolated Connection
    ) throws -> [RuleID: String] {
        var errors: [RuleID: String] = [:]
        let judging = rules.rules.filter { $0.stage == .post && $0.id != "P50" }.sorted { $0.id < $1.id }
        func check(of rule: StoredRule) -> PostCheck? { checks.first { $0.rule == rule.id } }
        for rule in judging where beside == nil || check(of: rule)?.needsNoPrices != true {
            if let error = try judge(rule, check(of: rule), connection) { errors[rule.id] = error }
        }
        guard let beside else { return errors }
        let found = beside.waitForViolations()
        if let found {
            try connection.copyIn("COPY violation FROM STDIN", text: found.rows, named: "violations found beside")
        }
        for rule in judging {
            guard let check = check(of: rule), check.needsNoPrices else { continue }
            switch found?.judged[rule.id] {
            case nil: errors[rule.id] = try judge(rule, check, connection)
            case .failed(let error):
                try record(error, of: rule, connection)
                errors[rule.id] = error
            case .done(let seconds):
                errors[rule.id] = try guarded(rule, check.timeLimit, connection) {
                    try recordResults(check, seconds: seconds, $0)
                }
            }
        }
        return errors
    }

    /// Judges one rule. What goes wrong is written down as its result and given back.
    func judge(_ rule: StoredRule, _ check: PostCheck?, _ connection: isolated Connection) throws -> String? {
        try guarded(rule, check?.timeLimit, connection) { connection in
            guard let check else { throw NoCheck() }
            let begin = ContinuousClock.now
            try find(rule, check, connection)
            try recordResults(check, seconds: begin.seconds, connection)
        }
    }

    /// Writes down what breaks a rule.
    func find(_ rule: StoredRule, _ check: PostCheck, _ connection: isolated Connection) throws {
        let query = try check.violations(thresholds)
        try connection.query(
            SQL(
                unchecked: """
                    INSERT INTO violation (rule_id, \(Violation.columns))
                    SELECT '\(check.rule)', q.submission_id, coalesce(q.severity, \(rule.severity.rank)::smallint),
                        q.table_no, q.file_no, q.line, q.row_number, q.code_no, q.column_name, q.value, q.expected,
                        q.details
                    FROM (\(query)) q (\(Violation.columns)) JOIN scope s USING (submission_id)
                    -- As plain `IS NULL` it is taken for true of one submission, and what it judges is looked up alone.
                    WHERE CASE WHEN (\(check.inapplicable)) IS NULL THEN 1 END IS NOT NULL
                    """), named: "rule \(rule.id)")
    }

    /// What a rule did with each submission. A rule that a submission breaks as a whole has failed; one that some of its
    /// rows break, or that only warns, has passed with violations.
    private func recordResults(
        _ check: PostCheck, seconds: Double, _ connection: isolated Connection
    ) throws {
        let text = """
            INSERT INTO result
            SELECT '\(check.rule)', submission_id,
                CASE WHEN reason IS NOT NULL THEN 'not_applicable' WHEN violated = 0 THEN 'passed'
                    WHEN has_failed THEN 'failed' ELSE 'passed_with_violations' END,
                coalesce(reason, note), CASE WHEN reason IS NULL THEN greatest(evaluated, 0) ELSE 0 END, violated,
            """
        let source = """
            FROM (
                SELECT s.submission_id, (\(check.inapplicable))::text AS reason, (\(check.note))::text AS note,
                    coalesce(\(check.evaluated), 0)::bigint AS evaluated, coalesce(v.violated, 0) AS violated,
                    coalesce(v.has_failed, false) AS has_failed
                FROM scope s LEFT JOIN (
                    SELECT submission_id, count(*) AS violated, bool_or(severity = \(Violation.forced)
                        OR severity = \(Violation.anomaly) AND (row_number IS NULL OR table_no = 1)) AS has_failed
                    FROM violation WHERE rule_id = '\(check.rule)' GROUP BY 1) v USING (submission_id)) judged
            """
        try connection.query(
            "\(SQL(unchecked: text)) \(seconds / Double(max(1, waiting.count))) \(SQL(unchecked: source))",
            named: "results of \(check.rule)")
    }

    private struct NoCheck: Error {}

    /// Runs a body in a savepoint; an error that is the rule's own becomes its result.
    private func guarded(
        _ rule: StoredRule, _ timeLimit: Duration?, _ connection: isolated Connection,
        _ body: (isolated Connection) throws -> Void
    ) throws -> String? {
        let error = try savepoint(rule) {
            try connection.withTransaction(
                statementTimeout: timeLimit ?? PostcheckNight.timeLimit, named: "rule \(rule.id)", body)
        }
        guard let error else { return nil }
        try record(error, of: rule, connection)
        return error
    }

    private func record(_ error: String, of rule: StoredRule, _ connection: isolated Connection) throws {
        try connection.query(
            """
            INSERT INTO result SELECT \(rule.id.rawValue), submission_id, 'error', \(error), 0, 0, 0 FROM scope
            """)
    }

    /// What went wrong in a body, where it is the rule's own fault.
    func savepoint(_ rule: StoredRule, _ body: () throws -> Void) throws -> String? {
        do {
            try body()
            return nil
        } catch let error as PostgresError {
            // A database that is away, or a run that is stopped, is not the rule's fault.
            if error.isUnavailable || Task.isCancelled { throw error }
            return error.sqlState.map { "SQLSTATE \($0)" } ?? "\(error.problem)"
        } catch let error as Thresholds.Missing {
            return "没有阈值 · no threshold \(error.name)"
        } catch is NoCheck {
            return "本程序没有此规则的实现 · this program has no check for it"
        }
    }

    /// Grades every submission: by forced findings, by the share of rows with an anomaly, by anything to be looked at.
    func grade(_ connection: isolated Connection) throws -> String? {
        try connection.script("SET LOCAL statement_timeout TO DEFAULT", named: "postcheck settings")
        let rule = rules.rules.first { $0.id == "P50" && $0.stage == .post }
        let limit: String
        do {
            limit = """
                CASE s.level WHEN '3' THEN \(try thresholds["P50.rate.level3"])
                    WHEN '2' THEN \(try thresholds["P50.rate.level2"]) ELSE \(try thresholds["P50.rate.primary"]) END
                """
        } catch let error as Thresholds.Missing {
            guard let rule else { return nil }
            return try guarded(rule, nil, connection) { _ in throw error }
        }
        try connection.script(
            """
            SET LOCAL statement_timeout TO DEFAULT;
            CREATE TABLE rate AS
            SELECT s.submission_id, s.rows_loaded, \(limit) AS limit_rate, coalesce(v.anomalous, 0) AS anomalous,
                coalesce(v.anomalous, 0)::numeric / nullif(s.rows_loaded, 0) AS rate,
                coalesce(v.is_forced, false) AS is_forced, coalesce(v.is_questioned, false) AS is_questioned
            FROM scope s LEFT JOIN (
                SELECT submission_id, count(DISTINCT (table_no, file_no, row_number)) FILTER (
                        WHERE severity = \(Violation.anomaly) AND row_number IS NOT NULL) AS anomalous,
                    bool_or(severity = \(Violation.forced)) AS is_forced,
                    bool_or(severity IN (\(Violation.anomaly), \(Violation.warning))) AS is_questioned
                FROM violation GROUP BY 1) v USING (submission_id);
            """, named: "anomaly rates")
        try connection.query(
            """
            UPDATE yaoce.submission s
            SET anomalous_rows = r.anomalous, judged_rows = r.rows_loaded, grade = CASE
                WHEN r.is_forced THEN 'forced_return'
                WHEN r.rate >= r.limit_rate THEN 'suggested_return'
                WHEN r.is_questioned OR EXISTS (SELECT FROM yaoce.finding_count c WHERE c.submission_id = s.id
                    AND c.severity = \(Int16(Severity.error.rank))
                    AND c.rule_id = ANY (\(rules.organizationRules.map(\.rawValue)))) THEN 'review'
                ELSE 'pass' END
            FROM rate r WHERE r.submission_id = s.id
            """)
        guard let rule else { return nil }
        let check = PostCheck("P50", evaluated: "s.rows_loaded") { _ in
            """
            SELECT \(Violation.whole(
                "r", table: nil, value: "yaoce.shown(r.rate * 100, 2) || ' %'",
                expected: "'< ' || " + Violation.percent("r.limit_rate"),
                details: [("count", "r.anomalous::text"), ("rows", "r.rows_loaded::text")]))
            FROM rate r WHERE r.rate >= r.limit_rate
            """
        }
        return try judge(rule, check, connection)
    }
}
