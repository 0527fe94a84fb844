import Core

/// Rules about an institution against its own period before.
extension PostCheck {
    static let history: [PostCheck] = [p11, p15, p34, p37, p42]

    private static let firstPeriod =
        "CASE WHEN s.previous_id IS NULL THEN '没有上一期数据 · nothing was reported for the period before' END"

    static let p11 = PostCheck("P11", evaluated: "s.rows_used", inapplicable: firstPeriod) { t in
        """
        SELECT \(Violation.row(
            "p", severity: "CASE WHEN p.off > \(try t["P11.anomaly"]) THEN \(Violation.anomaly) ELSE \(Violation.warning) END",
            column: "amount", value: Violation.shown("p.price", 6), expected: Violation.shown("p.before", 6),
            details: [
                ("price", Violation.shown("p.price", 6)), ("before", Violation.shown("p.before", 6)),
                ("off", Violation.percent("p.off")),
            ]))
        FROM (
            SELECT p.*, e.amount * 100 / e.doses AS before, abs(p.price * e.doses / (e.amount * 100) - 1) AS off
            FROM priced p JOIN earlier e USING (submission_id, table_no, code_no)
            WHERE p.table_no = 5 AND e.amount > 0 AND e.doses > 0) p
        WHERE p.off > \(try t["P11.warning"])
        """
    }

    static let p15 = PostCheck("P15", evaluated: "s.rows_moved", inapplicable: firstPeriod) { t in
        """
        SELECT \(Violation.row(
            "p", column: "dose_quantity", value: Violation.shown("p.doses * 0.0001"),
            expected: Violation.shown("p.before * 0.0001"),
            details: [("before", Violation.shown("p.before * 0.0001")), ("off", Violation.percent("p.off"))]))
        FROM (
            SELECT m.*, e.doses AS before, m.doses / e.doses - 1 AS off
            FROM movement m JOIN earlier e USING (submission_id, table_no, code_no) WHERE e.doses > 0) p
        WHERE abs(p.off) > \(try t["P15.share"]) AND abs(p.doses - p.before) >= \(try t["P15.quantity"]) * 10000
        """
    }

    static let p34 = PostCheck("P34", evaluated: "1", inapplicable: firstPeriod) { t in
        """
        SELECT \(Violation.whole(
            "r", table: "2", value: "r.varieties::text", expected: "'≥ ' || ceil(r.earlier_varieties * \(try t["P34.share"]))::text",
            details: [("before", "r.earlier_varieties::text")]))
        FROM (SELECT s.submission_id, s.earlier_varieties, count(c.code_no) AS varieties
            FROM scope s LEFT JOIN catalogue c USING (submission_id)
            WHERE s.earlier_varieties > 0 GROUP BY 1, 2) r
        WHERE r.varieties < r.earlier_varieties * \(try t["P34.share"])
        """
    }

    static let p37 = PostCheck("P37", evaluated: "s.rows_moved", inapplicable: firstPeriod) { t in
        """
        SELECT \(Violation.whole(
            "r", table: nil, value: Violation.percent("r.same::numeric / r.rows"),
            expected: "'< ' || " + Violation.percent(try t["P37.share"]),
            details: [("count", "r.same::text"), ("rows", "r.rows::text")]))
        FROM (
            SELECT m.submission_id, count(*) AS rows,
                count(*) FILTER (WHERE e.packs = m.packs AND e.doses = m.doses) AS same
            FROM movement m JOIN scope s USING (submission_id)
            LEFT JOIN earlier e USING (submission_id, table_no, code_no)
            WHERE s.previous_id IS NOT NULL GROUP BY 1) r
        WHERE r.rows >= \(try t["P37.rows"]) AND r.same >= r.rows * \(try t["P37.share"])
        """
    }

    static let p42 = PostCheck("P42", evaluated: "1", inapplicable: firstPeriod) { t in
        """
        WITH flag AS (
            SELECT submission_id, code_no, bool_or(is_essential) AS is_essential FROM catalogue GROUP BY 1, 2
        ), share AS (
            SELECT submission_id, table_no, amount, is_essential FROM flag JOIN (
                SELECT submission_id, code_no, 0 AS table_no, amount FROM movement WHERE table_no = 5
                UNION ALL SELECT submission_id, code_no, 1, amount FROM earlier WHERE table_no = 5) m
                USING (submission_id, code_no)
            WHERE is_essential IS NOT NULL
        ), counted AS (
            SELECT submission_id, table_no, sum(amount) FILTER (WHERE is_essential) / sum(amount) AS share
            FROM share GROUP BY 1, 2 HAVING sum(amount) > 0
        )
        SELECT \(Violation.whole(
            "r", table: "5", column: "amount", value: Violation.percent("r.share"), expected: Violation.percent("r.before"),
            details: [("before", Violation.percent("r.before"))]))
        FROM (SELECT n.submission_id, coalesce(n.share, 0) AS share, coalesce(b.share, 0) AS before
            FROM counted n JOIN counted b USING (submission_id) JOIN scope s USING (submission_id)
            WHERE n.table_no = 0 AND b.table_no = 1 AND s.previous_id IS NOT NULL) r
        WHERE abs(r.share - r.before) > \(try t["P42.share"])
        """
    }
}
