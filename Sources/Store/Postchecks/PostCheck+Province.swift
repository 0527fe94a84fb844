import Core

/// Rules about an institution against the others of its period.
extension PostCheck {
    static let province: [PostCheck] = [p16.beside, p17.beside, p29, p31, p36.beside, p49.beside]

    /// A drug and a level as one number: what is sorted and grouped by one number is so fast.
    private static let peers =
        "p.key_no::bigint * 4 + CASE s.level WHEN '3' THEN 3 WHEN '2' THEN 2 ELSE 1 END"

    /// An institution is measured by the others of its level. With few of them the 99th percentile is next to their
    /// largest; where they are all alike, twice their geometric mean stands for it. Only values above that are ever sorted.
    static let p16 = PostCheck(
        "P16", evaluated: "s.codes_used",
        inapplicable: "CASE WHEN coalesce(s.beds, 0) <= 0 THEN '没有床位 · no beds' END"
    ) { t in
        """
        WITH use AS MATERIALIZED (
            SELECT p.submission_id, p.key_no, \(peers) AS peers, s.is_judged, p.use_doses::float8 / s.beds AS rate
            FROM \(t.position) p JOIN checked s USING (submission_id) JOIN drug d USING (key_no)
            WHERE s.is_current AND s.beds > 0 AND p.use_doses > 0 AND d.is_known AND NOT p.has_twin
            UNION ALL
            SELECT p.submission_id, p.key_no, \(peers), s.is_judged, sum(p.use_doses)::float8 / max(s.beds)
            FROM \(t.position) p JOIN checked s USING (submission_id) JOIN drug d USING (key_no)
            WHERE s.is_current AND s.beds > 0 AND p.use_doses > 0 AND d.is_known AND p.has_twin GROUP BY 1, 2, 3, 4
        ), peer AS MATERIALIZED (
            SELECT peers, count(*) AS n, sum(ln(rate)) AS logs FROM use GROUP BY 1
            HAVING count(*) > \(try t["P16.institutions"])
        ), outlying AS MATERIALIZED (
            -- Only where somebody who is judged may be too high does anybody's place matter.
            SELECT DISTINCT peers, n, logs FROM use u JOIN peer USING (peers)
            WHERE u.is_judged AND u.rate > 2 * \(try t["P16.times"]) * exp((logs - ln(rate)) / nullif(n - 1, 0))
        ), high AS (
            SELECT u.*, n, (logs - ln(rate)) / (n - 1) AS mean_log,
                row_number() OVER (PARTITION BY peers ORDER BY rate DESC, submission_id) AS place
            FROM use u JOIN outlying USING (peers) WHERE u.rate > exp(logs / n)
        ), judged AS (
            -- Counted from the top, without itself.
            SELECT h.*, floor(0.01 * (n - 2))::integer AS above, 0.01::float8 * (n - 2) - floor(0.01 * (n - 2)) AS part
            FROM high h WHERE is_judged AND rate > 2 * \(try t["P16.times"]) * exp(mean_log)
        ), measured AS (
            SELECT j.*, greatest(2 * exp(j.mean_log), coalesce(a.rate, 0) * (1 - j.part) + coalesce(b.rate, 0) * j.part) AS p99
            FROM judged j
            LEFT JOIN high a ON a.peers = j.peers AND a.place = j.above + 1 + CASE WHEN j.place <= j.above + 1 THEN 1 ELSE 0 END
            LEFT JOIN high b ON b.peers = j.peers AND b.place = j.above + 2 + CASE WHEN j.place <= j.above + 2 THEN 1 ELSE 0 END
        )
        SELECT \(Violation.row(
            "p", column: "dose_quantity", value: Violation.shown("m.rate * 0.0001"),
            expected: "'≤ ' || " + Violation.shown("m.p99 * \(try t["P16.times"]) * 0.0001"),
            details: [("p99", Violation.shown("m.p99 * 0.0001")), ("n", "(m.n - 1)::text"), ("beds", "s.beds::text")]))
        FROM measured m JOIN scope s USING (submission_id)
        JOIN (SELECT submission_id, key_no, code_no, 5 AS table_no, use_file AS file_no, use_line AS line,
            use_row AS row_number FROM \(t.position) WHERE use_doses > 0) p USING (submission_id, key_no)
        WHERE m.rate > m.p99 * \(try t["P16.times"])
        """
    }

