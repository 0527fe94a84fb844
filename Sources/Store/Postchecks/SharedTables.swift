/// The temporary tables that rules share: made once for a period, gone with the transaction.
///
/// Texts are looked up once: a drug is `key_no` (its national code) and `code_no` (the hospital's own code within its
/// submission, the smallest `drug_no` that bears it). Sums are `numeric`: no sum of hostile figures overflows.
enum SharedTables {
    /// Statements for a period, each with its name, in their order.
    static func statements(period: Int32) -> [(name: String, text: String)] {
        [
            ("postcheck submissions", submissions(period)),
            ("postcheck drugs", drugs),
            ("postcheck catalogue", catalogue(period)),
            ("postcheck movements", movements(period)),
            ("postcheck earlier period", earlier(period)),
        ]
    }

    /// Which submissions are judged, and which of the period they are compared with. `previous_id` is the institution's
    /// accepted submission of the period before.
    private static func submissions(_ period: Int32) -> String {
        """
        CREATE TEMP TABLE checked ON COMMIT DROP AS
        SELECT s.id AS submission_id, s.institution_id, i.hospital_code, s.period_key,
            coalesce(s.waiting_for = 5 AND s.set_aside_reason IS NULL, false) AS is_judged, s.is_current,
            CASE WHEN l.level IN (2, 3) THEN l.level::text WHEN l.is_primary THEN 'primary' ELSE '2' END AS level,
            l.declared_income, coalesce(l.lead_hospital_code, i.hospital_code) AS community, p.id AS previous_id,
            r.annual_drug_income AS income, r.bed_count AS beds, r.file_no, r.line, r.row_number,
            coalesce(f.rows_loaded, 0) AS rows_loaded, l.hospital_code IS NOT NULL AS is_listed
        FROM yaoce.submission s
        JOIN yaoce.institution i ON i.id = s.institution_id
        LEFT JOIN yaoce.library_version v ON v.kind = 'institutions' AND v.is_current
        LEFT JOIN yaoce.library_institution l ON l.version_id = v.id AND l.hospital_code = i.hospital_code
        LEFT JOIN yaoce.submission p ON p.institution_id = s.institution_id AND p.is_current
            AND p.period_key = yaoce.period_before(s.period_key) AND p.loaded_at IS NOT NULL
            AND p.withdrawn_at IS NULL
        LEFT JOIN LATERAL (SELECT * FROM yaoce.institution_row r WHERE r.period_key = \(period)
            AND r.submission_id = s.id ORDER BY file_no, row_number LIMIT 1) r ON true
        LEFT JOIN (SELECT submission_id, sum(rows_loaded) AS rows_loaded FROM yaoce.submission_file GROUP BY 1) f
            ON f.submission_id = s.id
        WHERE s.period_key = \(period) AND s.loaded_at IS NOT NULL AND s.withdrawn_at IS NULL
            AND (s.is_current OR s.waiting_for = 5 AND s.set_aside_reason IS NULL);
        ALTER TABLE checked ADD PRIMARY KEY (submission_id);
        ANALYZE checked;
        """
    }

    /// `is_known` is false where a library is in force and does not have the code: such drugs have no benchmark.
    private static let drugs = """
        CREATE TEMP TABLE drug_key ON COMMIT DROP AS
        SELECT (row_number() OVER ())::integer AS key_no, k.ypid, v.id IS NULL OR l.ypid IS NOT NULL AS is_known,
            l.conversion_factor AS factor, l.award_price, l.is_central_procurement, l.is_essential
        FROM (SELECT DISTINCT coalesce(n.matched_ypid, n.ypid) AS ypid FROM yaoce.named_drug n
            JOIN checked USING (submission_id)) k
        LEFT JOIN yaoce.library_version v ON v.kind = 'drugs' AND v.is_current
        LEFT JOIN yaoce.library_drug l ON l.version_id = v.id AND l.ypid = k.ypid
        WHERE k.ypid IS NOT NULL;
        ANALYZE drug_key;
        CREATE TEMP TABLE drug ON COMMIT DROP AS
        WITH repeated AS (SELECT submission_id, hospital_drug_code, min(drug_no) AS code_no FROM yaoce.named_drug
            JOIN checked USING (submission_id) GROUP BY 1, 2 HAVING count(*) > 1)
        SELECT n.submission_id, n.drug_no, coalesce(r.code_no, n.drug_no) AS code_no, k.key_no
        FROM yaoce.named_drug n
        JOIN checked USING (submission_id)
        LEFT JOIN repeated r USING (submission_id, hospital_drug_code)
        LEFT JOIN drug_key k ON k.ypid = coalesce(n.matched_ypid, n.ypid);
        ANALYZE drug;
        """

