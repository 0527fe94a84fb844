import Core
import Postgres

/// The tables that rules share (`WorkTables`): made once for a period, gone with the transaction.
///
/// `position` stands for the kept positions of the period; everything else is small: a row for a submission, for a drug, or
/// for a position that some rule may have something to say about.
enum SharedTables {
    /// Which submissions are judged, and which of the period they are compared with. `previous_id` is the institution's
    /// accepted submission of the period before; `history_ids` are those of up to twelve before.
    static func submissions(_ period: Int32) -> String {
        """
        CREATE TABLE checked AS
        SELECT s.id AS submission_id, s.institution_id, i.hospital_code, s.period_key,
            coalesce(s.waiting_for = 5 AND s.set_aside_reason IS NULL, false) AS is_judged, s.is_current, s.supersedes,
            CASE WHEN l.level IN (2, 3) THEN l.level::text WHEN l.is_primary THEN 'primary' ELSE '2' END AS level,
            l.declared_income, coalesce(l.lead_hospital_code, i.hospital_code) AS community, p.id AS previous_id, y.id AS year_before_id,
            r.annual_drug_income AS income, r.bed_count AS beds, r.file_no, r.line, r.row_number,
            coalesce(f.rows_loaded, 0) AS rows_loaded, l.hospital_code IS NOT NULL AS is_listed, l.city, l.extra
        FROM yaoce.submission s
        JOIN yaoce.institution i ON i.id = s.institution_id
        LEFT JOIN yaoce.library_version v ON v.kind = 'institutions' AND v.is_current
        LEFT JOIN yaoce.library_institution l ON l.version_id = v.id AND l.hospital_code = i.hospital_code
        LEFT JOIN yaoce.submission p ON p.institution_id = s.institution_id AND p.is_current
            AND p.period_key = yaoce.period_before(s.period_key) AND p.loaded_at IS NOT NULL
            AND p.withdrawn_at IS NULL
        LEFT JOIN yaoce.submission y ON y.institution_id = s.institution_id AND y.is_current
            AND y.period_key = s.period_key - 100 AND y.loaded_at IS NOT NULL AND y.withdrawn_at IS NULL
        LEFT JOIN (SELECT DISTINCT ON (submission_id) * FROM yaoce.institution_row WHERE period_key = \(period)
            ORDER BY submission_id, file_no, row_number) r ON r.submission_id = s.id
        LEFT JOIN (SELECT submission_id, sum(rows_loaded) AS rows_loaded FROM yaoce.submission_file
            WHERE submission_id = ANY (ARRAY(SELECT id FROM yaoce.submission WHERE period_key = \(period))) GROUP BY 1) f
            ON f.submission_id = s.id
        WHERE s.period_key = \(period) AND s.loaded_at IS NOT NULL AND s.withdrawn_at IS NULL
            AND (s.is_current OR s.waiting_for = 5 AND s.set_aside_reason IS NULL);
        ALTER TABLE checked ADD PRIMARY KEY (submission_id);
        ANALYZE checked;
        CREATE TABLE past AS
        SELECT submission_id, past_id, past_key, age FROM (
            SELECT c.submission_id, s.id AS past_id, s.period_key AS past_key,
                row_number() OVER (PARTITION BY c.submission_id ORDER BY s.period_key DESC) AS age
            FROM checked c JOIN yaoce.submission s USING (institution_id)
            WHERE c.is_judged AND s.is_current AND s.loaded_at IS NOT NULL AND s.withdrawn_at IS NULL
                AND s.period_key < c.period_key
                AND yaoce.period_months(s.period_key) = yaoce.period_months(c.period_key)) p
        WHERE age <= 12;
        ANALYZE past;
        """
    }