    /// Two codes of one drug count together, and as one institution.
    static let p17 = PostCheck(
        "P17", evaluated: "s.codes_used",
        inapplicable: "CASE WHEN s.level <> 'primary' THEN '不是基层机构 · not a primary institution' END"
    ) { t in
        """
        WITH likely AS MATERIALIZED (
            SELECT key_no FROM \(t.position) JOIN checked USING (submission_id)
            WHERE key_no IS NOT NULL AND use_doses > 0 GROUP BY 1
            HAVING count(*) FILTER (WHERE is_current) >= \(try t["P17.institutions"])
                AND greatest(max(use_doses) FILTER (WHERE is_judged AND level = 'primary'), sum(use_doses) FILTER (
                    WHERE is_judged AND level = 'primary' AND has_twin))
                    > sum(use_doses) FILTER (WHERE is_current) * \(try t["P17.share"])
        ), used AS MATERIALIZED (
            SELECT p.key_no, c.submission_id, c.is_current, sum(p.use_doses) AS doses
            FROM \(t.position) p JOIN likely USING (key_no) JOIN checked c USING (submission_id) WHERE p.use_doses > 0
            GROUP BY 1, 2, 3
        ), whole AS (
            SELECT key_no, count(*) AS institutions, sum(doses) AS doses FROM used WHERE is_current GROUP BY 1
            HAVING count(*) >= \(try t["P17.institutions"])
        )
        SELECT \(Violation.row(
            "p", column: "dose_quantity", value: Violation.percent("p.held / p.doses_of_all"),
            expected: "'≤ ' || " + Violation.percent(try t["P17.share"]),
            details: [("n", "p.institutions::text"), ("total", Violation.shown("p.doses_of_all * 0.0001"))]))
        FROM (
            SELECT u.submission_id, 5 AS table_no, m.use_file AS file_no, m.use_line AS line, m.use_row AS row_number,
                m.code_no, u.doses AS held, w.doses AS doses_of_all, w.institutions
            FROM used u JOIN whole w USING (key_no) JOIN scope s USING (submission_id)
            JOIN \(t.position) m ON m.submission_id = u.submission_id AND m.key_no = u.key_no AND m.use_doses > 0
            WHERE s.level = 'primary' AND u.doses > w.doses * \(try t["P17.share"])) p
        """
    }

    static let p29 = PostCheck(
        "P29", evaluated: "1",
        inapplicable: """
            CASE WHEN coalesce(s.beds, 0) = 0 OR coalesce(s.income, 0) = 0 THEN '没有床位或收入 · no beds or no income'
                WHEN coalesce(s.peers, 0) < 5 THEN '同级机构不足 · too few institutions of the level' END
            """
    ) { t in
        """
        WITH peer AS (
            SELECT level, percentile_cont(0.5) WITHIN GROUP (ORDER BY income::float8 / beds)::numeric AS median,
                count(*) AS n
            FROM checked WHERE is_current AND beds > 0 AND income > 0 GROUP BY 1 HAVING count(*) >= 5
        )
        SELECT s.submission_id, NULL::smallint, 1::smallint, s.file_no, s.line, s.row_number, NULL::integer,
            'annual_drug_income', \(Violation.shown("s.income * 0.01 / s.beds", 2)),
            \(Violation.shown("p.median * 0.01", 2)),
            ARRAY['median', \(Violation.shown("p.median * 0.01", 2)), 'n', p.n::text, 'beds', s.beds::text]::text[]
        FROM scope s JOIN peer p USING (level)
        WHERE s.beds > 0 AND s.income > 0 AND s.income::numeric / s.beds NOT BETWEEN p.median / \(try t["P29.times"])
            AND p.median * \(try t["P29.times"])
        """
    }