    /// Findings of precheck that make a row's price useless. Mostly such rows are quarantined and not there at all.
    private static func catalogue(_ period: Int32) -> String {
        """
        CREATE TEMP TABLE catalogue ON COMMIT DROP AS
        SELECT r.submission_id, d.code_no, d.key_no, r.conversion_factor AS factor, r.is_essential = 1 AS is_essential,
            r.file_no, r.line, r.row_number, r.drug_no, hashtextextended(r.approval_number, hashtextextended(
                coalesce(r.strength, ''), r.conversion_factor)) AS product,
            r.approval_number ~ '制(剂)?(备)?字' AS is_exempt
        FROM yaoce.catalogue_row r JOIN drug d USING (submission_id, drug_no) WHERE r.period_key = \(period);
        ANALYZE catalogue;
        CREATE TEMP TABLE unclean ON COMMIT DROP AS
        SELECT DISTINCT f.submission_id, f.file_no, f.row_number
        FROM yaoce.finding f JOIN checked c USING (submission_id)
        WHERE f.stage = 1 AND f.rule_id IN ('F01', 'F03', 'F04', 'F05', 'C16', 'D11') AND f.row_number IS NOT NULL;
        CREATE TEMP TABLE unclean_code ON COMMIT DROP AS
        SELECT DISTINCT submission_id, code_no FROM unclean JOIN catalogue USING (submission_id, file_no, row_number);
        ANALYZE unclean;
        ANALYZE unclean_code;
        """
    }

    private static func movements(_ period: Int32) -> String {
        func rows(_ table: String, _ number: Int, amount: String) -> String {
            """
            SELECT \(number)::smallint AS table_no, r.submission_id, d.code_no, d.key_no, r.file_no, r.line,
                r.row_number, \(amount) AS amount, r.pack_quantity AS packs, r.dose_quantity AS doses
            FROM yaoce.\(table) r JOIN drug d USING (submission_id, drug_no) WHERE r.period_key = \(period)
            """
        }
        return """
            CREATE TEMP TABLE movement ON COMMIT DROP AS
            \(rows("stock_in", 3, amount: "r.amount")) UNION ALL
            \(rows("stock_out", 4, amount: "0::bigint")) UNION ALL
            \(rows("usage", 5, amount: "r.amount"));
            ANALYZE movement;
            CREATE TEMP TABLE code_total ON COMMIT DROP AS
            SELECT submission_id, code_no, max(key_no) AS key_no,
                sum(amount) FILTER (WHERE table_no = 3) AS in_amount, sum(doses) FILTER (WHERE table_no = 3) AS in_doses,
                sum(doses) FILTER (WHERE table_no = 4) AS out_doses,
                sum(amount) FILTER (WHERE table_no = 5) AS use_amount, sum(doses) FILTER (WHERE table_no = 5) AS use_doses
            FROM movement JOIN checked c USING (submission_id) WHERE c.is_judged GROUP BY 1, 2;
            ANALYZE code_total;
            """
    }

