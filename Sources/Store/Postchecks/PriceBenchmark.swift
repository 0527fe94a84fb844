import Core
import Postgres

/// The price benchmark (标尺) of a period: what a dosage unit of each drug costs in stock_in and in usage, over the
/// institutions whose rows are in force.
///
/// An institution's price is all it paid over all its doses. Institutions outside a wide band around the median are left
/// out and the figures made again (`PriceFigures`). Mean and deviation are summed in whole hundred-millionths of a yuan, so
/// that no figure depends on the order in which rows are read. Only drugs are calculated of which a price was added or taken away since
/// the version in force.
enum PriceBenchmark {
    /// Which drugs are calculated.
    enum Extent {
        /// A period's first time, or other thresholds, library or positions than the last time.
        case everything
        /// Those of the submissions in `came_or_went`.
        case changed
        /// Nothing changed, or the period is final.
        case nothing
    }

    /// Compares what the version in force was made of with what there is.
    static func extent(_ period: Int32, inputs: String, _ connection: isolated Connection) throws -> Extent {
        try connection.script(
            """
            CREATE TABLE came_or_went AS
            SELECT submission_id, n.build_no AS now_no, o.build_no AS then_no
            FROM (SELECT submission_id, build_no FROM checked JOIN yaoce.submission_total USING (submission_id)
                WHERE is_current) n
            FULL JOIN (SELECT submission_id, build_no FROM yaoce.benchmark_member WHERE period_key = \(period)) o
                USING (submission_id)
            WHERE n.build_no IS DISTINCT FROM o.build_no;
            ANALYZE came_or_went;
            """, named: "benchmark members")
        let isFinal: Bool = try connection.query(
            "SELECT EXISTS (SELECT FROM yaoce.final_period WHERE period_key = \(period))"
        ).single()
        if isFinal { return .nothing }
        let known = try connection.query("SELECT inputs FROM yaoce.benchmark_state WHERE period_key = \(period)")
        let last: String? = known.count == 1 ? try known.value(0, 0) : nil
        // What went must still be there as it was, or nobody knows which prices went with it.
        let lost: Bool = try connection.query(
            """
            SELECT EXISTS (SELECT FROM came_or_went w LEFT JOIN yaoce.submission_total t USING (submission_id)
                WHERE w.then_no IS NOT NULL AND t.build_no IS DISTINCT FROM w.then_no)
            """
        ).single()
        if last != inputs || lost { return .everything }
        return try connection.query("SELECT EXISTS (SELECT FROM came_or_went)").single() ? .changed : .nothing
    }

    /// Makes the figures and freezes what is new in them.
    static func make(
        _ period: Int32, _ extent: Extent, trim: Double, inputs: String, _ connection: isolated Connection
    ) throws {
        switch extent {
        case .nothing: return
        case .everything:
            // Every drug of a generic is calculated, so that one look at the prices does for both.
            try connection.script(generics, named: "benchmark generics")
            try PeriodPrices.make(of: allPrices(period), trim: trim, connection)
            try connection.script(freeze(period, extent), named: "benchmark freeze")
        case .changed:
            try PriceFigures.make("figure", of: prices(period), trim: trim, connection)
            try connection.script(freeze(period, extent), named: "benchmark freeze")
            try connection.script(generics + members(period), named: "benchmark generics")
            try PriceFigures.make("generic_figure", of: genericPrices(period), trim: trim, connection)
        }
        try connection.script(freezeGenerics(period, extent), named: "benchmark freeze of generics")
        try connection.script(
            """
            DELETE FROM yaoce.benchmark_state WHERE period_key = \(period);
            INSERT INTO yaoce.benchmark_state VALUES (\(period), '\(inputs)');
            DELETE FROM yaoce.benchmark_member WHERE period_key = \(period);
            INSERT INTO yaoce.benchmark_member SELECT \(period), submission_id, build_no
            FROM checked JOIN yaoce.submission_total USING (submission_id) WHERE is_current;
            """, named: "benchmark members")
    }

