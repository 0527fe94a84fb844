import Core

/// Rules about what stands side by side in one submission: quantities, factors, stock against use.
extension PostCheck {
    static let relations: [PostCheck] = [p12, p13, p18, p19, p21, p22, p28, p30, p33, p35, p38]

    static let p12 = free("P12", table: 5, evaluated: "s.rows_used")
    static let p13 = free("P13", table: 3, evaluated: "s.rows_in")

    private static func free(_ rule: String, table: Int, evaluated: String) -> PostCheck {
        let side = table == 5 ? "use" : "in"
        return PostCheck(.init(rule), evaluated: evaluated) { _ in
            "p.\(side)_amount = 0 AND (p.\(side)_packs > 0 OR p.\(side)_doses > 0)"
        } violations: { _ in
            """
            SELECT \(Violation.row(
                "m", column: "amount", value: "'0'", expected: "'> 0'",
                details: [("quantity", Violation.shown("m.doses * 0.0001", 4))]))
            FROM moved m WHERE m.table_no = \(table) AND m.amount = 0 AND (m.packs > 0 OR m.doses > 0)
            """
        }
    }

    private static let noLibrary = "CASE WHEN NOT s.has_drugs THEN '没有已发布的药品库 · no drug library is published' END"

    static let p18 = PostCheck("P18", evaluated: "s.rows_factor", inapplicable: noLibrary) { t in
        let share = try t["P18.share"]
        return ["in", "out", "use"].map { side in
            """
            p.\(side)_packs > 0 AND p.\(side)_doses > 0 AND d.factor > 0 AND \(SharedTables.wrongFactor(side, share))
            """
        }.joined(separator: " OR ")
    } violations: { t in
        """
        SELECT \(Violation.row(
            "m", column: "dose_quantity", value: Violation.shown("m.doses * 0.0001"),
            expected: Violation.shown("m.packs::numeric * m.library_factor * 0.00000001"),
            details: [
                ("packs", Violation.shown("m.packs * 0.0001")), ("factor", Violation.shown("m.library_factor * 0.0001")),
                ("tolerance", Violation.percent(try t["P18.share"])),
            ]))
        FROM moved m WHERE m.packs > 0 AND m.doses > 0 AND m.library_factor > 0
            AND abs(m.packs::numeric * m.library_factor * 0.0001 - m.doses) > m.doses * \(try t["P18.share"])
        """
    }

    static let p19 = PostCheck("P19", evaluated: "s.rows_factor", inapplicable: noLibrary) { t in
        """
        SELECT \(Violation.whole(
            "r", table: nil, column: "dose_quantity", value: Violation.percent("r.share"),
            expected: "'≤ ' || " + Violation.percent(try t["P19.share"]),
            details: [("count", "r.rows_factor_wrong::text"), ("rows", "r.rows_factor::text")]))
        FROM (SELECT *, rows_factor_wrong::numeric / rows_factor AS share FROM scope WHERE rows_factor > 0) r
        WHERE r.share > \(try t["P19.share"])
        """
    }

    static let p21 = PostCheck("P21", evaluated: "s.codes_issued") { t in
        "p.out_doses > 0 AND p.use_doses > p.out_doses::float8 * (1 + \(try t["P21.warning"]) * 0.999)"
    } violations: { t in
        """
        SELECT \(Violation.row(
            "p", severity: "CASE WHEN p.off > \(try t["P21.anomaly"]) THEN \(Violation.anomaly) ELSE \(Violation.warning) END",
            column: "dose_quantity", value: Violation.shown("p.use_doses * 0.0001"),
            expected: "'≤ ' || " + Violation.shown("p.out_doses * 0.0001"),
            details: [("issued", Violation.shown("p.out_doses * 0.0001")), ("off", Violation.percent("p.off"))]))
        FROM (
            SELECT m.*, c.use_doses, c.out_doses, c.use_doses::numeric / c.out_doses - 1 AS off
            FROM candidate c
            JOIN moved m ON m.submission_id = c.submission_id AND m.code_no = c.code_no AND m.table_no = 5
            WHERE c.out_doses > 0 AND c.use_doses > c.out_doses * (1 + \(try t["P21.warning"]))) p
        """
    }

    static let p22 = PostCheck(
        "P22", evaluated: "1",
        inapplicable: "CASE WHEN coalesce(s.in_doses, 0) = 0 THEN '没有入库数量 · nothing was received' END"
    ) { t in
        """
        SELECT \(Violation.whole(
            "s", table: "4", column: "dose_quantity", value: Violation.shown("s.out_doses / s.in_doses"),
            expected: "\(Violation.shown(try t["P22.low"])) || ' … ' || \(Violation.shown(try t["P22.high"]))",
            details: [
                ("issued", Violation.shown("s.out_doses * 0.0001")), ("received", Violation.shown("s.in_doses * 0.0001")),
            ]))
        FROM scope s WHERE s.in_doses > 0
            AND s.out_doses / s.in_doses NOT BETWEEN \(try t["P22.low"]) AND \(try t["P22.high"])
        """
    }

    static let p28 = PostCheck(
        "P28", evaluated: "1",
        inapplicable: "CASE WHEN coalesce(s.use_amount, 0) = 0 THEN '没有使用金额 · nothing was sold' END"
    ) { t in
        """
        SELECT \(Violation.whole(
            "s", table: "3", column: "amount", value: Violation.shown("s.in_amount / s.use_amount"),
            expected: "\(Violation.shown(try t["P28.low"])) || ' … ' || \(Violation.shown(try t["P28.high"]))",
            details: [
                ("received", Violation.shown("s.in_amount * 0.01", 2)), ("sold", Violation.shown("s.use_amount * 0.01", 2)),
            ]))
        FROM scope s WHERE s.use_amount > 0
            AND s.in_amount / s.use_amount NOT BETWEEN \(try t["P28.low"]) AND \(try t["P28.high"])
        """
    }

