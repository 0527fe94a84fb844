public import Core
import Postgres
import Synchronization

/// A graded submission in force, with what its grade was decided by.
public struct GradedSubmission: Sendable, Hashable {
    /// The submission.
    public var submission: SubmissionID
    /// The sender.
    public var hospitalCode: String
    /// Its name in the library.
    public var name: String?
    /// What its grade is decided by.
    public var basis: GradeBasis
    /// The grade.
    public var grade: Grade
}

extension PostgresStore {
    /// Periods with graded submissions in force.
    public func gradedPeriods() async throws -> [Period] {
        try await read { connection in
            try connection.query(
                "SELECT DISTINCT period_key FROM yaoce.submission WHERE is_current AND grade IS NOT NULL ORDER BY 1"
            ).column(0, as: Int.self).compactMap { Period(key: $0) }
        }
    }

    /// The graded submissions in force of a period, with what was counted when they were judged.
    /// - Parameter organizationRules: rules before the load whose errors keep a grade from being `pass`.
    public func graded(in period: Period, organizationRules: [RuleID]) async throws -> [GradedSubmission] {
        try await read { try GradedRows.load(period, organizationRules, $0) }
    }

    /// The same as they would be judged by other rules: the rules run over what is loaded, in a transaction that is rolled
    /// back, so that nothing of it stays. What another run would wait for is not kept long: the rules take seconds.
    public func judgedAgain(in period: Period, by rules: PostcheckRules) async throws -> [GradedSubmission] {
        let outcome = Outcome()
        do {
            try await connection.perform { connection in
                try connection.withTransaction(named: "judge again") { connection in
                    // As many as are graded now, and no other period.
                    try connection.query(
                        """
                        UPDATE yaoce.submission SET waiting_for = CASE WHEN period_key = \(period.key) AND is_current
                            AND grade IS NOT NULL AND set_aside_reason IS NULL AND withdrawn_at IS NULL THEN 5 END
                        WHERE waiting_for = 5 OR period_key = \(period.key) AND is_current AND grade IS NOT NULL
                        """)
                    guard let night = try PostcheckNight(rules, run: 0, connection) else { throw RolledBack() }
                    try night.judgeAll(connection)
                    let found = try GradedRows.judged(period, rules.organizationRules, connection)
                    outcome.set(found)
                    throw RolledBack()
                }
            }
        } catch is RolledBack {
            return outcome.value
        }
        return outcome.value
    }

    /// Ends a transaction without a trace.
    private struct RolledBack: Error {}
}

extension PostcheckNight {
    /// Judges and grades without writing findings or results down.
    fileprivate func judgeAll(_ connection: isolated Connection) throws {
        try connection.script("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off", named: "postcheck settings")
        try WorkTables.begin(connection)
        guard try makeTables(connection) else { return }
        for rule in rules.rules.sorted(by: { $0.id < $1.id }) where rule.stage == .post && rule.id != "P50" {
            _ = try judge(rule, PostCheck.all.first { $0.rule == rule.id }, connection)
        }
        _ = try grade(connection)
    }
}

/// What was found in a transaction that left nothing behind.
private final class Outcome: Sendable {
    private let found = Mutex<[GradedSubmission]>([])
    var value: [GradedSubmission] { found.withLock { $0 } }
    func set(_ value: [GradedSubmission]) { found.withLock { $0 = value } }
}

private enum GradedRows {
    static func load(
        _ period: Period, _ organizationRules: [RuleID], _ connection: isolated Connection
    ) throws -> [GradedSubmission] {
        try submissions(
            period,
            counts: """
                SELECT submission_id, bool_or(rule_id LIKE 'P%' AND severity = \(Int16(Severity.forced.rank))) AS is_forced,
                    bool_or(rule_id LIKE 'P%' AND severity IN (\(Int16(Severity.anomaly.rank)), \(Int16(Severity.warning.rank)))
                        OR severity = \(Int16(Severity.error.rank)) AND rule_id = ANY (\(organizationRules.map(\.rawValue))))
                        AS is_questioned
                FROM yaoce.finding_count GROUP BY 1
                """, connection)
    }

    /// From the tables that a judgement leaves until its transaction ends.
    static func judged(
        _ period: Period, _ organizationRules: [RuleID], _ connection: isolated Connection
    ) throws -> [GradedSubmission] {
        try submissions(
            period,
            counts: """
                SELECT r.submission_id, r.is_forced, r.is_questioned OR EXISTS (SELECT FROM yaoce.finding_count n
                    WHERE n.submission_id = r.submission_id AND n.severity = \(Int16(Severity.error.rank))
                        AND n.rule_id = ANY (\(organizationRules.map(\.rawValue)))) AS is_questioned
                FROM rate r
                """, connection)
    }

    private static func submissions(
        _ period: Period, counts: SQL, _ connection: isolated Connection
    ) throws -> [GradedSubmission] {
        let rows = try connection.query(
            """
            SELECT s.id, i.hospital_code, l.name, l.level, l.is_primary, s.anomalous_rows, s.judged_rows,
                coalesce(c.is_forced, false), coalesce(c.is_questioned, false), s.grade
            FROM yaoce.submission s
            JOIN yaoce.institution i ON i.id = s.institution_id
            LEFT JOIN yaoce.library_version v ON v.kind = 'institutions' AND v.is_current
            LEFT JOIN yaoce.library_institution l ON l.version_id = v.id AND l.hospital_code = i.hospital_code
            LEFT JOIN (\(counts)) c ON c.submission_id = s.id
            WHERE s.period_key = \(period.key) AND s.is_current AND s.grade IS NOT NULL AND s.set_aside_reason IS NULL
                AND s.withdrawn_at IS NULL
            ORDER BY s.id
            """, named: "graded submissions")
        return try (0..<rows.count).compactMap { row in
            guard let grade = Grade(rawValue: try rows.value(row, 9, as: String.self)) else { return nil }
            return GradedSubmission(
                submission: try rows.value(row, 0), hospitalCode: try rows.value(row, 1), name: try rows.value(row, 2),
                basis: GradeBasis(
                    level: InstitutionLevel(level: try rows.value(row, 3), isPrimary: try rows.value(row, 4)),
                    anomalousRows: try rows.value(row, 5, as: Int?.self) ?? 0,
                    judgedRows: try rows.value(row, 6, as: Int?.self) ?? 0, isForced: try rows.value(row, 7),
                    isQuestioned: try rows.value(row, 8)), grade: grade)
        }
    }
}