    /// Whose positions are needed: everybody's of the period, and of those who are judged their past and what they
    /// replace.
    static func wanted(_ period: Int32) -> String {
        """
        SELECT submission_id, institution_id, period_key FROM checked
        UNION ALL SELECT past_id, institution_id, past_key FROM past JOIN checked USING (submission_id)
        UNION ALL SELECT s.id, s.institution_id, s.period_key FROM checked c JOIN yaoce.submission s ON s.id = c.supersedes
        WHERE c.is_judged AND s.loaded_at IS NOT NULL AND s.withdrawn_at IS NULL
        """
    }

    /// What the library says of the drugs that judged submissions name, and of those whose benchmark is calculated.
    /// `is_known` is false where a library is in force
    /// and does not have the code: such drugs have no benchmark. Columns that a library need not have are looked for under
    /// their names among what it says besides.
    static func drugs(_ period: Int32, _ extent: PriceBenchmark.Extent) -> String {
        let keys =
            switch extent {
            case .everything:
                """
                SELECT key_no, true AS is_touched FROM yaoce.drug_position_\(period) JOIN checked USING (submission_id)
                WHERE key_no IS NOT NULL GROUP BY 1
                """
            case .changed, .nothing:
                """
                SELECT key_no, bool_or(is_touched) AS is_touched FROM (
                    SELECT key_no, false AS is_touched FROM yaoce.drug_position_\(period) JOIN checked USING (submission_id)
                    WHERE is_judged
                    UNION ALL SELECT key_no, true FROM yaoce.drug_position_\(period) JOIN came_or_went USING (submission_id)
                ) k WHERE key_no IS NOT NULL GROUP BY 1
                """
            }
        return """
            CREATE TABLE drug AS
            SELECT k.key_no, d.ypid, v.id IS NULL OR l.ypid IS NOT NULL AS is_known, l.conversion_factor AS factor,
                CASE WHEN l.is_central_procurement IS NOT FALSE AND l.award_price > 0 THEN l.award_price END AS award_price,
                l.is_essential, yaoce.generic_key(l.generic_name, l.dosage_form, l.strength) AS generic, l.extra, k.is_touched
            FROM (\(keys)) k
            JOIN yaoce.drug_key d USING (key_no)
            LEFT JOIN yaoce.library_version v ON v.kind = 'drugs' AND v.is_current
            LEFT JOIN yaoce.library_drug l ON l.version_id = v.id AND l.ypid = d.ypid;
            ALTER TABLE drug ADD PRIMARY KEY (key_no);
            ANALYZE drug (key_no, is_known, is_touched, generic);
            """
    }

    /// Which further columns the libraries in force have.
    static let attributes = """
        CREATE TABLE attribute AS
        SELECT DISTINCT 'drugs' AS kind, jsonb_object_keys(l.extra) AS name FROM yaoce.library_version v
        JOIN yaoce.library_drug l ON l.version_id = v.id WHERE v.kind = 'drugs' AND v.is_current AND l.extra IS NOT NULL
        UNION SELECT 'institutions', jsonb_object_keys(l.extra) FROM yaoce.library_version v
        JOIN yaoce.library_institution l ON l.version_id = v.id
        WHERE v.kind = 'institutions' AND v.is_current AND l.extra IS NOT NULL;
        """

    /// The ATC codes of all drugs that were ever reported; nothing where the library has none.
    static func classes(isThere: Bool) -> String {
        guard isThere else { return "CREATE TABLE class (key_no integer, atc text)" }
        return """
            CREATE TABLE class AS
            SELECT k.key_no, upper(btrim(l.extra->>'atc')) AS atc FROM yaoce.library_version v
            JOIN yaoce.library_drug l ON l.version_id = v.id JOIN yaoce.drug_key k ON k.ypid = l.ypid
            WHERE v.kind = 'drugs' AND v.is_current AND btrim(coalesce(l.extra->>'atc', '')) <> '';
            ANALYZE class;
            """
    }

