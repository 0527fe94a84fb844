import Postgres

/// The price benchmark (标尺) of a period: what a dosage unit of each drug costs in stock_in and in usage, over the
/// institutions whose rows are in force.
///
/// An institution's price is all it paid over all its doses. Institutions outside a wide band around the median are left
/// out and the figures made again. Prices are rounded to twelve decimals and summed exactly, so that the figures do not
/// depend on the order in which rows are read.
enum PriceBenchmark {
    /// Makes the figures, freezes what is new in them, and gives every row that has a price its benchmark.
    static func statements(period: Int32, trim: String) -> [(name: String, text: String)] {
        [
            ("benchmark prices", prices), ("benchmark figures", figures(trim: trim)),
            ("benchmark freeze", freeze(period)), ("benchmark rows", priced(period)),
        ]
    }

    private static let prices = """
        CREATE TEMP TABLE institution_price ON COMMIT DROP AS
        SELECT * FROM (
            SELECT m.table_no, m.key_no, c.institution_id, count(*) AS rows, sum(m.doses) AS doses,
                round(sum(m.amount) * 100 / sum(m.doses), 12) AS price
            FROM movement m
            JOIN checked c USING (submission_id)
            JOIN drug_key k USING (key_no)
            WHERE c.is_current AND k.is_known AND m.table_no IN (3, 5) AND m.amount > 0 AND m.doses > 0
                AND NOT EXISTS (SELECT FROM unclean u WHERE u.submission_id = m.submission_id
                    AND u.file_no = m.file_no AND u.row_number = m.row_number)
                AND NOT EXISTS (SELECT FROM unclean_code u WHERE u.submission_id = m.submission_id
                    AND u.code_no = m.code_no)
            GROUP BY 1, 2, 3) p
        WHERE price > 0;
        ANALYZE institution_price;
        """

    private static func plain(_ source: String) -> String {
        """
        SELECT table_no, key_no, count(*)::integer AS institutions, sum(rows)::bigint AS rows, avg(price) AS mean,
            stddev_samp(price) AS sd, min(price) AS lowest, max(price) AS highest,
            percentile_cont(ARRAY[0.05, 0.5, 0.95]) WITHIN GROUP (ORDER BY price::float8) AS percentiles
        FROM \(source) GROUP BY 1, 2
        """
    }

    private static func figures(trim: String) -> String {
        """
        CREATE TEMP TABLE first_figure ON COMMIT DROP AS \(plain("institution_price"));
        ANALYZE first_figure;
        -- Few drugs have prices so far out that their figures must be made again.
        CREATE TEMP TABLE trimmed ON COMMIT DROP AS
        SELECT table_no, key_no, percentiles[2]::numeric AS median FROM first_figure
        WHERE lowest < percentiles[2]::numeric / \(trim) OR highest > percentiles[2]::numeric * \(trim);
        ANALYZE trimmed;
        DELETE FROM institution_price p USING trimmed t WHERE p.table_no = t.table_no AND p.key_no = t.key_no
            AND p.price NOT BETWEEN t.median / \(trim) AND t.median * \(trim);
        DELETE FROM first_figure f USING trimmed t WHERE f.table_no = t.table_no AND f.key_no = t.key_no;
        INSERT INTO first_figure \(plain("institution_price JOIN trimmed USING (table_no, key_no)"));
        CREATE TEMP TABLE figure ON COMMIT DROP AS
        WITH common AS (
            SELECT DISTINCT ON (table_no, key_no) table_no, key_no, price AS mode FROM (
                SELECT table_no, key_no, round(price, 4) AS price, sum(doses) AS doses FROM institution_price GROUP BY 1, 2, 3) w
            ORDER BY table_no, key_no, doses DESC, price
        ), spread AS (
            SELECT p.table_no, p.key_no, percentile_cont(0.5) WITHIN GROUP (
                ORDER BY abs(ln(p.price::float8) - ln(f.percentiles[2]))) AS mad_log
            FROM institution_price p JOIN first_figure f USING (table_no, key_no) GROUP BY 1, 2
        )
        SELECT table_no, key_no, institutions, rows, round(percentiles[2]::numeric, 8) AS median, mode,
            round(mean, 8) AS mean, round(sd, 8) AS sd, greatest(round(mad_log::numeric, 8), 0.01) AS mad_log,
            round(percentiles[1]::numeric, 8) AS p5, round(percentiles[3]::numeric, 8) AS p95
        FROM first_figure JOIN common USING (table_no, key_no) JOIN spread USING (table_no, key_no);
        ANALYZE figure;
        """
    }

