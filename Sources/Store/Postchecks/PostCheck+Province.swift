import Core

/// Rules about an institution against the others of its period.
extension PostCheck {
    static let province: [PostCheck] = [p17, p29, p31, p36, p49]

    static let p17 = PostCheck(
        "P17", evaluated: "s.codes_used",
        inapplicable: "CASE WHEN s.level <> 'primary' THEN '不是基层机构 · not a primary institution' END"
    ) { t in
        """
        WITH used AS (
            SELECT m.key_no, c.submission_id, c.is_current, sum(m.doses) AS doses
            FROM movement m JOIN checked c USING (submission_id) WHERE m.table_no = 5 AND m.doses > 0
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
            SELECT m.*, u.doses AS held, w.doses AS doses_of_all, w.institutions
            FROM used u JOIN whole w USING (key_no) JOIN scope s USING (submission_id)
            JOIN movement m ON m.submission_id = u.submission_id AND m.key_no = u.key_no AND m.table_no = 5
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
        """
        WITH peer AS (
            SELECT c.level, m.table_no, percentile_cont(0.999) WITHIN GROUP (ORDER BY m.amount::float8)::numeric AS p999,
                count(*) AS n
            FROM movement m JOIN checked c USING (submission_id) WHERE c.is_current AND m.table_no <> 4 AND m.amount > 0
            GROUP BY 1, 2 HAVING count(*) > 1000
        )
        SELECT \(Violation.row(
            "m", column: "amount", value: Violation.shown("m.amount * 0.01", 2),
            expected: "'≤ ' || " + Violation.shown("p.p999 * 0.01 * \(try t["P31.times"])", 2),
            details: [("p999", Violation.shown("p.p999 * 0.01", 2)), ("n", "p.n::text")]))
        FROM movement m JOIN checked c USING (submission_id) JOIN peer p USING (level, table_no)
        WHERE c.is_judged AND m.amount > p.p999 * \(try t["P31.times"])
        """
    }

    private static let rowHash = """
        hashint8extended(m.amount, hashint8extended(m.packs, hashint8extended(m.doses,
            coalesce(m.key_no, 0)::bigint * 8 + m.table_no)))
        """

    /// Rows are compared by their hash. Two sets that share nine tenths of their rows share one of the first tenth in any
    /// fixed order: only such pairs are counted, and only institutions most of whose rows somebody else has, too.
    static let p36 = PostCheck(
        "P36", evaluated: "s.rows_moved",
        inapplicable: """
            CASE WHEN (SELECT count(*) FROM checked WHERE is_current) < 2 THEN '只有一家机构 · there is one institution only' END
            """
    ) { t in
        """
        WITH shared AS MATERIALIZED (
            SELECT \(rowHash) AS hash FROM movement m GROUP BY 1 HAVING min(submission_id) <> max(submission_id)
        ), sized AS MATERIALIZED (
            SELECT m.submission_id, count(*) AS shared FROM movement m JOIN shared s ON s.hash = \(rowHash) GROUP BY 1
        ), token AS MATERIALIZED (
            SELECT DISTINCT m.submission_id, \(rowHash) AS hash
            FROM movement m JOIN sized USING (submission_id) JOIN (SELECT submission_id, count(*) AS rows_moved FROM movement GROUP BY 1) r
                USING (submission_id)
            WHERE sized.shared >= r.rows_moved * \(try t["P36.similarity"])
        ), suspect AS MATERIALIZED (
            SELECT submission_id, count(*) AS rows FROM token GROUP BY 1 HAVING count(*) >= \(try t["P36.rows"])
        ), kept AS MATERIALIZED (
            SELECT submission_id, hash, rows, row_number() OVER (PARTITION BY submission_id ORDER BY hash) AS place
            FROM token JOIN suspect USING (submission_id)
        ), pair AS MATERIALIZED (
            SELECT DISTINCT a.submission_id AS one, b.submission_id AS other
            FROM kept a JOIN kept b ON a.hash = b.hash AND a.submission_id <> b.submission_id
            JOIN checked x ON x.submission_id = a.submission_id
            JOIN checked y ON y.submission_id = b.submission_id
            WHERE a.place <= a.rows * (1 - \(try t["P36.similarity"])) + 1
                AND b.place <= b.rows * (1 - \(try t["P36.similarity"])) + 1
                AND x.is_judged AND y.is_current AND x.institution_id <> y.institution_id AND x.community <> y.community
        ), likeness AS (
            SELECT p.one, p.other, count(*) AS common, a.rows AS rows, b.rows AS other_rows
            FROM pair p JOIN suspect a ON a.submission_id = p.one JOIN suspect b ON b.submission_id = p.other
            JOIN kept u ON u.submission_id = p.one JOIN kept v ON v.submission_id = p.other AND v.hash = u.hash
            GROUP BY 1, 2, 4, 5
        )
        SELECT \(Violation.whole(
            "r", table: nil, value: Violation.percent("r.jaccard"), expected: "'< ' || " + Violation.percent(try t["P36.similarity"]),
            details: [("other", "r.hospital_code"), ("count", "r.common::text"), ("rows", "r.rows::text")]))
        FROM (
            SELECT l.one AS submission_id, c.hospital_code, l.common, l.rows,
                l.common::numeric / (l.rows + l.other_rows - l.common) AS jaccard
            FROM likeness l JOIN checked c ON c.submission_id = l.other) r
        WHERE r.jaccard >= \(try t["P36.similarity"])
        """
    }

    static let p49 = PostCheck(
        "P49", evaluated: "s.rows_moved",
        inapplicable: "CASE WHEN NOT s.has_drugs THEN '没有已发布的药品库 · no drug library is published' END"
    ) { t in
        """
        WITH held AS (
            SELECT product, key_no, count(DISTINCT submission_id) AS institutions
            FROM catalogue JOIN checked c USING (submission_id) JOIN drug_key k USING (key_no)
            WHERE c.is_current AND k.is_known GROUP BY 1, 2
        ), usual AS (
            SELECT DISTINCT ON (product) product, key_no, institutions,
                sum(institutions) OVER (PARTITION BY product) AS total, count(*) OVER (PARTITION BY product) AS codes
            FROM held ORDER BY product, institutions DESC, key_no
        )
        SELECT c.submission_id, NULL::smallint, 2::smallint, c.file_no, c.line, c.row_number, c.code_no, 'ypid', k.ypid,
            w.ypid, ARRAY['share', \(Violation.percent("u.institutions / u.total")), 'n', u.total::text]::text[]
        FROM usual u
        JOIN catalogue c USING (product)
        JOIN scope s USING (submission_id)
        JOIN drug_key k ON k.key_no = c.key_no
        JOIN drug_key w ON w.key_no = u.key_no
        WHERE u.codes > 1 AND u.total >= \(try t["P49.institutions"]) AND c.key_no <> u.key_no AND k.is_known
            AND u.institutions >= u.total * \(try t["P49.share"])
        """
    }
}