    /// What judged institutions reported earlier, by their own drug codes: the period before, and the usage of all.
    static func earlier(_ periods: [Int32], before: Int32) -> String {
        let rows = periods.map { period in
            """
            SELECT q.submission_id, p.code_hash, \(period == before) AS is_last, p.in_amount, p.in_packs, p.in_doses,
                p.out_packs, p.out_doses, p.use_amount, p.use_packs, p.use_doses
            FROM past q JOIN yaoce.drug_position_\(period) p ON p.submission_id = q.past_id WHERE q.past_key = \(period)
            """
        }
        let last = [
            "in_amount", "in_packs", "in_doses", "out_packs", "out_doses", "use_amount", "use_packs", "use_doses",
        ]
        return """
            CREATE TABLE earlier AS
            SELECT submission_id, code_hash, \(last.map { "max(\($0)) FILTER (WHERE is_last) AS e_\($0)" }.joined(separator: ", ")),
                count(use_doses) AS periods, avg(use_doses) AS mean_doses, stddev_samp(use_doses) AS sd_doses
            FROM (\(rows.joined(separator: " UNION ALL "))) r GROUP BY 1, 2;
            ANALYZE earlier;
            """
    }

    static let noEarlier = """
        CREATE TABLE earlier (
            submission_id integer, code_hash bigint, e_in_amount bigint, e_in_packs bigint, e_in_doses bigint,
            e_out_packs bigint, e_out_doses bigint, e_use_amount bigint, e_use_packs bigint, e_use_doses bigint,
            periods bigint, mean_doses numeric, sd_doses numeric
        );
        -- Or else it is taken for a table with some hundred rows.
        ANALYZE earlier;
        """

    /// As much of `drug` and `scope` as there is without the benchmark.
    static let narrow = """
        CREATE TABLE drug AS
        SELECT k.key_no, v.id IS NULL OR l.ypid IS NOT NULL AS is_known FROM yaoce.drug_key k
        LEFT JOIN yaoce.library_version v ON v.kind = 'drugs' AND v.is_current
        LEFT JOIN yaoce.library_drug l ON l.version_id = v.id AND l.ypid = k.ypid;
        ANALYZE drug;
        CREATE TABLE scope AS
        SELECT c.*, q.id IS NOT NULL AS has_drugs, yaoce.period_months(c.period_key) AS period_months
        FROM checked c LEFT JOIN yaoce.library_version q ON q.kind = 'drugs' AND q.is_current WHERE c.is_judged;
        ANALYZE scope;
        """

