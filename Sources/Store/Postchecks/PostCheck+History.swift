import Core

/// Rules about an institution against its own period before.
extension PostCheck {
    static let history: [PostCheck] = [p11, p14, p15, p34, p37, p42]

    static let firstPeriod =
        "CASE WHEN s.previous_id IS NULL THEN '没有上一期数据 · nothing was reported for the period before' END"

    static let p11 = PostCheck("P11", evaluated: "s.rows_used", inapplicable: firstPeriod) { t in
        """
        e.e_use_amount > 0 AND e.e_use_doses > 0 AND abs(p.use_price * e.e_use_doses / (e.e_use_amount * 100::float8) - 1)
            > \(try t["P11.warning"]) * 0.999
        """
    } violations: { t in
        """
        SELECT \(Violation.row(
            "p", severity: "CASE WHEN p.off > \(try t["P11.anomaly"]) THEN \(Violation.anomaly) ELSE \(Violation.warning) END",
            column: "amount", value: Violation.shown("p.now", 6), expected: Violation.shown("p.before", 6),
            details: [
                ("price", Violation.shown("p.now", 6)), ("before", Violation.shown("p.before", 6)),
                ("off", Violation.percent("p.off")),
            ]))
        FROM (
            SELECT m.*, m.amount * 100::numeric / m.doses AS now, m.before_amount * 100::numeric / m.before_doses AS before,
                abs(m.amount::numeric * m.before_doses / (m.before_amount::numeric * m.doses) - 1) AS off
            FROM moved m
            WHERE m.table_no = 5 AND m.amount > 0 AND m.doses > 0 AND m.before_amount > 0 AND m.before_doses > 0) p
        WHERE p.off > \(try t["P11.warning"])
        """
    }

    /// A history that hardly varies would make anything an anomaly: its deviation counts as a tenth of its mean at least.
    static let p14 = PostCheck(
        "P14", evaluated: "s.rows_used",
        inapplicable: """
            CASE WHEN coalesce(s.pasts, 0) < 3 THEN '历史期间不足三个 · fewer than three earlier periods' END
            """
    ) { t in
        """
        e.periods >= \(try t["P14.periods"]) AND p.use_doses > e.mean_doses + \(try t["P14.deviations"])
            * greatest(e.sd_doses, e.mean_doses * \(try t["P14.least"]))
        """
    } violations: { t in
        """
        SELECT \(Violation.row(
            "p", column: "dose_quantity", value: Violation.shown("p.doses * 0.0001"),
            expected: "'≤ ' || " + Violation.shown("p.highest * 0.0001"),
            details: [
                ("mean", Violation.shown("p.mean_doses * 0.0001")), ("sd", Violation.shown("p.sd_doses * 0.0001")),
                ("n", "p.periods::text"),
            ]))
        FROM (
            SELECT m.*, c.mean_doses, c.sd_doses, c.periods, c.mean_doses + \(try t["P14.deviations"])
                * greatest(c.sd_doses, c.mean_doses * \(try t["P14.least"])) AS highest
            FROM candidate c JOIN moved m USING (submission_id, code_no)
            WHERE m.table_no = 5 AND c.periods >= \(try t["P14.periods"])) p
        WHERE p.doses > p.highest
        """
    }

    static let p15 = PostCheck("P15", evaluated: "s.rows_moved", inapplicable: firstPeriod) { t in
        let (share, least) = (try t["P15.share"], try t["P15.quantity"])
        return ["in", "out", "use"].map {
            """
            e.e_\($0)_doses > 0 AND abs(p.\($0)_doses::float8 - e.e_\($0)_doses) >= \(least) * 10000
                AND abs(p.\($0)_doses::float8 / e.e_\($0)_doses - 1) > \(share) * 0.999
            """
        }.joined(separator: " OR ")
    } violations: { t in
        """
        SELECT \(Violation.row(
            "p", column: "dose_quantity", value: Violation.shown("p.doses * 0.0001"),
            expected: Violation.shown("p.before_doses * 0.0001"),
            details: [("before", Violation.shown("p.before_doses * 0.0001")), ("off", Violation.percent("p.off"))]))
        FROM (SELECT m.*, m.doses::numeric / m.before_doses - 1 AS off FROM moved m WHERE m.before_doses > 0) p
        WHERE abs(p.off) > \(try t["P15.share"]) AND abs(p.doses::numeric - p.before_doses) >= \(try t["P15.quantity"]) * 10000
        """
    }

    static let p34 = PostCheck("P34", evaluated: "1", inapplicable: firstPeriod) { t in
        """
        SELECT \(Violation.whole(
            "r", table: "2", value: "r.varieties::text", expected: "'≥ ' || ceil(r.earlier_varieties * \(try t["P34.share"]))::text",
            details: [("before", "r.earlier_varieties::text")]))
        FROM scope r
        WHERE r.earlier_varieties > 0 AND r.varieties < r.earlier_varieties * \(try t["P34.share"])
        """
    }

    static let p37 = PostCheck("P37", evaluated: "s.rows_moved", inapplicable: firstPeriod) { t in
        """
        SELECT \(Violation.whole(
            "r", table: nil, value: Violation.percent("r.same::numeric / r.rows"),
            expected: "'< ' || " + Violation.percent(try t["P37.share"]),
            details: [("count", "r.same::text"), ("rows", "r.rows::text")]))
        FROM (
            SELECT p.submission_id, max(s.rows_moved) AS rows,
                count(*) FILTER (WHERE (p.in_packs, p.in_doses) = (e.e_in_packs, e.e_in_doses))
                    + count(*) FILTER (WHERE (p.out_packs, p.out_doses) = (e.e_out_packs, e.e_out_doses))
                    + count(*) FILTER (WHERE (p.use_packs, p.use_doses) = (e.e_use_packs, e.e_use_doses)) AS same
            FROM \(t.position) p JOIN scope s USING (submission_id) JOIN earlier e USING (submission_id, code_hash)
            WHERE s.previous_id IS NOT NULL GROUP BY 1) r
        WHERE r.rows >= \(try t["P37.rows"]) AND r.same >= r.rows * \(try t["P37.share"])
        """
    }

    static let p42 = PostCheck("P42", evaluated: "1", inapplicable: firstPeriod) { t in
        """
        WITH counted AS (
            SELECT p.submission_id, sum(p.use_amount) FILTER (WHERE p.is_essential) / nullif(sum(p.use_amount), 0) AS share,
                sum(e.e_use_amount) FILTER (WHERE p.is_essential) / nullif(sum(e.e_use_amount), 0) AS before
            FROM \(t.position) p JOIN scope s USING (submission_id) LEFT JOIN earlier e USING (submission_id, code_hash)
            WHERE s.previous_id IS NOT NULL AND p.is_essential IS NOT NULL
            GROUP BY 1 HAVING sum(p.use_amount) > 0 AND sum(e.e_use_amount) > 0
        )
        SELECT \(Violation.whole(
            "r", table: "5", column: "amount", value: Violation.percent("r.share"), expected: Violation.percent("r.before"),
            details: [("before", Violation.percent("r.before"))]))
        FROM (SELECT submission_id, coalesce(share, 0) AS share, coalesce(before, 0) AS before FROM counted) r
        WHERE abs(r.share - r.before) > \(try t["P42.share"])
        """
    }
}
