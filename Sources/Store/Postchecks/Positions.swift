import Core
import Postgres

/// Each submission's drugs side by side (`drug_position`) and their sums (`submission_total`): made when postcheck first
/// needs them, and kept. So a night judges what is new without reading everybody's facts again.
///
/// The rows of most submissions find one another by the drug's number in the dictionary. Where a code stands under several
/// numbers, or several rows of a table under one code, they are grouped.
enum Positions {
    /// Makes what is missing of some loaded submissions.
    /// - Parameters:
    ///   - wanted: a query of submission_id, institution_id, period_key.
    ///   - areNamed: whether `name(_:_:)` was committed for them.
    /// - Returns: Whether anything was missing.
    @discardableResult
    static func make(
        of wanted: String, areNamed: Bool = false, _ connection: isolated Connection
    ) throws -> Bool {
        guard let (ids, periods) = try missing(of: wanted, connection) else { return false }
        let placement = try Placement(connection)
        let extent = try extent(of: ids, connection)
        let named = rows(of: "named_drug", extent)
        let keys = try Keys(of: ids, placement, connection)
        // Fresh tables have no statistics, and one that is taken for next to empty would be gone through as a whole for each row
        // of another. So nothing is looked up row by row, however few the submissions, nor merged by the submission alone, and
        // every table is read by its extent.
        try connection.script(hashing(true), named: "positions settings")
        try connection.script(
            """
            -- Where every drug has its row in the catalogue, no code stands under two numbers.
            UPDATE building b SET is_regular = false FROM (
                SELECT submission_id FROM building JOIN \(named) n USING (submission_id)
                LEFT JOIN (SELECT submission_id, sum(rows_loaded) AS rows FROM \(rows(of: "submission_file", extent)) o
                    WHERE table_no = 2 GROUP BY 1) f USING (submission_id)
                GROUP BY submission_id, f.rows HAVING count(*) > coalesce(f.rows, 0)) i
            WHERE i.submission_id = b.submission_id;
            UPDATE building b SET is_regular = true FROM (
                SELECT submission_id FROM building JOIN \(named) n USING (submission_id)
                WHERE NOT is_regular
                GROUP BY 1 HAVING count(*) = count(DISTINCT hashtextextended(n.hospital_drug_code, 0))) i
            WHERE i.submission_id = b.submission_id;
            """, named: "positions dictionary")
        if !areNamed { try name(ids, periods, keys, connection) }
        for period in periods {
            try connection.script(sideBySide(period, extent, keys, placement), named: "positions side by side")
            try connection.script(irregular(period, extent), named: "positions of rows that share a code")
            let grouping: [Int32] = try connection.query(
                "SELECT submission_id FROM building WHERE period_key = \(period) AND NOT is_regular ORDER BY 1",
                named: "positions grouped"
            ).column()
            // Of a night nearly all are regular, and all rows would be read and laid out for the few that are not.
            if !grouping.isEmpty {
                let rows = try self.extent(of: grouping, connection)
                try connection.script(grouped(period, rows, keys, placement), named: "positions grouped")
            }
            try connection.script(marks(period, extent, placement), named: "positions marks")
            try connection.script(totals(period, extent), named: "submission totals")
            // A coordinator that holds rows itself cannot analyze them in a transaction that has read them.
            if try !placement.isDistributed && isUnknown(period, connection) {
                try connection.script(analyze(period), named: "positions analyzed")
            }
            // Pages that the block index has not summed up are read by each look into it.
            if !placement.isDistributed {
                try connection.query(
                    """
                    SELECT brin_summarize_new_values(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                    JOIN pg_am a ON a.oid = c.relam AND a.amname = 'brin'
                    WHERE i.indrelid = to_regclass(\("yaoce.drug_position_\(period)"))
                    """, named: "positions analyzed")
            }
        }
        try connection.script(hashing(false), named: "positions settings")
        return true
    }

    /// Whether plans may only join by hashes from here on.
    static func hashing(_ isOnly: Bool) -> String {
        let others = isOnly ? "off" : "on"
        return "SET LOCAL enable_nestloop = \(others); SET LOCAL enable_mergejoin = \(others)"
    }

