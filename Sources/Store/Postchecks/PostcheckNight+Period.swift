import Core
import Postgres

extension PostcheckNight {
    /// Judges the rules about the period as a whole, each in a savepoint of its own; gives what went wrong.
    func judgePeriod(_ connection: isolated Connection) throws -> [RuleID: String] {
        try connection.query("DELETE FROM yaoce.period_finding WHERE period_key = \(key)")
        try connection.query("DELETE FROM yaoce.period_result WHERE period_key = \(key)")
        try connection.query(
            "CREATE TABLE business AS SELECT business_date FROM yaoce.run WHERE run_id = \(run)")
        let hasClasses: Bool = try connection.query(
            "SELECT EXISTS (SELECT FROM attribute WHERE kind = 'drugs' AND name = 'atc')"
        ).single()
        try connection.script(SharedTables.classes(isThere: hasClasses), named: "postcheck classes")
        if hasClasses {
            try Positions.make(
                of: """
                    SELECT s.id, s.institution_id, s.period_key FROM checked c JOIN yaoce.submission s ON s.id = c.year_before_id
                    WHERE c.is_current
                    """, connection)
        }
        var errors: [RuleID: String] = [:]
        for check in PeriodCheck.all {
            guard let rule = rules.rules.first(where: { $0.id == check.rule && $0.stage == .post }) else { continue }
            if let error = try judge(rule, check, connection) { errors[rule.id] = error }
        }
        return errors
    }

    private func judge(
        _ rule: StoredRule, _ check: PeriodCheck, _ connection: isolated Connection
    ) throws -> String? {
        let error = try savepoint(rule) {
            try connection.withTransaction(statementTimeout: PostcheckNight.timeLimit, named: "rule \(rule.id)") {
                connection in
                let begin = ContinuousClock.now
                let reason: String? = try connection.query(
                    SQL(unchecked: "SELECT (\(try check.inapplicable(thresholds)))::text"), named: "rule \(rule.id)"
                ).single()
                var (evaluated, violated) = (0, 0)
                if reason == nil {
                    evaluated = try connection.query(
                        SQL(unchecked: "SELECT (\(try check.evaluated(thresholds)))::bigint"), named: "rule \(rule.id)"
                    ).single()
                    let head = SQL(
                        unchecked: """
                            INSERT INTO yaoce.period_finding (period_key, rule_id, rule_hash, severity, subject, value,
                                expected, details, run_id)
                            SELECT \(key), '\(rule.id)', 
                            """)
                    let tail = SQL(
                        unchecked: """
                             , \(rule.severity.rank), q.subject, q.value, q.expected, q.details, \(run)
                            FROM (\(try check.violations(thresholds))) q (subject, value, expected, details)
                            """)
                    violated =
                        try connection.query("\(head) \(rule.hash)::text \(tail)", named: "rule \(rule.id)")
                        .affectedRows
                }
                let elapsed = begin.duration(to: .now).components
                try record(
                    rule, reason != nil ? .notApplicable : violated > 0 ? .passedWithViolations : .passed, reason,
                    evaluated, violated, Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18, connection)
            }
        }
        guard let error else { return nil }
        try connection.script("SET LOCAL statement_timeout TO DEFAULT", named: "postcheck settings")
        try record(rule, .error, error, 0, 0, 0, connection)
        return error
    }

    private func record(
        _ rule: StoredRule, _ status: RuleResult.Status, _ reason: String?, _ evaluated: Int, _ violated: Int,
        _ seconds: Double, _ connection: isolated Connection
    ) throws {
        try connection.query(
            """
            INSERT INTO yaoce.period_result (period_key, rule_id, rule_hash, status, reason, evaluated, violated, seconds, run_id)
            VALUES (\(key), \(rule.id.rawValue), \(rule.hash), \(status.rawValue), \(reason), \(evaluated), \(violated),
                \(seconds), \(run))
            """)
    }
}
