import Core
import Postgres

/// Submissions as the database has them, with everything a report says.
enum SubmissionRows {
    struct Row {
        var submission: Submission
        var verdict: Verdict?
        var grade: Grade?
        var isCurrent: Bool
        var withdrawnAt: Timestamp?
        var setAsideReason: String?
        var rulesLeftOut: [String]
    }

    /// Submissions that meet a condition on `s` (submission) and `i` (institution), with their archived files.
    static func load(where condition: SQL, _ connection: isolated Connection) throws -> [Row] {
        let rows = try connection.query(
            """
            SELECT s.id, i.hospital_code, s.period_key, s.version, s.supersedes, s.received_at, s.source_name, s.sha256,
                s.verdict, s.grade, s.is_current, s.withdrawn_at, s.set_aside_reason,
                s.rule_set_hash, s.postcheck_rule_set_hash
            FROM yaoce.submission s JOIN yaoce.institution i ON i.id = s.institution_id WHERE \(condition)
            """)
        guard rows.count > 0 else { return [] }
        let ids = try rows.column(0, as: SubmissionID.self)
        let files = try archivedFiles(of: ids, connection)
        return try (0..<rows.count).map { row in
            let key: Int = try rows.value(row, 2)
            guard let period = Period(key: key) else {
                throw PostgresError(.mismatch, message: "period key \(key) is no period", statement: "submissions")
            }
            let verdict: String? = try rows.value(row, 8)
            let grade: String? = try rows.value(row, 9)
            return Row(
                submission: Submission(
                    id: ids[row], hospitalCode: try rows.value(row, 1), period: period, version: try rows.value(row, 3),
                    supersedes: try rows.value(row, 4), receivedAt: try rows.value(row, 5),
                    sourceName: try rows.value(row, 6), sha256: try rows.value(row, 7), files: files[ids[row]] ?? []),
                verdict: verdict.flatMap(Verdict.init), grade: grade.flatMap(Grade.init),
                isCurrent: try rows.value(row, 10), withdrawnAt: try rows.value(row, 11),
                setAsideReason: try rows.value(row, 12),
                rulesLeftOut: leftOut(try rows.value(row, 13), try rows.value(row, 14)))
        }
    }

    /// What the rule sets lacked that judged a submission before and after the load.
    private static func leftOut(_ before: String?, _ after: String?) -> [String] {
        Set([before, after].compactMap { $0 }.flatMap { RuleSetName.leftOut(of: $0) }).sorted()
    }

    private static func archivedFiles(
        of ids: [SubmissionID], _ connection: isolated Connection
    ) throws -> [SubmissionID: [ArchivedFile]] {
        let rows = try connection.query(
            """
            SELECT submission_id, name, sha256, size FROM yaoce.archived_file WHERE submission_id = ANY (\(ids))
            ORDER BY submission_id, position
            """)
        var files: [SubmissionID: [ArchivedFile]] = [:]
        for row in 0..<rows.count {
            files[try rows.value(row, 0), default: []].append(
                ArchivedFile(name: try rows.value(row, 1), sha256: try rows.value(row, 2), size: try rows.value(row, 3))
            )
        }
        return files
    }

    /// Reports on submissions that meet a condition. A fixed number of statements for any number of submissions.
    static func reports(where condition: SQL, _ connection: isolated Connection) throws -> [SubmissionReport] {
        let rows = try load(where: condition, connection)
        guard !rows.isEmpty else { return [] }
        let ids = rows.map(\.submission.id)
        let files = try fileOutcomes(of: ids, connection)
        let counts = try findingCounts(of: ids, connection)
        let repeats = try repeats(of: ids, connection)
        let names = try hospitalNames(Set(rows.map(\.submission.hospitalCode)).sorted(), connection)
        return rows.map { row in
            let id = row.submission.id
            var report = SubmissionReport(
                submission: row.submission, hospitalName: names[row.submission.hospitalCode], verdict: row.verdict,
                grade: row.grade, isCurrent: row.isCurrent, withdrawnAt: row.withdrawnAt,
                setAsideReason: row.setAsideReason, files: files[id] ?? [], findingCounts: counts[id] ?? [],
                repeats: repeats[id] ?? [])
            report.rulesLeftOut = row.rulesLeftOut
            return report
        }
    }

    private static func fileOutcomes(
        of ids: [SubmissionID], _ connection: isolated Connection
    ) throws -> [SubmissionID: [FileOutcome]] {
        let rows = try connection.query(
            """
            SELECT submission_id, file_name, member, table_no, encoding, delimiter, sha256, size, rows_read, rows_loaded,
                rows_quarantined, skip_reasons, headers, normalised, findings
            FROM yaoce.submission_file WHERE submission_id = ANY (\(ids)) ORDER BY submission_id, file_no
            """)
        var files: [SubmissionID: [FileOutcome]] = [:]
        for row in 0..<rows.count {
            let table: Int? = try rows.value(row, 3)
            var file = FileOutcome(
                name: try rows.value(row, 1), member: try rows.value(row, 2),
                table: table.flatMap { DataTable(number: $0) }, sha256: try rows.value(row, 6),
                size: try rows.value(row, 7))
            file.encoding = try rows.value(row, 4)
            file.delimiter = try rows.value(row, 5)
            file.rowsRead = try rows.value(row, 8)
            file.rowsLoaded = try rows.value(row, 9)
            file.rowsQuarantined = try rows.value(row, 10)
            file.rowsSkipped = FileTexts.counts(try rows.value(row, 11))
            file.findings = FileTexts.counts(try rows.value(row, 14))
            file.headers = FileTexts.headers(try rows.value(row, 12))
            file.normalised = FileTexts.normalised(try rows.value(row, 13))
            files[try rows.value(row, 0), default: []].append(file)
        }
        return files
    }

    private static func findingCounts(
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
                    rule: RuleID(try rows.value(row, 1, as: String.self)), severity: try severity(rows.value(row, 2)),
                    count: try rows.value(row, 3)))
        }
        return counts
    }

    private static func repeats(
        of ids: [SubmissionID], _ connection: isolated Connection
    ) throws -> [SubmissionID: [RepeatedIntake]] {
        let rows = try connection.query(
            """
            SELECT submission_id, source_name, seen_at FROM yaoce.intake
            WHERE outcome = 'identical' AND submission_id = ANY (\(ids)) ORDER BY submission_id, intake_id
            """)
        var repeats: [SubmissionID: [RepeatedIntake]] = [:]
        for row in 0..<rows.count {
            repeats[try rows.value(row, 0), default: []].append(
                RepeatedIntake(sourceName: try rows.value(row, 1), seenAt: try rows.value(row, 2)))
        }
        return repeats
    }

    private static func hospitalNames(
        _ codes: [String], _ connection: isolated Connection
    ) throws -> [String: String] {
        let rows = try connection.query(
            """
            SELECT hospital_code, name FROM yaoce.library_institution
            JOIN yaoce.library_version v ON v.id = version_id
            WHERE v.kind = 'institutions' AND v.is_current AND hospital_code = ANY (\(codes))
            """)
        var names: [String: String] = [:]
        for row in 0..<rows.count { names[try rows.value(row, 0)] = try rows.value(row, 1, as: String.self) }
        return names
    }

    /// The severity with a rank.
    static func severity(_ rank: Int) throws -> Severity {
        guard Severity.allCases.indices.contains(rank) else {
            throw PostgresError(.mismatch, message: "\(rank) is no severity", statement: "findings")
        }
        return Severity.allCases[rank]
    }
}
