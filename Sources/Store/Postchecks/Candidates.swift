import Core

/// One look at every position of the judged submissions, for all rules that ask about single rows: whatever one of them
/// may have something to say about is kept, and the rules then judge only that, each in a savepoint of its own.
enum Candidates {
    /// The columns a rule's condition may use: `p` the position with `in_price` and `use_price`, `d` the library's entry,
    /// `b` the benchmark, `e` what was reported earlier, `s` the submission, `l` the limits of its level.
    ///
    /// What an outer join may leave out is worked out once for a row, before it is joined: else each condition that names a
    /// price divides again. So positions are joined as if there could be none, and those that are not there are left out.
    /// Servers that are joined have it plain.
    private static func source(_ period: Int32, _ placement: Placement) -> String {
        """
        FROM scope s \(placement.isDistributed ? "" : "LEFT ")JOIN (
            SELECT *, CASE WHEN in_amount > 0 AND in_doses > 0 THEN in_amount::float8 * 100 / in_doses END AS in_price,
                CASE WHEN use_amount > 0 AND use_doses > 0 THEN use_amount::float8 * 100 / use_doses END AS use_price
            FROM yaoce.drug_position_\(period)) p USING (submission_id)
        LEFT JOIN drug d ON d.key_no = p.key_no
        LEFT JOIN benchmark b ON b.key_no = p.key_no
        LEFT JOIN earlier e ON e.submission_id = p.submission_id AND e.code_hash = p.code_hash
        LEFT JOIN (SELECT *, in_p999::float8 AS in_high, use_p999::float8 AS use_high FROM peer_amount) l
            ON l.level = s.level
        WHERE p.submission_id IS NOT NULL
        """
    }

    private static let columns = """
        SELECT p.*, d.factor AS library_factor, coalesce(d.factor, p.factor) AS any_factor, d.award_price, d.is_known,
            e.e_in_amount, e.e_in_packs, e.e_in_doses, e.e_out_packs, e.e_out_doses, e.e_use_amount, e.e_use_packs,
            e.e_use_doses, e.periods, e.mean_doses, e.sd_doses, s.use_amount AS total_amount, s.codes_used, l.in_p999,
            l.use_p999, l.in_count, l.use_count
        """

    /// The table of what may be wrong. `conditions` are any of the rules'; where there are none, nothing is kept.
    static func make(_ period: Int32, _ conditions: [String], _ placement: Placement) -> String {
        """
        CREATE TABLE candidate AS
        \(columns) \(source(period, placement))
            AND (\(conditions.isEmpty ? "false" : conditions.map { "(\($0))" }.joined(separator: "\n OR ")))
        """
    }

    /// The same with everything in it: for the night in which a condition failed on some figure, so that the rule that
    /// cannot bear it fails alone.
    static func makeWhole(_ period: Int32, _ placement: Placement) -> String {
        "CREATE TABLE candidate AS \(columns) \(source(period, placement))"
    }

    /// The candidates' movement rows, one below the other, with the figures a price is judged by.
    static let rows: String = {
        func side(_ table: String, _ number: Int) -> String {
            let isPriced = table != "out"
            func priced(_ expression: String, _ type: String) -> String { isPriced ? expression : "NULL::\(type)" }
            return """
                SELECT \(number)::smallint AS table_no, p.submission_id, p.code_no, p.key_no, p.code_hash,
                    p.\(table)_file AS file_no, p.\(table)_line AS line, p.\(table)_row AS row_number,
                    \(priced("p.\(table)_amount", "bigint")) AS amount, p.\(table)_packs AS packs, p.\(table)_doses AS doses,
                    \(priced("p.\(table)_price", "float8")) AS price, t.institutions, t.median::float8 AS median,
                    t.mode::float8 AS mode, t.mean::float8 AS mean, t.sd::float8 AS sd, t.mad_log::float8 AS mad_log,
                    t.p5::float8 AS p5, t.p95::float8 AS p95, t.version, t.basis,
                    \(priced("p.\(table)_price", "float8")) / t.median::float8 AS ratio, p.library_factor, p.any_factor,
                    p.award_price, \(priced("p.\(table)_p999", "numeric")) AS p999,
                    \(priced("p.\(table)_count", "bigint")) AS peers,
                    \(priced("p.e_\(table)_amount", "bigint")) AS before_amount, p.e_\(table)_doses AS before_doses
                FROM candidate p LEFT JOIN standard t ON t.key_no = p.key_no AND t.table_no = \(isPriced ? number : 0)
                WHERE p.\(table)_doses IS NOT NULL
                """
        }
        return """
            ANALYZE candidate;
            CREATE TABLE moved AS
            \(side("in", 3)) UNION ALL \(side("out", 4)) UNION ALL \(side("use", 5));
            ANALYZE moved;
            """
    }()