    /// Writes down whose positions are missing; `nil` where nobody's are.
    static func missing(
        of wanted: String, _ connection: isolated Connection
    ) throws -> (ids: [Int32], periods: [Int32])? {
        try connection.script(
            """
            DROP TABLE IF EXISTS building;
            CREATE TABLE building AS
            SELECT DISTINCT w.*, true AS is_regular FROM (\(wanted)) w (submission_id, institution_id, period_key)
            WHERE NOT EXISTS (SELECT FROM yaoce.submission_total t WHERE t.submission_id = w.submission_id);
            ANALYZE building;
            """, named: "positions missing")
        let periods: [Int32] = try connection.query("SELECT DISTINCT period_key FROM building ORDER BY 1").column()
        guard !periods.isEmpty else { return nil }
        return (try connection.query("SELECT submission_id FROM building ORDER BY 1").column(), periods)
    }

    /// Which rows of the dictionaries, facts and findings are looked at: a condition on `submission_id` with the numbers
    /// in it, so that the planner sees how few they are among those of all years.
    static func extent(of ids: [Int32], _ connection: isolated Connection) throws -> String? {
        guard let first = ids.first, let last = ids.last else { return nil }
        let range = "submission_id BETWEEN \(first) AND \(last)"
        if ids.count > 20, Int(last - first) < ids.count * 2 { return range }
        if ids.count <= 200 { return "submission_id IN (\(ids.map(String.init).joined(separator: ",")))" }
        let all: Int = try connection.query("SELECT coalesce(max(id), 0) FROM yaoce.submission").single()
        return Int(last - first) < all / 4 * 3 ? range : nil
    }

    /// Whether the partition has no statistics, or those of a much smaller one.
    private static func isUnknown(_ period: Int32, _ connection: isolated Connection) throws -> Bool {
        try connection.query(
            """
            SELECT reltuples < 0 OR pg_relation_size(oid) > relpages * 2 * current_setting('block_size')::bigint FROM pg_class
            WHERE oid = to_regclass(\("yaoce.drug_position_\(period)"))
            """, named: "positions analyzed"
        ).single()
    }

    /// What joins and conditions ask about. Without it a first night's plans take a partition for next to empty.
    private static func analyze(_ period: Int32) -> String {
        """
        ANALYZE yaoce.drug_position_\(period) (submission_id, key_no, code_hash, product, in_amount, in_doses, in_packs,
            out_doses, use_amount, use_doses, has_twin, in_clean, use_clean)
        """
    }

    private static let columns = """
        in_amount, in_packs, in_doses, out_packs, out_doses, use_amount, use_packs, use_doses, factor, code_hash, product,
        institution_id, period_key, submission_id, code_no, key_no, catalogue_file, catalogue_line, catalogue_row, in_file,
        in_line, in_row, out_file, out_line, out_row, use_file, use_line, use_row, is_essential, is_exempt
        """

    private static func rows(of table: String, _ period: Int32, _ extent: String?) -> String {
        rows(of: "\(table)_\(period)", extent)
    }

    /// The rows of a table that an extent takes in.
    static func rows(of table: String, _ extent: String?) -> String {
        extent.map { "(SELECT * FROM yaoce.\(table) WHERE \($0))" } ?? "yaoce.\(table)"
    }

    /// The extent as one more condition on the table that a statement changes.
    private static func within(_ alias: String, _ extent: String?) -> String {
        extent.map { " AND \(alias).\($0)" } ?? ""
    }

    /// What a product is, for P49.
    private static let product = """
        hashtextextended(c.approval_number, hashtextextended(coalesce(c.strength, ''), c.conversion_factor))
        """
    // Nearly none has the first character, and to look for it is quick.
    private static let exempt = "(strpos(c.approval_number, '制') > 0 AND c.approval_number ~ '制(剂)?(备)?字')"