    /// Drug and table as one number: what is sorted by one number is sorted fast.
    private static func slot(_ number: String, _ table: Int) -> String { "\(number) * 2 + \(table == 5 ? 1 : 0)" }

    private static let plausible =
        "price BETWEEN \(PriceFigures.plausible.lowerBound) AND \(PriceFigures.plausible.upperBound)"

    private static func prices(_ period: Int32) -> String {
        func one(_ table: String, _ number: Int) -> String {
            """
            SELECT \(slot("p.key_no", number)), p.\(table)_doses, 1, p.\(table)_amount::float8 * 100 / p.\(table)_doses
            FROM yaoce.drug_position_\(period) p JOIN checked c USING (submission_id) JOIN drug d USING (key_no)
            WHERE c.is_current AND d.is_known AND d.is_touched AND NOT p.has_twin AND p.\(table)_clean
                AND p.\(table)_amount > 0 AND p.\(table)_doses > 0
            """
        }
        func several(_ table: String, _ number: Int) -> String {
            """
            SELECT \(slot("p.key_no", number)), least(sum(p.\(table)_doses), 4000000000000000000)::bigint, count(*)::integer,
                (sum(p.\(table)_amount) * 100 / sum(p.\(table)_doses))::float8
            FROM yaoce.drug_position_\(period) p JOIN checked c USING (submission_id) JOIN drug d USING (key_no)
            WHERE c.is_current AND d.is_known AND d.is_touched AND p.has_twin AND p.\(table)_clean
                AND p.\(table)_amount > 0 AND p.\(table)_doses > 0
            GROUP BY p.submission_id, p.key_no
            """
        }
        return """
            SELECT slot, doses, rows, price FROM (
                \(one("in", 3)) UNION ALL \(several("in", 3)) UNION ALL \(one("use", 5)) UNION ALL \(several("use", 5))
            ) p (slot, doses, rows, price) WHERE \(plausible)
            """
    }

    private static let values = "institutions, rows, median, mode, mean, sd, mad_log, p5, p95"

    /// Writes rows only for what differs from the version in force. A drug that nobody reports any more gets a row
    /// without figures.
    private static func freeze(_ period: Int32, _ extent: Extent) -> String {
        """
        CREATE TABLE moved_figure AS
        SELECT coalesce(f.table_no, o.table_no) AS table_no, coalesce(f.ypid, o.ypid) AS ypid,
            coalesce(f.institutions, 0) AS institutions, coalesce(f.rows, 0) AS rows, f.median, f.mode, f.mean, f.sd,
            f.mad_log, f.p5, f.p95
        FROM (SELECT f.*, ypid FROM (\(PriceFigures.made("figure"))) f JOIN drug ON key_no = no) f
        FULL JOIN (SELECT b.* FROM yaoce.price_benchmark b WHERE b.period_key = \(period) AND b.is_current
            \(extent == .everything ? "" : "AND b.ypid IN (SELECT ypid FROM drug WHERE is_touched)")) o
            ON o.table_no = f.table_no AND o.ypid = f.ypid
        WHERE (f.institutions, f.rows, f.median, f.mode, f.mean, f.sd, f.mad_log, f.p5, f.p95) IS DISTINCT FROM
                (o.institutions, o.rows, o.median, o.mode, o.mean, o.sd, o.mad_log, o.p5, o.p95)
            AND NOT (f.ypid IS NULL AND o.institutions = 0);
        ANALYZE moved_figure (table_no, ypid);
        CREATE TABLE next_version AS
        SELECT greatest((SELECT max(version_no) FROM yaoce.price_benchmark WHERE period_key = \(period)),
            (SELECT max(version_no) FROM yaoce.generic_benchmark WHERE period_key = \(period)), 0) + 1 AS version_no;
        UPDATE yaoce.price_benchmark b SET is_current = false FROM moved_figure m
        WHERE b.period_key = \(period) AND b.table_no = m.table_no AND b.ypid = m.ypid AND b.is_current;
        INSERT INTO yaoce.price_benchmark (period_key, table_no, ypid, version_no, is_current, \(values))
        -- In the order of its keys, each is put behind the one before.
        SELECT \(period), table_no, ypid, version_no, true, \(values) FROM moved_figure, next_version
        ORDER BY table_no, ypid;
        """
    }