    /// What `peerAmounts` fills.
    static let amountTable = """
        CREATE TABLE peer_amount (level text, in_p999 numeric, in_count numeric, use_p999 numeric, use_count numeric)
        """

    /// The amount that 99.9 % of a level's rows do not exceed: found among the largest of a coarse count, not by sorting
    /// everything. Of a thousand rows and fewer the largest would be its own measure.
    static func peerAmounts(_ period: Int32) -> String {
        func side(_ table: String, _ number: Int) -> String {
            """
            SELECT c.level, \(number) AS side, floor(ln(p.\(table)_amount::float8) * 8)::integer AS size, count(*) AS rows
            FROM yaoce.drug_position_\(period) p JOIN checked c USING (submission_id)
            WHERE c.is_current AND p.\(table)_amount > 0 GROUP BY 1, 2, 3
            """
        }
        func largest(_ table: String, _ number: Int) -> String {
            """
            SELECT f.level, f.side, f.rows, p.\(table)_amount AS amount
            FROM floor_size f JOIN checked c USING (level) JOIN yaoce.drug_position_\(period) p USING (submission_id)
            WHERE f.side = \(number) AND c.is_current AND p.\(table)_amount >= f.amount
            """
        }
        return """
            -- Each table once: looked up by the submission, the block index of a partition written a moment ago would be
            -- asked for each of them.
            SET LOCAL enable_nestloop = off;
            CREATE TABLE floor_size AS
            SELECT level, side, all_rows AS rows, exp((max(size) FILTER (WHERE above > all_rows * 0.001 + 2) - 1) / 8.0::float8)
                AS amount
            FROM (SELECT *, sum(rows) OVER (PARTITION BY level, side ORDER BY size DESC) AS above,
                    sum(rows) OVER (PARTITION BY level, side) AS all_rows
                FROM (\(side("in", 3)) UNION ALL \(side("use", 5))) s) s
            WHERE all_rows > 1000 GROUP BY level, side, all_rows;
            ANALYZE floor_size;
            \(amountTable);
            INSERT INTO peer_amount
            SELECT level, max(p999) FILTER (WHERE side = 3) AS in_p999, max(rows) FILTER (WHERE side = 3) AS in_count,
                max(p999) FILTER (WHERE side = 5) AS use_p999, max(rows) FILTER (WHERE side = 5) AS use_count
            FROM (
                SELECT level, side, rows, sum(amount * CASE place WHEN low THEN 1 - part ELSE part END) AS p999
                FROM (
                    SELECT level, side, rows, amount, floor(0.999 * (rows - 1)) AS low,
                        0.999 * (rows - 1) - floor(0.999 * (rows - 1)) AS part,
                        rows - row_number() OVER (PARTITION BY level, side ORDER BY amount DESC) AS place
                    FROM (\(largest("in", 3)) UNION ALL \(largest("use", 5))) l) l
                WHERE place IN (low, low + 1) GROUP BY 1, 2, 3) p
            GROUP BY 1;
            SET LOCAL enable_nestloop = on;
            """
    }
}