    /// Writes rows only for what differs from the version in force. A drug that nobody reports any more gets a row
    /// without figures.
    private static func freeze(_ period: Int32) -> String {
        """
        CREATE TEMP TABLE moved_figure ON COMMIT DROP AS
        SELECT coalesce(f.table_no, o.table_no) AS table_no, coalesce(f.ypid, o.ypid) AS ypid,
            coalesce(f.institutions, 0) AS institutions, coalesce(f.rows, 0) AS rows, f.median, f.mode, f.mean, f.sd,
            f.mad_log, f.p5, f.p95
        FROM (SELECT figure.*, ypid FROM figure JOIN drug_key USING (key_no)) f
        FULL JOIN (SELECT * FROM yaoce.price_benchmark WHERE period_key = \(period) AND is_current) o
            ON o.table_no = f.table_no AND o.ypid = f.ypid
        WHERE (f.institutions, f.rows, f.median, f.mode, f.mean, f.sd, f.mad_log, f.p5, f.p95) IS DISTINCT FROM
                (o.institutions, o.rows, o.median, o.mode, o.mean, o.sd, o.mad_log, o.p5, o.p95)
            AND NOT (f.ypid IS NULL AND o.institutions = 0);
        ANALYZE moved_figure;
        UPDATE yaoce.price_benchmark b SET is_current = false FROM moved_figure m
        WHERE b.period_key = \(period) AND b.table_no = m.table_no AND b.ypid = m.ypid AND b.is_current;
        INSERT INTO yaoce.price_benchmark (period_key, table_no, ypid, version_no, is_current, institutions, rows, median,
            mode, mean, sd, mad_log, p5, p95)
        SELECT \(period), table_no, ypid,
            (SELECT coalesce(max(version_no), 0) + 1 FROM yaoce.price_benchmark WHERE period_key = \(period)),
            true, institutions, rows, median, mode, mean, sd, mad_log, p5, p95
        FROM moved_figure;
        """
    }

    /// With fewer than five institutions last year's figures count where there are any; with fewer than three and none
    /// from last year there is no benchmark.
    private static func priced(_ period: Int32) -> String {
        """
        CREATE TEMP TABLE benchmark ON COMMIT DROP AS
        SELECT DISTINCT ON (b.table_no, k.key_no) b.table_no, k.key_no, b.institutions, b.median, b.mode, b.mean, b.sd,
            b.mad_log, b.p5, b.p95, yaoce.period(b.period_key) || '.' || b.version_no AS version
        FROM yaoce.price_benchmark b JOIN drug_key k USING (ypid)
        WHERE b.is_current AND b.period_key IN (\(period), \(period - 100)) AND b.institutions >= 3
        ORDER BY b.table_no, k.key_no, (b.period_key = \(period) AND b.institutions >= 5) DESC,
            (b.institutions >= 5) DESC, b.period_key DESC;
        ANALYZE benchmark;
        CREATE TEMP TABLE priced ON COMMIT DROP AS
        SELECT p.*, b.institutions, b.median, b.mode, b.mean, b.sd, b.mad_log, b.p5, b.p95, b.version,
            p.price / b.median AS ratio
        FROM (
            SELECT m.*, round(m.amount::numeric * 100 / m.doses, 12) AS price
            FROM movement m JOIN checked c USING (submission_id)
            WHERE c.is_judged AND m.table_no IN (3, 5) AND m.amount > 0 AND m.doses > 0) p
        LEFT JOIN benchmark b ON b.table_no = p.table_no AND b.key_no = p.key_no
        WHERE p.price > 0;
        ANALYZE priced;
        """
    }
}