    /// What every institution paid for every drug, in the order in which `PeriodPrices` takes it.
    private static func allPrices(_ period: Int32) -> String {
        func isPrice(_ table: String) -> String {
            "p.\(table)_clean AND p.\(table)_amount > 0 AND p.\(table)_doses > 0"
        }
        func side(_ table: String) -> String {
            "CASE WHEN \(isPrice(table)) THEN p.\(table)_doses END AS \(table)_doses, p.\(table)_amount"
        }
        return """
            SELECT d.place, \(side("in")), \(side("use")), p.institution_id::bigint * 2 + p.has_twin::integer AS who
            FROM yaoce.drug_position_\(period) p JOIN checked c USING (submission_id) JOIN (
                SELECT key_no, coalesce(no, 0)::bigint << 32 | key_no::bigint AS place
                FROM drug LEFT JOIN generic USING (generic) WHERE is_known AND is_touched) d USING (key_no)
            WHERE c.is_current AND (\(isPrice("in")) OR \(isPrice("use")))
            """
    }

    /// The generics of all drugs that are calculated.
    private static let generics = """
        CREATE TABLE generic AS
        SELECT (row_number() OVER ())::integer AS no, generic FROM (
            SELECT DISTINCT d.generic FROM drug d WHERE d.is_touched AND d.generic IS NOT NULL) g;
        ANALYZE generic;
        """

    /// Prices of all drugs of a generic name, form and strength together, wherever one of them was calculated and has
    /// fewer than five institutions, and there is another.
    private static func members(_ period: Int32) -> String {
        """
        CREATE TABLE member AS
        SELECT k.key_no, g.no FROM yaoce.library_version v
        JOIN yaoce.library_drug l ON l.version_id = v.id
        JOIN generic g ON g.generic = yaoce.generic_key(l.generic_name, l.dosage_form, l.strength)
        JOIN yaoce.drug_key k ON k.ypid = l.ypid
        WHERE v.kind = 'drugs' AND v.is_current
            AND EXISTS (SELECT FROM yaoce.price_benchmark b WHERE b.ypid = k.ypid AND b.period_key = \(period)
                AND b.is_current AND b.institutions > 0);
        DELETE FROM member WHERE no NOT IN (
            SELECT m.no FROM member m JOIN yaoce.drug_key k USING (key_no)
            JOIN yaoce.price_benchmark b ON b.ypid = k.ypid AND b.period_key = \(period) AND b.is_current
            GROUP BY 1 HAVING count(DISTINCT m.key_no) > 1 AND bool_or(b.institutions BETWEEN 1 AND 4));
        ANALYZE member;
        """
    }

    private static func genericPrices(_ period: Int32) -> String {
        func bought(_ table: String, _ number: Int) -> String {
            """
            SELECT \(slot("m.no", number)) AS slot, p.institution_id, sum(p.\(table)_doses) AS doses,
                count(*)::integer AS rows, sum(p.\(table)_amount) AS amount
            FROM yaoce.drug_position_\(period) p JOIN checked c USING (submission_id) JOIN member m USING (key_no)
            WHERE c.is_current AND p.\(table)_clean AND p.\(table)_amount > 0 AND p.\(table)_doses > 0 GROUP BY 1, 2
            """
        }
        return """
            SELECT slot, least(doses, 4000000000000000000) AS doses, rows, price
            FROM (SELECT *, (amount * 100 / doses)::float8 AS price FROM (
                \(bought("in", 3)) UNION ALL \(bought("use", 5))) p) p
            WHERE \(plausible)
            """
    }

