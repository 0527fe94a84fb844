public import Core
import Postgres

extension PostgresStore {
    /// What the receipt says.
    public func report(on submission: SubmissionID) async throws -> SubmissionReport? {
        try await read { connection in
            try SubmissionRows.reports(where: "s.id = \(submission)", connection).first
        }
    }

    /// Where submissions stand: all, or those of a hospital or period, by number.
    public func submissions(hospitalCode: String?, period: Period?) async throws -> [SubmissionReport] {
        try await read { connection in
            var condition: SQL = "true"
            if let hospitalCode { condition = "\(condition) AND i.hospital_code = \(hospitalCode)" }
            if let period { condition = "\(condition) AND s.period_key = \(period.key)" }
            return try SubmissionRows.reports(where: "\(condition) ORDER BY s.id", connection)
        }
    }

    /// How many submissions wait for each stage, and how many are `set_aside`, `withdrawn` or `done`.
    public func stateCounts() async throws -> [String: Int] {
        try await read { connection in
            let rows = try connection.query(
                """
                SELECT CASE WHEN withdrawn_at IS NOT NULL THEN -2 WHEN set_aside_reason IS NOT NULL THEN -1
                    ELSE coalesce(waiting_for, 0) END AS state, count(*)
                FROM yaoce.submission GROUP BY 1
                """)
            var counts = Dictionary(uniqueKeysWithValues: Stage.allCases.map { ($0.rawValue, 0) })
            counts["set_aside"] = 0
            for row in 0..<rows.count {
                let state: Int = try rows.value(row, 0)
                let name =
                    switch state {
                    case -2: "withdrawn"
                    case -1: "set_aside"
                    default: Stage(number: state)?.rawValue ?? "done"
                    }
                counts[name] = try rows.value(row, 1, as: Int.self)
            }
            return counts
        }
    }

    /// All findings of some submissions, by the submission's number and in their order, in bounded memory.
    public func forEachFinding(
        of submissions: [SubmissionID], _ body: @escaping @Sendable (SubmissionID, Finding) throws -> Void
    ) async throws {
        guard let range = PostgresStore.range(submissions) else { return }
        try await read { connection in
            try connection.withTransaction(named: "forEachFinding") { connection in
                try connection.forEachBlock(
                    of: """
                        SELECT rule_id, severity, stage, table_no, file_no, line, row_number, column_name, byte_offset,
                            value, expected, details, fingerprint, root_fingerprint, submission_id
                        FROM yaoce.finding WHERE \(range) ORDER BY submission_id, finding_id
                        """
                ) { rows in
                    for row in 0..<rows.count {
                        try body(SubmissionID(rows.integer(row, 14)), PostgresStore.finding(rows, row))
                    }
                }
            }
        }
    }

    /// Rows of some submissions. Beside their list stand the first and the last: with these, and without statistics, the
    /// planner takes the summaries of the pages and leaves the rest of a big table alone.
    private static func range(_ submissions: [SubmissionID]) -> SQL? {
        guard let first = submissions.min(), let last = submissions.max() else { return nil }
        guard first != last else { return "submission_id = \(first)" }
        return "submission_id BETWEEN \(first) AND \(last) AND submission_id = ANY (\(submissions))"
    }

    /// Sums up the pages that were filled since somebody last did, so that a look at some submissions does not read what
    /// all the others brought.
    public func summarisePages() async throws {
        try await read { connection in
            _ = try connection.query(
                """
                SELECT brin_summarize_new_values('yaoce.finding_submission'),
                    brin_summarize_new_values('yaoce.quarantined_row_submission')
                """)
        }
    }

    private static func finding(_ rows: borrowing QueryResult, _ row: Int) throws -> Finding {
        let place = Place(
            table: try rows.optionalInteger(row, 3).flatMap { DataTable(number: $0) },
            file: try rows.optionalInteger(row, 4), line: try rows.optionalInteger(row, 5),
            row: try rows.optionalInteger(row, 6), column: try rows.optionalText(row, 7),
            byteOffset: try rows.optionalInteger(row, 8))
        var details: [String: String] = [:]
        if let pairs = try rows.optionalTexts(row, 11) {
            for start in stride(from: 0, to: pairs.count - 1, by: 2) { details[pairs[start]] = pairs[start + 1] }
        }
        let observation = Observation(
            RuleID(try rows.text(row, 0)), at: place, value: try rows.optionalText(row, 9),
            expected: try rows.optionalText(row, 10), details: details)
        let own = try rows.value(row, 12, as: SQLUUID.self)
        let root = try rows.optionalUUID(row, 13)
        return Finding(
            observation, severity: try SubmissionRows.severity(rows.integer(row, 1)),
            fingerprint: Fingerprint(high: own.high, low: own.low),
            stage: try rows.integer(row, 2) == 1 ? .pre : .post,
            root: root.map { Fingerprint(high: $0.high, low: $0.low) })
    }

    /// All quarantined rows of some submissions, by the submission's number and in their order, in bounded memory.
    public func forEachQuarantinedRow(
        of submissions: [SubmissionID], _ body: @escaping @Sendable (SubmissionID, QuarantinedRow) throws -> Void
    ) async throws {
        guard let range = PostgresStore.range(submissions) else { return }
        try await read { connection in
            try connection.withTransaction(named: "forEachQuarantinedRow") { connection in
                try connection.forEachBlock(
                    of: """
                        SELECT submission_id, table_no, file_no, line, row_number, text, rule_ids, raw
                        FROM yaoce.quarantined_row WHERE \(range) ORDER BY submission_id, file_no, row_number
                        """, rows: 500
                ) { rows in
                    for row in 0..<rows.count {
                        guard
                            let found = try PostgresStore.quarantined(
                                rows, row, raw: rows.value(row, 7, as: Bytes.self).array)
                        else { continue }
                        try body(rows.value(row, 0), found)
                    }
                }
            }
        }
    }

    /// The first quarantined rows of each of some submissions, without their bytes, and of their texts what a page may show.
    public func quarantinedRows(
        of submissions: [SubmissionID], limit: Int
    ) async throws -> [SubmissionID: [QuarantinedRow]] {
        guard let range = PostgresStore.range(submissions) else { return [:] }
        return try await read { connection in
            let rows = try connection.query(
                """
                SELECT submission_id, table_no, file_no, line, row_number, left(text, 1000), rule_ids FROM (
                    SELECT *, row_number() OVER (PARTITION BY submission_id ORDER BY file_no, row_number) AS place
                    FROM yaoce.quarantined_row WHERE \(range)) q
                WHERE place <= \(limit) ORDER BY submission_id, place
                """)
            var found: [SubmissionID: [QuarantinedRow]] = [:]
            for row in 0..<rows.count {
                guard let quarantined = try PostgresStore.quarantined(rows, row, raw: []) else { continue }
                found[try rows.value(row, 0), default: []].append(quarantined)
            }
            return found
        }
    }

    private static func quarantined(
        _ rows: borrowing QueryResult, _ row: Int, raw: [UInt8]
    ) throws -> QuarantinedRow? {
        guard let table = DataTable(number: try rows.value(row, 1)) else { return nil }
        return QuarantinedRow(
            table: table,
            origin: RowOrigin(
                file: try rows.value(row, 2), line: try rows.value(row, 3), row: try rows.value(row, 4)),
            raw: raw, text: try rows.value(row, 5),
            rules: try rows.value(row, 6, as: [String].self).map { RuleID($0) })
    }
}