    private static func sideBySide(
        _ period: Int32, _ extent: String?, _ keys: Keys, _ placement: Placement
    ) -> String {
        func together(_ alias: String) -> String { placement.sameInstitution(alias, "n") }
        return """
            INSERT INTO yaoce.drug_position_\(period) (\(columns))
            SELECT i.amount, i.pack_quantity, i.dose_quantity, o.pack_quantity, o.dose_quantity, u.amount, u.pack_quantity,
                u.dose_quantity, c.conversion_factor, hashtextextended(n.hospital_drug_code, 0), \(product),
                b.institution_id, \(period), n.submission_id, n.drug_no, \(keys.number), c.file_no, c.line, c.row_number,
                i.file_no, i.line, i.row_number, o.file_no, o.line, o.row_number, u.file_no, u.line, u.row_number,
                c.is_essential = 1, \(exempt)
            FROM building b JOIN \(rows(of: "named_drug", extent)) n USING (submission_id)
            \(keys.join)
            LEFT JOIN \(rows(of: "catalogue_row", period, extent)) c
                ON c.submission_id = n.submission_id AND c.drug_no = n.drug_no\(together("c"))
            LEFT JOIN \(rows(of: "stock_in", period, extent)) i ON i.submission_id = n.submission_id AND i.drug_no = n.drug_no\(together("i"))
            LEFT JOIN \(rows(of: "stock_out", period, extent)) o ON o.submission_id = n.submission_id AND o.drug_no = n.drug_no\(together("o"))
            LEFT JOIN \(rows(of: "usage", period, extent)) u ON u.submission_id = n.submission_id AND u.drug_no = n.drug_no\(together("u"))
            WHERE b.period_key = \(period) AND b.is_regular
                AND coalesce(c.drug_no, i.drug_no, o.drug_no, u.drug_no) IS NOT NULL
            """
    }

    /// Rows that were doubled by a join are taken out again, and their submission is grouped.
    private static func irregular(_ period: Int32, _ extent: String?) -> String {
        """
        UPDATE building b SET is_regular = false FROM (
            SELECT submission_id FROM \(rows(of: "drug_position", period, extent)) p JOIN building USING (submission_id)
            GROUP BY 1 HAVING count(*) > count(DISTINCT code_no)) i
        WHERE i.submission_id = b.submission_id;
        DELETE FROM yaoce.drug_position_\(period) p USING building b
        WHERE b.submission_id = p.submission_id AND NOT b.is_regular\(within("p", extent));
        """
    }

    private static func grouped(
        _ period: Int32, _ extent: String?, _ keys: Keys, _ placement: Placement
    ) -> String {
        let own = placement.distributed(", r_institution")
        func moved(_ table: String, _ number: Int, amount: String) -> String {
            """
            SELECT \(number)::smallint, r.submission_id, r.drug_no, \(amount), r.pack_quantity, r.dose_quantity,
                ARRAY[r.file_no, r.row_number, r.line], NULL::bigint, NULL::bigint, NULL::boolean, NULL::boolean
                \(placement.distributed(", r.institution_id"))
            FROM \(rows(of: table, period, extent)) r
            """
        }
        func sum(_ column: String, _ table: Int) -> String {
            // `least` would make a number of nothing.
            """
            CASE WHEN sum(\(column)) FILTER (WHERE t = \(table)) < 4000000000000000000
                THEN sum(\(column)) FILTER (WHERE t = \(table))
                WHEN count(*) FILTER (WHERE t = \(table)) > 0 THEN 4000000000000000000 END::bigint
            """
        }
        // The catalogue says what a code is; rows that say otherwise have been told so.
        let key = """
            CASE WHEN count(*) FILTER (WHERE t = 2) > 0 THEN max(key_no) FILTER (WHERE t = 2) ELSE max(key_no) END
            """
        func place(_ table: Int) -> String {
            [1, 3, 2].map { "(min(place) FILTER (WHERE t = \(table)))[\($0)]" }.joined(separator: ", ")
        }
        return """
            INSERT INTO yaoce.drug_position_\(period) (\(columns))
            SELECT \(sum("amount", 3)), \(sum("packs", 3)), \(sum("doses", 3)), \(sum("packs", 4)), \(sum("doses", 4)),
                \(sum("amount", 5)), \(sum("packs", 5)), \(sum("doses", 5)), max(factor), max(code_hash), max(product),
                institution_id, \(period), submission_id, code_no, \(key), \(place(2)), \(place(3)), \(place(4)),
                \(place(5)), bool_or(is_essential), bool_or(is_exempt)
            FROM (
                SELECT d.submission_id, d.institution_id, d.code_no, d.code_hash, d.key_no, r.*
                FROM (
                    SELECT n.submission_id, n.institution_id, n.drug_no, \(keys.number) AS key_no,
                        hashtextextended(n.hospital_drug_code, 0) AS code_hash,
                        min(n.drug_no) OVER (PARTITION BY n.submission_id, n.hospital_drug_code\(placement.distributed(", n.institution_id")))
                            AS code_no
                    FROM building b JOIN \(rows(of: "named_drug", extent)) n USING (submission_id)
                    \(keys.join)
                    WHERE b.period_key = \(period) AND NOT b.is_regular) d
                JOIN (
                    SELECT 2::smallint, c.submission_id, c.drug_no, NULL::bigint, NULL::bigint, NULL::bigint,
                        ARRAY[c.file_no, c.row_number, c.line], c.conversion_factor, \(product), c.is_essential = 1,
                        \(exempt)\(placement.distributed(", c.institution_id"))
                    FROM \(rows(of: "catalogue_row", period, extent)) c
                    UNION ALL \(moved("stock_in", 3, amount: "r.amount"))
                    UNION ALL \(moved("stock_out", 4, amount: "0::bigint"))
                    UNION ALL \(moved("usage", 5, amount: "r.amount"))
                ) r (t, r_submission, r_drug, amount, packs, doses, place, factor, product, is_essential, is_exempt\(own))
                    ON r.r_submission = d.submission_id AND r.r_drug = d.drug_no
                    \(placement.distributed("AND r.r_institution = d.institution_id"))) g
            GROUP BY submission_id, institution_id, code_no
            """
    }