    private static func freezeGenerics(_ period: Int32, _ extent: Extent) -> String {
        """
        CREATE TABLE moved_generic AS
        SELECT coalesce(f.table_no, o.table_no) AS table_no, coalesce(f.generic, o.generic) AS generic,
            coalesce(f.institutions, 0) AS institutions, coalesce(f.rows, 0) AS rows, f.median, f.mode, f.mean, f.sd,
            f.mad_log, f.p5, f.p95
        FROM (SELECT f.*, generic FROM (\(PriceFigures.made("generic_figure"))) f JOIN generic USING (no)) f
        FULL JOIN (SELECT b.* FROM yaoce.generic_benchmark b WHERE b.period_key = \(period) AND b.is_current
            \(extent == .everything ? "" : "AND b.generic IN (SELECT generic FROM generic)")) o
            ON o.table_no = f.table_no AND o.generic = f.generic
        WHERE (f.institutions, f.rows, f.median, f.mode, f.mean, f.sd, f.mad_log, f.p5, f.p95) IS DISTINCT FROM
                (o.institutions, o.rows, o.median, o.mode, o.mean, o.sd, o.mad_log, o.p5, o.p95)
            AND NOT (f.generic IS NULL AND o.institutions = 0);
        UPDATE yaoce.generic_benchmark b SET is_current = false FROM moved_generic m
        WHERE b.period_key = \(period) AND b.table_no = m.table_no AND b.generic = m.generic AND b.is_current;
        INSERT INTO yaoce.generic_benchmark (period_key, table_no, generic, version_no, is_current, \(values))
        SELECT \(period), table_no, generic, version_no, true, \(values) FROM moved_generic, next_version;
        """
    }

    /// The figures each drug is judged by: its own with five institutions or more; else those of its generic, else last
    /// year's; else its own, its generic's or last year's with three or four. With fewer there is no benchmark.
    ///
    /// Manufacturers of one generic ask different prices: its figures tell what is beyond all measure (P01, P05 to P07),
    /// and not what differs from the usual (P02 to P04).
    static func inForce(_ period: Int32) -> String {
        """
        CREATE TABLE standard AS
        SELECT DISTINCT ON (key_no, table_no) key_no, table_no, institutions, median, p5, p95,
            CASE WHEN place IN (1, 3) THEN mode END AS mode, CASE WHEN place IN (1, 3) THEN mean END AS mean,
            CASE WHEN place IN (1, 3) THEN sd END AS sd, CASE WHEN place IN (1, 3) THEN mad_log END AS mad_log,
            CASE period_key WHEN \(period) THEN yaoce.period(\(period)) ELSE yaoce.period(\(period - 100)) END
                || '.' || version_no AS version,
            (ARRAY['drug', 'generic', 'last year', 'generic, last year'])[place] AS basis
        FROM (
            SELECT d.key_no, b.table_no, b.period_key, b.version_no, \(values),
                CASE b.period_key WHEN \(period) THEN 1 ELSE 3 END AS place
            FROM drug d JOIN yaoce.price_benchmark b USING (ypid)
            WHERE d.is_known AND b.is_current AND b.period_key IN (\(period), \(period - 100)) AND b.institutions >= 3
            UNION ALL
            SELECT d.key_no, b.table_no, b.period_key, b.version_no, \(values),
                CASE b.period_key WHEN \(period) THEN 2 ELSE 4 END
            FROM drug d JOIN yaoce.generic_benchmark b USING (generic)
            WHERE d.is_known AND b.is_current AND b.period_key IN (\(period), \(period - 100)) AND b.institutions >= 3) s
        ORDER BY key_no, table_no, institutions < 5, place;
        ALTER TABLE standard ADD PRIMARY KEY (key_no, table_no);
        ANALYZE standard (key_no, table_no);
        CREATE TABLE benchmark AS
        SELECT key_no, \(sides) FROM standard GROUP BY 1;
        ALTER TABLE benchmark ADD PRIMARY KEY (key_no);
        ANALYZE benchmark (key_no);
        """
    }

    private static let sides = [("in", 3), ("use", 5)].flatMap { side, number in
        ["median", "mode", "mean", "sd", "mad_log", "p5", "p95"].map {
            "max(\($0)::float8) FILTER (WHERE table_no = \(number)) AS \(side)_\($0)"
        } + ["max(institutions) FILTER (WHERE table_no = \(number)) AS \(side)_n"]
    }.joined(separator: ", ")
}
