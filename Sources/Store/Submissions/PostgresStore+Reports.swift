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

    /// All findings of a submission in their order, in bounded memory.
    public func forEachFinding(
        of submission: SubmissionID, _ body: @escaping @Sendable (Finding) throws -> Void
    ) async throws {
        try await read { connection in
            try connection.withTransaction(named: "forEachFinding") { connection in
                try connection.forEachBlock(
                    of: """
                        SELECT rule_id, severity, stage, table_no, file_no, line, row_number, column_name, byte_offset,
                            value, expected, details, fingerprint, root_fingerprint
                        FROM yaoce.finding WHERE submission_id = \(submission) ORDER BY finding_id
                        """
                ) { rows in
                    for row in 0..<rows.count { try body(PostgresStore.finding(rows, row)) }
                }
            }
        }
    }

    private static func finding(_ rows: borrowing QueryResult, _ row: Int) throws -> Finding {
        let table: Int? = try rows.value(row, 3)
        let place = Place(
            table: table.flatMap { DataTable(number: $0) }, file: try rows.value(row, 4), line: try rows.value(row, 5),
            row: try rows.value(row, 6), column: try rows.value(row, 7), byteOffset: try rows.value(row, 8))
        let pairs: [String] = try rows.value(row, 11, as: [String]?.self) ?? []
        var details: [String: String] = [:]
        for start in stride(from: 0, to: pairs.count - 1, by: 2) { details[pairs[start]] = pairs[start + 1] }
        let observation = Observation(
            RuleID(try rows.value(row, 0, as: String.self)), at: place, value: try rows.value(row, 9),
            expected: try rows.value(row, 10), details: details)
        return Finding(
            observation, severity: try SubmissionRows.severity(rows.value(row, 1)),
            fingerprint: try rows.value(row, 12),
            stage: try rows.value(row, 2, as: Int.self) == 1 ? .pre : .post, root: try rows.value(row, 13))
    }

    /// All quarantined rows of a submission in their order, in bounded memory.
    public func forEachQuarantinedRow(
        of submission: SubmissionID, _ body: @escaping @Sendable (QuarantinedRow) throws -> Void
    ) async throws {
        try await read { connection in
            try connection.withTransaction(named: "forEachQuarantinedRow") { connection in
                try connection.forEachBlock(
                    of: """
                        SELECT table_no, file_no, line, row_number, raw, text, rule_ids FROM yaoce.quarantined_row
                        WHERE submission_id = \(submission) ORDER BY file_no, row_number
                        """, rows: 500
                ) { rows in
                    for row in 0..<rows.count {
                        guard let table = DataTable(number: try rows.value(row, 0)) else { continue }
                        try body(
                            QuarantinedRow(
                                table: table,
                                origin: RowOrigin(
                                    file: try rows.value(row, 1), line: try rows.value(row, 2),
                                    row: try rows.value(row, 3)),
                                raw: try rows.value(row, 4, as: Bytes.self).array, text: try rows.value(row, 5),
                                rules: try rows.value(row, 6, as: [String].self).map { RuleID($0) }))
                    }
                }
            }
        }
    }
}