    /// What judged institutions reported a period earlier, by their own drug codes; empty where none did.
    private static func earlier(_ period: Int32) -> String {
        let before =
            "r.period_key = yaoce.period_before(\(period)) AND r.submission_id IN (SELECT previous_id FROM checked WHERE is_judged)"
        return """
            CREATE TEMP TABLE earlier ON COMMIT DROP AS
            WITH code AS (
                SELECT c.submission_id, c.previous_id, c.period_key, n.hospital_drug_code, min(d.code_no) AS code_no
                FROM checked c JOIN yaoce.named_drug n USING (submission_id) JOIN drug d USING (submission_id, drug_no)
                WHERE c.is_judged AND c.previous_id IS NOT NULL GROUP BY 1, 2, 3, 4
            ), moved AS (
                SELECT 3::smallint AS table_no, r.submission_id, r.drug_no, amount, pack_quantity, dose_quantity
                    FROM yaoce.stock_in r WHERE \(before)
                UNION ALL SELECT 4, r.submission_id, r.drug_no, 0, pack_quantity, dose_quantity
                    FROM yaoce.stock_out r WHERE \(before)
                UNION ALL SELECT 5, r.submission_id, r.drug_no, amount, pack_quantity, dose_quantity
                    FROM yaoce.usage r WHERE \(before)
            )
            SELECT c.submission_id, m.table_no, c.code_no, sum(m.amount) AS amount, sum(m.pack_quantity) AS packs,
                sum(m.dose_quantity) AS doses
            FROM moved m
            JOIN yaoce.named_drug n ON n.submission_id = m.submission_id AND n.drug_no = m.drug_no
            JOIN code c ON c.previous_id = m.submission_id AND c.hospital_drug_code = n.hospital_drug_code
            GROUP BY 1, 2, 3;
            ANALYZE earlier;
            """
    }

    /// What rules say about each submission as a whole; needs the benchmark.
    static func scope(period: Int32) -> String {
        """
        CREATE TEMP TABLE scope ON COMMIT DROP AS
        SELECT c.*, m.*, p.*, k.*, g.*, t.*, q.id IS NOT NULL AS has_drugs, e.varieties AS earlier_varieties
        FROM checked c
        LEFT JOIN yaoce.library_version q ON q.kind = 'drugs' AND q.is_current
        LEFT JOIN (SELECT r.submission_id, count(*) AS varieties FROM yaoce.catalogue_row r
            WHERE r.period_key = yaoce.period_before(\(period)) GROUP BY 1) e ON e.submission_id = c.previous_id
        LEFT JOIN (
            SELECT submission_id AS m_id, count(*) FILTER (WHERE table_no = 3) AS rows_in,
                count(*) FILTER (WHERE table_no = 4) AS rows_out, count(*) FILTER (WHERE table_no = 5) AS rows_used,
                count(*) AS rows_moved, count(*) FILTER (WHERE packs > 0 AND doses > 0 AND factor > 0) AS rows_factor,
                count(*) FILTER (WHERE table_no = 3 AND packs > 0 AND award_price > 0
                    AND is_central_procurement IS NOT FALSE) AS rows_award,
                coalesce(sum(amount) FILTER (WHERE table_no = 3), 0) AS in_amount,
                coalesce(sum(amount) FILTER (WHERE table_no = 5), 0) AS use_amount,
                coalesce(sum(doses) FILTER (WHERE table_no = 3), 0) AS in_doses,
                coalesce(sum(doses) FILTER (WHERE table_no = 4), 0) AS out_doses
            FROM movement LEFT JOIN drug_key USING (key_no) GROUP BY 1) m ON m.m_id = c.submission_id
        LEFT JOIN (
            SELECT submission_id AS p_id, count(median) AS assessed, count(*) - count(median) AS not_assessed,
                count(median) FILTER (WHERE institutions >= 8) AS assessed_8,
                count(median) FILTER (WHERE table_no = 5) AS assessed_used
            FROM priced GROUP BY 1) p ON p.p_id = c.submission_id
        LEFT JOIN (
            SELECT t.submission_id AS k_id, count(*) FILTER (WHERE in_doses > 0 AND in_amount > 0 AND use_doses > 0
                    AND use_amount > 0) AS codes_priced,
                count(*) FILTER (WHERE use_doses > 0 AND out_doses > 0) AS codes_issued,
                count(use_doses) AS codes_used
            FROM code_total t GROUP BY 1) k ON k.k_id = c.submission_id
        LEFT JOIN (
            SELECT level AS g_level, count(*) FILTER (WHERE beds > 0 AND income > 0) AS peers,
                sum(rows_loaded) AS peer_rows
            FROM checked WHERE is_current GROUP BY 1) g ON g.g_level = c.level
        LEFT JOIN (SELECT submission_id AS t_id, count(is_essential) AS flagged FROM catalogue GROUP BY 1) t
            ON t.t_id = c.submission_id
        WHERE c.is_judged;
        ANALYZE scope;
        """
    }
}