    /// Prices that precheck doubted, and codes that share their national code with another.
    private static func marks(_ period: Int32, _ extent: String?, _ placement: Placement) -> String {
        """
        DROP TABLE IF EXISTS unclean;
        CREATE TABLE unclean AS
        SELECT DISTINCT f.submission_id, f.file_no, f.row_number
        FROM \(rows(of: "finding", extent)) f JOIN building b USING (submission_id)
        WHERE b.period_key = \(period) AND f.stage = 1 AND f.row_number IS NOT NULL
            AND f.rule_id IN ('F01', 'F03', 'F04', 'F05', 'C16', 'D11');
        ANALYZE unclean;
        UPDATE yaoce.drug_position_\(period) p
        SET in_clean = p.in_clean AND NOT m.of_in, use_clean = p.use_clean AND NOT m.of_use
        FROM (
            SELECT p.submission_id, p.code_no,
                bool_or((p.in_file, p.in_row) IS NOT DISTINCT FROM (u.file_no, u.row_number)
                    OR (p.catalogue_file, p.catalogue_row) IS NOT DISTINCT FROM (u.file_no, u.row_number)) AS of_in,
                bool_or((p.use_file, p.use_row) IS NOT DISTINCT FROM (u.file_no, u.row_number)
                    OR (p.catalogue_file, p.catalogue_row) IS NOT DISTINCT FROM (u.file_no, u.row_number)) AS of_use
            FROM (SELECT submission_id, code_no, catalogue_file, catalogue_row, in_file, in_row, use_file, use_row,
                    unnest(ARRAY[catalogue_file, in_file, use_file]) AS file_no,
                    unnest(ARRAY[catalogue_row, in_row, use_row]) AS row_number
                FROM \(rows(of: "drug_position", period, extent)) p
                WHERE submission_id IN (SELECT submission_id FROM unclean)) p
            JOIN unclean u USING (submission_id, file_no, row_number)
            GROUP BY 1, 2) m
        WHERE m.submission_id = p.submission_id AND m.code_no = p.code_no\(within("p", extent));
        UPDATE yaoce.drug_position_\(period) p SET has_twin = true
        FROM (SELECT submission_id, key_no\(placement.distributed(", q.institution_id"))
            FROM \(rows(of: "drug_position", period, extent)) q JOIN building USING (submission_id)
            WHERE key_no IS NOT NULL GROUP BY 1, 2\(placement.distributed(", 3")) HAVING count(*) > 1) t
        WHERE t.submission_id = p.submission_id AND t.key_no = p.key_no\(placement.sameInstitution("t", "p"))\(within("p", extent));
        """
    }

    /// A row of a movement as one number; the same for all institutions.
    static func rowHash(_ table: Int, amount: String, packs: String, doses: String) -> String {
        """
        hashint8extended(\(amount), hashint8extended(\(packs), hashint8extended(\(doses),
            coalesce(p.key_no, 0)::bigint * 8 + \(table))))
        """
    }

    /// The hashes of a position's movement rows, for P36.
    static let rowHashes = [
        ("in_doses", rowHash(3, amount: "p.in_amount", packs: "p.in_packs", doses: "p.in_doses")),
        ("out_doses", rowHash(4, amount: "0::bigint", packs: "p.out_packs", doses: "p.out_doses")),
        ("use_doses", rowHash(5, amount: "p.use_amount", packs: "p.use_packs", doses: "p.use_doses")),
    ]