    static let p30 = PostCheck(
        "P30", evaluated: "s.codes_used",
        inapplicable: "CASE WHEN coalesce(s.use_amount, 0) = 0 THEN '没有使用金额 · nothing was sold' END"
    ) { t in
        // Whoever is above the limit is above this by far; the rule itself decides exactly.
        """
        s.codes_used >= \(try t["P30.drugs"])::float8
            AND p.use_amount > s.sold * \(try t["P30.share"])::float8 - abs(s.sold) * 0.000001::float8
        """
    } violations: { t in
        """
        SELECT \(Violation.row(
            "p", column: "amount", value: Violation.percent("p.use_amount / p.total"),
            expected: "'≤ ' || " + Violation.percent(try t["P30.share"]),
            details: [
                ("amount", Violation.shown("p.use_amount * 0.01", 2)), ("total", Violation.shown("p.total * 0.01", 2)),
            ]))
        FROM (
            SELECT m.*, c.use_amount, c.total_amount AS total
            FROM candidate c
            JOIN moved m ON m.submission_id = c.submission_id AND m.code_no = c.code_no AND m.table_no = 5
            WHERE c.codes_used >= \(try t["P30.drugs"]) AND c.use_amount > c.total_amount * \(try t["P30.share"])) p
        """
    }

    /// A table whose rows all went elsewhere, or a movement table whose rows say nothing. The institution's own row, alone
    /// in its table, stops nothing where it is wrong: precheck has said so.
    static let p33 = PostCheck("P33", evaluated: "4") { _ in
        """
        SELECT \(Violation.whole(
            "r", table: "r.table_no", value: "'0'", expected: "'≥ 1'",
            details: [("read", "r.read::text")]))
        FROM (
            SELECT f.submission_id, f.table_no, f.read
            FROM (SELECT o.submission_id, o.table_no, sum(o.rows_read) AS read, sum(o.rows_loaded) AS loaded
                FROM yaoce.submission_file o JOIN scope USING (submission_id)
                WHERE o.table_no BETWEEN 2 AND 5 AND o.submission_id = ANY (ARRAY(SELECT submission_id FROM scope))
                GROUP BY 1, 2) f
            JOIN scope s USING (submission_id)
            WHERE f.loaded = 0 OR CASE f.table_no WHEN 3 THEN NOT s.in_useful WHEN 4 THEN NOT s.out_useful
                WHEN 5 THEN NOT s.use_useful ELSE false END) r
        """
    }

    /// Hospital preparations have no national code.
    static let p35 = PostCheck("P35", evaluated: "s.rows_moved", inapplicable: noLibrary) { t in
        """
        SELECT \(Violation.whole(
            "r", severity: "CASE WHEN r.unmatched > r.rows * \(try t["P35.forced"]) THEN \(Violation.forced) ELSE \(Violation.warning) END",
            table: "2", column: "ypid", value: Violation.percent("r.unmatched::numeric / r.rows"),
            expected: "'≤ ' || " + Violation.percent(try t["P35.count"]), details: [("count", "r.unmatched::text")]))
        FROM (SELECT submission_id, matchable AS rows, unmatched FROM scope WHERE matchable > 0) r
        WHERE r.unmatched > r.rows * \(try t["P35.count"])
        UNION ALL
        SELECT \(Violation.whole(
            "r", severity: Violation.warning, table: "5", column: "ypid", value: Violation.percent("r.unmatched / r.total"),
            expected: "'≤ ' || " + Violation.percent(try t["P35.amount"]),
            details: [("count", Violation.shown("r.unmatched * 0.01", 2))]))
        FROM (SELECT submission_id, matchable_amount AS total, coalesce(unmatched_amount, 0) AS unmatched FROM scope
            WHERE matchable_amount > 0) r
        WHERE r.unmatched > r.total * \(try t["P35.amount"])
        """
    }

    /// Round figures, or last digits that no counting would give. Digits are judged for quantities of 100 and more.
    static let p38 = PostCheck("P38", evaluated: "s.rows_used") { t in
        """
        WITH chi AS (
            SELECT submission_id, sum(seen) AS rows, sum((seen - total / 10) ^ 2 / (total / 10)) AS chi_square
            FROM (SELECT submission_id, seen, sum(seen) OVER (PARTITION BY submission_id) AS total
                FROM scope CROSS JOIN LATERAL unnest(digits) AS u (seen)) d
            WHERE total >= \(try t["P38.digit_rows"]) GROUP BY 1
        )
        SELECT \(Violation.whole(
            "r", table: "5", column: "pack_quantity", value: "coalesce(\(Violation.percent("r.share")), '—')",
            expected: "'≤ ' || " + Violation.percent(try t["P38.share"]),
            details: [("chi_square", "coalesce(\(Violation.shown("r.chi_square", 2)), '—')"), ("rows", "r.rows::text")]))
        FROM (SELECT submission_id, s.counted AS rows, s.hundreds::numeric / s.counted AS share, chi_square
            FROM scope s LEFT JOIN chi USING (submission_id) WHERE s.counted > 0) r
        WHERE r.rows >= \(try t["P38.rows"]) AND r.share > \(try t["P38.share"])
            OR r.chi_square > \(try t["P38.chi_square"])
        """
    }
}