    /// A thousand rows and more, or else the largest is its own measure.
    static let p31 = PostCheck(
        "P31", evaluated: "s.rows_in + s.rows_used",
        inapplicable: """
            CASE WHEN coalesce(s.peer_rows, 0) <= 1000
                THEN '同级数据不足 · too few rows of the level' END
            """
    ) { t in
        let times = "\(try t["P31.times"])::float8 * 0.999::float8"
        return "p.in_amount > l.in_high * \(times) OR p.use_amount > l.use_high * \(times)"
    } violations: { t in
        """
        SELECT \(Violation.row(
            "m", column: "amount", value: Violation.shown("m.amount * 0.01", 2),
            expected: "'≤ ' || " + Violation.shown("m.p999 * 0.01 * \(try t["P31.times"])", 2),
            details: [("p999", Violation.shown("m.p999 * 0.01", 2)), ("n", "m.peers::text")]))
        FROM moved m WHERE m.amount > m.p999 * \(try t["P31.times"])
        """
    }

    /// Rows are compared by their hash. What two submissions do not share is at most `most` rows, or else they are not
    /// alike; nor is it more than that in the part of the hashes that sketches keep. So the sketches alone say who may be
    /// alike, and nobody who is gets lost; whole rows are compared of those only.
    static let p36 = PostCheck(
        "P36", evaluated: "s.rows_moved",
        inapplicable: """
            CASE WHEN (SELECT count(*) FROM checked WHERE is_current) < 2 THEN '只有一家机构 · there is one institution only' END
            """
    ) { t in
        let likeness = try t["P36.similarity"]
        let hashes = Positions.rowHashes.map {
            "SELECT p.submission_id, \($1) AS hash FROM \(t.position) p JOIN suspect USING (submission_id) WHERE p.\($0) IS NOT NULL"
        }.joined(separator: " UNION ")
        return """
            WITH sized AS MATERIALIZED (
                SELECT submission_id, institution_id, community, is_judged, c.is_current, t.is_whole_sketch AS is_whole,
                    t.rows_in + t.rows_out + t.rows_used AS rows, t.sketch
                FROM checked c JOIN yaoce.submission_total t USING (submission_id, institution_id)
                WHERE t.rows_in + t.rows_out + t.rows_used >= \(try t["P36.rows"])
            ), token AS MATERIALIZED (
                SELECT DISTINCT submission_id, hash FROM sized CROSS JOIN LATERAL unnest(sketch) AS u (hash)
            ), part AS MATERIALIZED (
                SELECT submission_id, count(*) AS whole, count(*) FILTER (WHERE \(Positions.sketched)) AS part
                FROM token GROUP BY 1
            ), shared AS MATERIALIZED (
                SELECT hash FROM token GROUP BY 1 HAVING count(*) > 1
            ), likely AS MATERIALIZED (
                -- All but a tenth and what the other has more of: most of what a submission has, somebody else has.
                SELECT s.*, part.whole, part.part FROM sized s JOIN part USING (submission_id)
                LEFT JOIN (SELECT submission_id, count(*) AS common FROM token JOIN shared USING (hash)
                    WHERE \(Positions.sketched) GROUP BY 1) c USING (submission_id)
                WHERE coalesce(c.common, 0) >= part.part - s.rows * (1 - \(likeness)) / (1 + \(likeness)) * (1 + 1 / \(likeness))
            ), pair AS MATERIALIZED (
                SELECT a.submission_id AS one, b.submission_id AS other
                FROM likely a JOIN likely b ON b.submission_id <> a.submission_id AND a.institution_id <> b.institution_id
                    AND a.community <> b.community AND a.is_judged AND b.is_current
                    AND a.rows >= b.rows * \(likeness) * 0.999 AND b.rows >= a.rows * \(likeness) * 0.999
                JOIN token u ON u.submission_id = a.submission_id
                JOIN token v ON v.submission_id = b.submission_id AND v.hash = u.hash
                GROUP BY 1, 2, a.is_whole, b.is_whole, a.whole, b.whole, a.part, b.part, a.rows, b.rows
                HAVING count(*) * 2 >= CASE WHEN a.is_whole AND b.is_whole THEN a.whole + b.whole ELSE a.part + b.part END
                    - (a.rows + b.rows) * (1 - \(likeness)) / (1 + \(likeness))
            ), suspect AS MATERIALIZED (
                SELECT one AS submission_id FROM pair UNION SELECT other FROM pair
            ), kept AS MATERIALIZED (
                \(hashes)
            ), size AS (
                SELECT submission_id, count(*) AS rows FROM kept GROUP BY 1
            ), common AS (
                SELECT p.one, p.other, count(*) AS common FROM pair p
                JOIN kept u ON u.submission_id = p.one JOIN kept v ON v.submission_id = p.other AND v.hash = u.hash
                GROUP BY 1, 2
            )
            SELECT \(Violation.whole(
                "r", table: nil, value: Violation.percent("r.jaccard"), expected: "'< ' || " + Violation.percent(likeness),
                details: [("other", "r.hospital_code"), ("count", "r.common::text"), ("rows", "r.rows::text")]))
            FROM (
                SELECT c.one AS submission_id, o.hospital_code, c.common, a.rows,
                    c.common::numeric / (a.rows + b.rows - c.common) AS jaccard
                FROM common c JOIN size a ON a.submission_id = c.one JOIN size b ON b.submission_id = c.other
                JOIN checked o ON o.submission_id = c.other) r
            WHERE r.jaccard >= \(likeness)
            """
    }