    /// What rules say about each judged submission as a whole; needs the benchmark.
    static func scope(_ period: Int32, factorShare: String) -> String {
        """
        CREATE TABLE scope AS
        SELECT c.*, t.varieties, t.rows_in, t.rows_out, t.rows_used, t.rows_in + t.rows_out + t.rows_used AS rows_moved,
            t.in_amount, t.use_amount, t.use_amount::float8 AS sold, t.in_doses, t.out_doses, t.in_useful, t.out_useful,
            t.use_useful, t.flagged,
            t.essential, t.codes_priced, t.codes_issued, t.rows_used AS codes_used, t.counted, t.hundreds, t.digits,
            t.months, p.*, g.peers, g.peer_rows, q.id IS NOT NULL AS has_drugs, e.varieties AS earlier_varieties,
            yaoce.period_months(c.period_key) AS period_months, n.pasts
        FROM checked c
        JOIN yaoce.submission_total t USING (submission_id)
        LEFT JOIN yaoce.library_version q ON q.kind = 'drugs' AND q.is_current
        LEFT JOIN yaoce.submission_total e ON e.submission_id = c.previous_id
        LEFT JOIN (
            SELECT submission_id AS p_id,
                count(in_median) + count(use_median) AS assessed, count(use_median) AS assessed_used,
                count(in_spread) + count(use_spread) AS assessed_spread, count(use_spread) AS assessed_mode,
                count(in_price) + count(use_price) - count(in_median) - count(use_median) AS not_assessed,
                count(in_spread) FILTER (WHERE in_n >= 8) + count(use_spread) FILTER (WHERE use_n >= 8) AS assessed_8,
                count(in_median) AS assessed_in, count(*) FILTER (WHERE in_price < in_median * 0.001) AS tiny_in,
                count(*) FILTER (WHERE use_price < use_median * 0.001) AS tiny_use,
                coalesce(sum(factor_rows), 0) AS rows_factor, coalesce(sum(factor_wrong), 0) AS rows_factor_wrong,
                count(*) FILTER (WHERE in_packs > 0 AND award_price > 0) AS rows_award,
                count(catalogue_row) FILTER (WHERE is_exempt IS NOT TRUE) AS matchable,
                count(catalogue_row) FILTER (WHERE is_exempt IS NOT TRUE AND is_known IS NOT TRUE) AS unmatched,
                sum(use_amount) FILTER (WHERE is_exempt IS NOT TRUE) AS matchable_amount,
                sum(use_amount) FILTER (WHERE is_exempt IS NOT TRUE AND is_known IS NOT TRUE) AS unmatched_amount
            FROM (
                SELECT p.submission_id, p.catalogue_row, p.is_exempt, p.use_amount, p.in_packs, d.award_price, d.is_known,
                    CASE WHEN p.in_amount > 0 AND p.in_doses > 0 THEN p.in_amount::float8 * 100 / p.in_doses END AS in_price,
                    CASE WHEN p.use_amount > 0 AND p.use_doses > 0 THEN p.use_amount::float8 * 100 / p.use_doses END
                        AS use_price,
                    CASE WHEN p.in_amount > 0 AND p.in_doses > 0 THEN b.in_median END AS in_median,
                    CASE WHEN p.use_amount > 0 AND p.use_doses > 0 THEN b.use_median END AS use_median,
                    CASE WHEN p.in_amount > 0 AND p.in_doses > 0 THEN b.in_mad_log END AS in_spread,
                    CASE WHEN p.use_amount > 0 AND p.use_doses > 0 THEN b.use_mad_log END AS use_spread,
                    CASE WHEN p.in_amount > 0 AND p.in_doses > 0 THEN b.in_n END AS in_n,
                    CASE WHEN p.use_amount > 0 AND p.use_doses > 0 THEN b.use_n END AS use_n,
                    \(factors("true")) AS factor_rows, \(factors(factorShare)) AS factor_wrong
                FROM yaoce.drug_position_\(period) p JOIN checked c USING (submission_id)
                LEFT JOIN drug d USING (key_no) LEFT JOIN benchmark b USING (key_no)
                WHERE c.is_judged) r
            GROUP BY 1) p ON p.p_id = c.submission_id
        LEFT JOIN (
            SELECT level AS g_level, count(*) FILTER (WHERE beds > 0 AND income > 0) AS peers,
                sum(rows_loaded) AS peer_rows
            FROM checked WHERE is_current GROUP BY 1) g ON g.g_level = c.level
        LEFT JOIN (SELECT submission_id AS n_id, count(*) AS pasts FROM past GROUP BY 1) n ON n.n_id = c.submission_id
        WHERE c.is_judged;
        ANALYZE scope;
        """
    }

    /// How many movements of a position have a factor to be judged by, or are wrong by it.
    private static func factors(_ share: String) -> String {
        ["in", "out", "use"].map { table in
            let usable = "p.\(table)_packs > 0 AND p.\(table)_doses > 0 AND d.factor > 0"
            if share == "true" { return "(CASE WHEN \(usable) THEN 1 ELSE 0 END)" }
            return "(CASE WHEN \(usable) AND \(wrongFactor(table, share)) THEN 1 ELSE 0 END)"
        }.joined(separator: " + ")
    }

    /// The first half is quick and only leaves out what is right; the second decides exactly.
    static func wrongFactor(_ table: String, _ share: String) -> String {
        let (packs, doses) = ("p.\(table)_packs", "p.\(table)_doses")
        return """
            abs(\(packs)::float8 * d.factor * 0.0001::float8 - \(doses)) > \(doses)::float8 * \(share)::float8 * 0.99::float8
                AND abs(\(packs)::numeric * d.factor * 0.0001 - \(doses)) > \(doses) * \(share)
            """
    }
}
