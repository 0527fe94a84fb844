public import Core
import Postgres

extension PostgresStore {
    /// Copies rows into the fact tables and makes them the ones in force; the submissions wait for postcheck.
    ///
    /// One transaction and one COPY per table and period for the whole group, so each submission becomes visible all or
    /// nothing. What was copied must equal what the files count, else nothing is written.
    public func completeLoad(
        _ staged: [(submission: Submission, rows: any StagedRows)], run: Int, at time: Timestamp?
    ) async throws {
        guard !staged.isEmpty else { return }
        let ids = staged.map(\.submission.id)
        let claims = claims
        _ = try await write(givesNumbers: false, recording: { .loaded(ids, at: $0, run: run) }) { connection in
            try claims.check(ids, connection)
            let time: Timestamp = try time ?? connection.query("SELECT now()").single()
            var group = try LoadGroup(staged, connection)
            try group.removeEarlierRows(connection)
            try group.copyDictionaries(connection)
            for period in group.periods {
                try connection.query("SELECT yaoce.make_partitions(\(period))")
                try group.copyInstitutions(period, connection)
                try group.copyCatalogues(period, connection)
                for table in DataTable.allCases where table.isMovement {
                    try group.copyMovements(of: table, period, connection)
                }
            }
            try group.open.write(connection)
            try connection.query(
                """
                UPDATE yaoce.submission
                SET loaded_at = CASE WHEN verdict <> 'returned' THEN \(time) END, is_settled = true, failures = 0,
                    waiting_for = \(Stage.postcheck.number)
                WHERE id = ANY (\(ids))
                """)
            try connection.query(
                """
                SELECT yaoce.choose_current(array_agg(institution_id), array_agg(period_key))
                FROM yaoce.submission WHERE id = ANY (\(ids))
                """)
            try Steps.record(.load, of: ids, run: run, connection)
            try claims.close(ids, connection)
            return time
        }
    }
}

/// Rows in the fact tables and their dictionaries.
enum Facts {
    static let partitioned = ["institution_row", "catalogue_row", "stock_in", "stock_out", "usage"]

    static func name(_ table: String, _ period: Int32) -> String { "yaoce.\(table)_\(period)" }

    /// Deletes the rows of submissions from the partitions of their periods.
    static func remove(_ ids: [SubmissionID], periods: Set<Int32>, _ connection: isolated Connection) throws {
        for table in partitioned {
            try connection.query(
                """
                DELETE FROM yaoce.\(identifier: table)
                WHERE period_key = ANY (\(periods.sorted())) AND submission_id = ANY (\(ids))
                """)
        }
        for table in ["row_header", "named_drug"] {
            try connection.query("DELETE FROM yaoce.\(identifier: table) WHERE submission_id = ANY (\(ids))")
        }
        try Placement(connection).forgetPositions(of: "\(ids)", connection)
    }
}
