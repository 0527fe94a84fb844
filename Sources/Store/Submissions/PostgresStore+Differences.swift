public import Core
import Postgres

extension PostgresStore {
    /// What submissions changed against the accepted version before each; nothing of those that had none, or were
    /// themselves not loaded.
    ///
    /// Rows are told apart by their key; report dates and places in files do not count, only what the row says.
    public func differences(
        of submissions: [SubmissionID], sampleLimit: Int
    ) async throws -> [SubmissionID: VersionDifference] {
        try await read { connection in
            let found = try connection.query(
                """
                SELECT DISTINCT ON (s.id) s.id, o.id, o.version, s.period_key FROM yaoce.submission s
                JOIN yaoce.submission o ON o.institution_id = s.institution_id AND o.period_key = s.period_key
                    AND o.version < s.version
                WHERE s.id = ANY (\(submissions)) AND s.version > 1 AND s.loaded_at IS NOT NULL
                    AND o.loaded_at IS NOT NULL
                ORDER BY s.id, o.version DESC
                """)
            var differences: [SubmissionID: VersionDifference] = [:]
            guard found.count > 0 else { return differences }
            let placement = try Placement(connection)
            for row in 0..<found.count {
                let submission: SubmissionID = try found.value(row, 0)
                let older: SubmissionID = try found.value(row, 1)
                let period: Int32 = try found.value(row, 3)
                var difference = VersionDifference(
                    against: older, version: try found.value(row, 2), tables: [], samples: [])
                for table in DataTable.allCases {
                    let rows = TableRows(table: table, period: period, placement: placement)
                    difference.tables.append(
                        try rows.counts(from: older, to: submission, connection))
                    let left = sampleLimit - difference.samples.count
                    guard left > 0 else { continue }
                    difference.samples += try rows.samples(from: older, to: submission, limit: left, connection)
                }
                differences[submission] = difference
            }
            return differences
        }
    }
}

/// The rows of one table of two submissions, side by side.
private struct TableRows {
    let table: DataTable
    let period: Int32
    let placement: Placement

    private func together(_ alias: String) -> SQL { SQL(unchecked: placement.sameInstitution(alias, "r")) }

    /// Key, name and all values as text, of one submission.
    private func values(of submission: SubmissionID) -> SQL {
        let drug: SQL = """
            JOIN yaoce.named_drug d ON d.submission_id = r.submission_id AND d.drug_no = r.drug_no\(together("d"))
            WHERE r.period_key = \(period) AND r.submission_id = \(submission) AND d.submission_id = \(submission)
            """
        switch table {
        case .institution:
            return """
                SELECT h.hospital_code AS key, h.hospital_name AS name, jsonb_build_object(
                    'annual_drug_income', (r.annual_drug_income / 100.0)::numeric(16, 2)::text,
                    'bed_count', r.bed_count::text, 'hospital_name', h.hospital_name,
                    'unit_head', r.unit_head, 'stats_head', r.stats_head) AS cells
                FROM yaoce.institution_row r
                JOIN yaoce.row_header h ON h.submission_id = r.submission_id AND h.header_no = r.header_no\(together("h"))
                WHERE r.period_key = \(period) AND r.submission_id = \(submission) AND h.submission_id = \(submission)
                """
        case .catalogue:
            return """
                SELECT d.hospital_drug_code AS key, d.product_name AS name, jsonb_build_object(
                    'ypid', d.ypid, 'procurement_code', d.procurement_code, 'product_name', d.product_name,
                    'generic_name', r.generic_name, 'trade_name', r.trade_name, 'trade_name_en', r.trade_name_en,
                    'approval_number', r.approval_number, 'manufacturer', r.manufacturer,
                    'dosage_form', r.dosage_form, 'strength', r.strength, 'dosage_unit', r.dosage_unit,
                    'pack_unit', r.pack_unit,
                    'conversion_factor', trim_scale(r.conversion_factor / 10000.0)::text,
                    'is_essential', r.is_essential::text,
                    'is_central_procurement', r.is_central_procurement::text,
                    'is_consistency_evaluated', r.is_consistency_evaluated::text) AS cells
                FROM yaoce.catalogue_row r \(drug)
                """
        case .stockIn: return movement("stock_in", hasAmount: true, drug)
        case .stockOut: return movement("stock_out", hasAmount: false, drug)
        case .usage: return movement("usage", hasAmount: true, drug)
        }
    }

    private func movement(_ name: SQL, hasAmount: Bool, _ drug: SQL) -> SQL {
        let amount: SQL = hasAmount ? "'amount', (r.amount / 100.0)::numeric(16, 2)::text," : ""
        return """
            SELECT d.hospital_drug_code AS key, d.product_name AS name, jsonb_build_object(
                'ypid', d.ypid, 'procurement_code', d.procurement_code, 'product_name', d.product_name, \(amount)
                'pack_quantity', trim_scale(r.pack_quantity / 10000.0)::text,
                'dose_quantity', trim_scale(r.dose_quantity / 10000.0)::text) AS cells
            FROM yaoce.\(name) r \(drug)
            """
    }

    func counts(
        from older: SubmissionID, to newer: SubmissionID, _ connection: isolated Connection
    ) throws -> VersionDifference.Table {
        let row = try connection.query(
            """
            WITH o AS (\(values(of: older))), n AS (\(values(of: newer)))
            SELECT count(*) FILTER (WHERE o.key IS NULL), count(*) FILTER (WHERE n.key IS NULL),
                count(*) FILTER (WHERE o.cells <> n.cells), count(*) FILTER (WHERE o.cells = n.cells)
            FROM o FULL JOIN n ON n.key = o.key
            """)
        return VersionDifference.Table(
            table: table, added: try row.value(0, 0), removed: try row.value(0, 1), changed: try row.value(0, 2),
            unchanged: try row.value(0, 3))
    }

    func samples(
        from older: SubmissionID, to newer: SubmissionID, limit: Int, _ connection: isolated Connection
    ) throws -> [VersionDifference.Sample] {
        let rows = try connection.query(
            """
            WITH o AS (\(values(of: older))), n AS (\(values(of: newer))), both_sides AS (
                SELECT coalesce(n.key, o.key) AS key, coalesce(n.name, o.name) AS name,
                    CASE WHEN o.key IS NULL THEN 'added' WHEN n.key IS NULL THEN 'removed' ELSE 'changed' END AS kind,
                    o.cells AS before, n.cells AS after
                FROM o FULL JOIN n ON n.key = o.key WHERE o.cells IS DISTINCT FROM n.cells
            )
            SELECT b.key, b.name, b.kind, c.name, b.before ->> c.name, b.after ->> c.name
            FROM both_sides b LEFT JOIN LATERAL (
                SELECT a.key AS name FROM jsonb_each_text(b.after) a
                WHERE b.kind = 'changed' AND a.value IS DISTINCT FROM b.before ->> a.key
            ) c ON true
            ORDER BY b.key COLLATE "C", c.name COLLATE "C" LIMIT \(limit)
            """)
        return try (0..<rows.count).map { row in
            let kind: String = try rows.value(row, 2)
            return VersionDifference.Sample(
                table: table, key: try rows.value(row, 0), name: try rows.value(row, 1),
                kind: VersionDifference.Kind(rawValue: kind) ?? .changed, column: try rows.value(row, 3),
                before: try rows.value(row, 4), after: try rows.value(row, 5))
        }
    }
}