    /// The hashes that the sketch of a large submission keeps: a fifth of them all.
    static let sketched = "hash BETWEEN 0 AND 3689348814741910323"

    private static func totals(_ period: Int32, _ extent: String?) -> String {
        let own = "\(rows(of: "drug_position", period, extent)) p JOIN building b USING (submission_id)"
        let digits = (0...9).map {
            "count(*) FILTER (WHERE digit = \($0))"
        }.joined(separator: ", ")
        return """
            INSERT INTO yaoce.submission_total (submission_id, institution_id, period_key, positions, varieties, rows_in,
                rows_out, rows_used, in_amount, use_amount, in_doses, out_doses, in_useful, out_useful, use_useful,
                flagged, essential, codes_priced, codes_issued, counted, hundreds, digits, months, sketch, is_whole_sketch)
            SELECT b.submission_id, b.institution_id, \(period), coalesce(t.positions, 0), coalesce(varieties, 0),
                coalesce(rows_in, 0), coalesce(rows_out, 0), coalesce(rows_used, 0), coalesce(in_amount, 0),
                coalesce(use_amount, 0), coalesce(in_doses, 0), coalesce(out_doses, 0), coalesce(in_useful, false),
                coalesce(out_useful, false), coalesce(use_useful, false), coalesce(flagged, 0), coalesce(essential, 0),
                coalesce(codes_priced, 0), coalesce(codes_issued, 0), coalesce(counted, 0), coalesce(hundreds, 0),
                coalesce(digits, '{}'), coalesce(m.months, '{}'), coalesce(k.sketch, '{}'),
                coalesce(k.is_whole, true)
            FROM building b
            LEFT JOIN (
                SELECT p.submission_id, count(*) AS positions, count(p.catalogue_row) AS varieties,
                    count(p.in_doses) AS rows_in, count(p.out_doses) AS rows_out, count(p.use_doses) AS rows_used,
                    sum(in_amount) AS in_amount, sum(use_amount) AS use_amount, sum(in_doses) AS in_doses,
                    sum(out_doses) AS out_doses, bool_or(in_amount <> 0 OR in_packs <> 0 OR in_doses <> 0) AS in_useful,
                    bool_or(out_packs <> 0 OR out_doses <> 0) AS out_useful,
                    bool_or(use_amount <> 0 OR use_packs <> 0 OR use_doses <> 0) AS use_useful,
                    count(is_essential) AS flagged, count(*) FILTER (WHERE is_essential) AS essential,
                    count(*) FILTER (WHERE in_doses > 0 AND in_amount > 0 AND use_doses > 0 AND use_amount > 0)
                        AS codes_priced,
                    count(*) FILTER (WHERE use_doses > 0 AND out_doses > 0) AS codes_issued,
                    count(*) FILTER (WHERE use_packs > 0) AS counted,
                    count(*) FILTER (WHERE use_packs > 0 AND use_packs % 1000000 = 0) AS hundreds,
                    ARRAY[\(digits)] AS digits
                FROM (SELECT p.*, CASE WHEN use_packs >= 1000000 THEN use_packs / 10000 % 10 END AS digit
                    FROM \(own) WHERE b.period_key = \(period) OFFSET 0) p GROUP BY 1) t USING (submission_id)
            LEFT JOIN (
                SELECT h.submission_id, array_agg(DISTINCT extract(month FROM h.report_date)::integer) AS months
                FROM \(rows(of: "row_header", extent)) h JOIN building b USING (submission_id)
                WHERE extract(year FROM h.report_date) = \(period / 100) GROUP BY 1) m USING (submission_id)
            LEFT JOIN (
                SELECT submission_id, is_whole, CASE WHEN is_whole THEN whole ELSE part END AS sketch FROM (
                    SELECT submission_id, count(*) < 400 OR count(*) FILTER (WHERE \(sketched)) < count(*) * 0.15 AS is_whole,
                        CASE WHEN count(*) < 400 OR count(*) FILTER (WHERE \(sketched)) < count(*) * 0.15
                            THEN array_agg(hash) END AS whole,
                        array_agg(hash) FILTER (WHERE \(sketched)) AS part
                    FROM (\(rowHashes.map { "SELECT p.submission_id, \($1) AS hash FROM \(own) WHERE b.period_key = \(period) AND \($0) IS NOT NULL" }.joined(separator: " UNION ALL "))) h
                    GROUP BY 1) s) k USING (submission_id)
            WHERE b.period_key = \(period)
            """
    }
}
