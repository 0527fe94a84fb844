import Core

/// Rules about what a submission leaves out, and what a new version changed besides.
extension PostCheck {
    static let returns: [PostCheck] = [p39, p40]

    /// Yearly figures say nothing of months. Where rows are dated in many months of the year, the others are missing.
    static let p39 = PostCheck(
        "P39", evaluated: "12",
        inapplicable: """
            CASE WHEN s.period_months <> 12 THEN '本期不是一年 · the period is not a year'
                WHEN coalesce(cardinality(s.months), 0) < 6 THEN '没有按月数据 · no figures by month' END
            """
    ) { t in
        """
        SELECT \(Violation.whole(
            "r", table: nil, column: "report_date", value: "r.missing", expected: "'1 … 12'",
            details: [("count", "r.count::text")]))
        FROM (
            SELECT s.submission_id, string_agg(m::text, ', ' ORDER BY m) AS missing, count(*) AS count
            FROM scope s CROSS JOIN generate_series(1, 12) AS m
            WHERE cardinality(s.months) >= 6 AND m <> ALL (s.months) GROUP BY 1) r
        WHERE r.count >= \(try t["P39.months"])
        """
    }

    /// What the version before was to be sent back for is named by its findings; a finding on the submission as a whole
    /// names every table.
    private static let returned = """
        SELECT s.submission_id, q.id AS before_id FROM scope s JOIN yaoce.submission q ON q.id = s.supersedes
        WHERE q.grade IN ('suggested_return', 'forced_return') AND q.loaded_at IS NOT NULL AND q.withdrawn_at IS NULL
        """

    static let p40 = PostCheck(
        "P40", evaluated: "4",
        inapplicable: """
            CASE WHEN NOT EXISTS (SELECT FROM (\(returned)) b WHERE b.submission_id = s.submission_id)
                THEN '之前没有应退回的版本 · no version before it was to be returned' END
            """
    ) { t in
        func side(_ number: Int, _ isThere: String, _ values: [String]) -> String {
            let now = values.map { "n.\($0)" }.joined(separator: ", ")
            let before = values.map { "o.\($0)" }.joined(separator: ", ")
            return """
                SELECT submission_id, \(number) AS table_no, count(*) AS rows,
                    count(*) FILTER (WHERE (\(now)) IS DISTINCT FROM (\(before))) AS changed
                FROM (SELECT * FROM now WHERE \(isThere) IS NOT NULL) n
                FULL JOIN (SELECT * FROM before WHERE \(isThere) IS NOT NULL) o USING (submission_id, code_hash)
                GROUP BY 1
                """
        }
        return """
            WITH pair AS MATERIALIZED (\(returned)),
            now AS MATERIALIZED (SELECT p.* FROM \(t.position) p JOIN pair USING (submission_id)),
            before AS MATERIALIZED (
                SELECT pair.submission_id, p.code_hash, p.catalogue_row, p.factor, p.key_no, p.in_amount, p.in_packs,
                    p.in_doses, p.out_packs, p.out_doses, p.use_amount, p.use_packs, p.use_doses
                FROM \(t.position) p JOIN pair ON pair.before_id = p.submission_id),
            named AS (
                SELECT DISTINCT pair.submission_id, f.table_no FROM pair JOIN yaoce.finding f ON f.submission_id = before_id
                    AND f.submission_id = ANY (ARRAY(SELECT before_id FROM pair))
                WHERE f.severity IN (\(Severity.interrupt.rank), \(Severity.error.rank), \(Violation.anomaly), \(Violation.forced)))
            SELECT \(Violation.whole(
                "r", table: "r.table_no", value: Violation.percent("r.changed::numeric / r.rows"),
                expected: "'≤ ' || " + Violation.percent(try t["P40.share"]),
                details: [("count", "r.changed::text"), ("rows", "r.rows::text")]))
            FROM (
                \(side(2, "catalogue_row", ["factor", "key_no"])) UNION ALL
                \(side(3, "in_doses", ["in_amount", "in_packs", "in_doses"])) UNION ALL
                \(side(4, "out_doses", ["out_packs", "out_doses"])) UNION ALL
                \(side(5, "use_doses", ["use_amount", "use_packs", "use_doses"]))) r
            WHERE r.changed > r.rows * \(try t["P40.share"]) AND NOT EXISTS (SELECT FROM named n
                WHERE n.submission_id = r.submission_id AND (n.table_no = r.table_no OR n.table_no IS NULL))
            """
    }
}