    static let p49 = PostCheck(
        "P49", evaluated: "s.rows_moved",
        inapplicable: "CASE WHEN NOT s.has_drugs THEN '没有已发布的药品库 · no drug library is published' END"
    ) { t in
        """
        WITH split AS MATERIALIZED (
            SELECT product FROM \(t.position) JOIN checked USING (submission_id)
            WHERE product IS NOT NULL AND key_no IS NOT NULL AND (is_current OR is_judged)
            GROUP BY 1 HAVING min(key_no) <> max(key_no)
        ), listed AS MATERIALIZED (
            -- What is split is a handful, which no statistics tell: first of all it is looked for.
            SELECT p.submission_id, p.product, p.key_no, p.code_no, p.file_no, p.line, p.row_number, c.is_current, k.ypid
            FROM (SELECT submission_id, product, key_no, code_no, catalogue_file AS file_no, catalogue_line AS line,
                    catalogue_row AS row_number
                FROM \(t.position) JOIN split USING (product) WHERE catalogue_row IS NOT NULL OFFSET 0) p
            JOIN checked c USING (submission_id) JOIN yaoce.drug_key k USING (key_no)
            JOIN yaoce.library_version v ON v.kind = 'drugs' AND v.is_current
            JOIN yaoce.library_drug l ON l.version_id = v.id AND l.ypid = k.ypid
        ), held AS (
            SELECT product, key_no, ypid, count(DISTINCT submission_id) AS institutions
            FROM listed WHERE is_current GROUP BY 1, 2, 3
        ), usual AS (
            SELECT DISTINCT ON (product) product, key_no, ypid, institutions,
                sum(institutions) OVER (PARTITION BY product) AS total
            FROM held ORDER BY product, institutions DESC, ypid
        )
        SELECT c.submission_id, NULL::smallint, 2::smallint, c.file_no, c.line, c.row_number, c.code_no, 'ypid', c.ypid,
            u.ypid, ARRAY['share', \(Violation.percent("u.institutions / u.total")), 'n', u.total::text]::text[]
        FROM usual u JOIN listed c USING (product) JOIN scope s USING (submission_id)
        WHERE u.total >= \(try t["P49.institutions"]) AND c.key_no <> u.key_no
            AND u.institutions >= u.total * \(try t["P49.share"])
        """
    }
}
