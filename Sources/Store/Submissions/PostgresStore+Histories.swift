public import Core
import Postgres

extension PostgresStore {
    /// What is known of submissions before they are judged: the period before, what the stock ledger carries over,
    /// whether the period is final. A few queries for a group, however many drugs there are.
    public func histories(of submissions: [SubmissionID]) async throws -> [SubmissionID: SubmissionHistory] {
        guard !submissions.isEmpty else { return [:] }
        return try await read { connection in
            try connection.withTransaction(named: "histories") { connection in
                var histories = Dictionary(uniqueKeysWithValues: submissions.map { ($0, SubmissionHistory()) })
                try Histories.addRows(of: submissions, to: &histories, connection)
                let hasLedger = try connection.query("SELECT to_regclass('yaoce.final_period') IS NOT NULL")
                    .single(Bool.self)
                guard hasLedger else { return histories }
                try Histories.addStock(of: submissions, to: &histories, connection)
                let final = try connection.query(
                    """
                    SELECT s.id FROM yaoce.submission s JOIN yaoce.final_period f USING (period_key)
                    WHERE s.id = ANY (\(submissions))
                    """)
                for row in 0..<final.count { histories[try final.value(row, 0)]?.isFinal = true }
                return histories
            }
        }
    }
}

/// The parts of what is known of some submissions.
private enum Histories {
    /// Data rows of the submission in force of the period before, by table. One query for all tables.
    static func addRows(
        of submissions: [SubmissionID], to histories: inout [SubmissionID: SubmissionHistory],
        _ connection: isolated Connection
    ) throws {
        let rows = try connection.query(
            """
            SELECT s.id, f.table_no, sum(f.rows_loaded + f.rows_quarantined)::bigint
            FROM yaoce.submission s
            JOIN yaoce.submission p ON p.institution_id = s.institution_id AND p.is_current
                AND p.period_key = yaoce.period_before(s.period_key) AND p.loaded_at IS NOT NULL
                AND p.withdrawn_at IS NULL
            JOIN yaoce.submission_file f ON f.submission_id = p.id AND f.table_no IS NOT NULL
            WHERE s.id = ANY (\(submissions)) GROUP BY 1, 2
            """)
        for row in 0..<rows.count {
            guard let table = DataTable(number: try rows.value(row, 1)) else { continue }
            histories[try rows.value(row, 0)]?.rowsBefore[table] = try rows.value(row, 2)
        }
    }

    /// Drugs of which something lies there at the end of the period before; none is known in the first period.
    static func addStock(
        of submissions: [SubmissionID], to histories: inout [SubmissionID: SubmissionHistory],
        _ connection: isolated Connection
    ) throws {
        let entries = try connection.query(
            """
            SELECT s.id, e.submission_id, e.period_key FROM yaoce.submission s
            JOIN yaoce.ledger_entry e ON e.institution_id = s.institution_id
                AND e.period_key = yaoce.period_before(s.period_key)
            WHERE s.id = ANY (\(submissions))
            """)
        guard entries.count > 0 else { return }
        var asking: [SubmissionID: [SubmissionID]] = [:]
        var before: [SubmissionID] = []
        var periods: Set<Int32> = []
        for row in 0..<entries.count {
            let (id, earlier): (SubmissionID, SubmissionID) = (try entries.value(row, 0), try entries.value(row, 1))
            histories[id]?.carriedDrugs = []
            asking[earlier, default: []].append(id)
            before.append(earlier)
            periods.insert(try entries.value(row, 2))
        }
        let found = asking
        var carried: [SubmissionID: Set<String>] = [:]
        try connection.forEachBlock(
            of: """
                SELECT submission_id, hospital_drug_code FROM yaoce.stock_ledger
                WHERE submission_id = ANY (\(before)) AND period_key = ANY (\(periods.sorted())) AND closing > 0
                """
        ) { rows in
            for row in 0..<rows.count {
                carried[try rows.value(row, 0), default: []].insert(try rows.value(row, 1))
            }
        }
        for (earlier, ids) in found {
            for id in ids { histories[id]?.carriedDrugs = carried[earlier] ?? [] }
        }
    }
}
