import Core

/// Rules about one price, against the benchmark or against another price of the same drug.
extension PostCheck {
    static let prices: [PostCheck] = [p01, p02, p03, p04, p05, p06, p07, p08, p09.beside, p10]

    static let noBenchmark =
        "CASE WHEN coalesce(s.assessed, 0) = 0 THEN '机构数不足，无标尺 · too few institutions for a benchmark' END"

    /// Both sides of a position: what was received and what was used.
    static func either(_ condition: (_ side: String) throws -> String) rethrows -> String {
        "\(try condition("in")) OR \(try condition("use"))"
    }

    /// Judges every row that has a benchmark. `expected` says what a right price is.
    private static func priced(
        _ rule: String, evaluated: String = "s.assessed",
        candidates: @escaping @Sendable (Thresholds) throws -> String,
        where condition: @escaping @Sendable (Thresholds) throws -> String,
        expected: @escaping @Sendable (Thresholds) throws -> String
    ) -> PostCheck {
        PostCheck(
            .init(rule), evaluated: evaluated,
            inapplicable:
                "CASE WHEN coalesce(\(evaluated), 0) = 0 THEN '机构数不足，无标尺 · too few institutions for a benchmark' END",
            note: """
                CASE WHEN s.not_assessed > 0 THEN s.not_assessed || ' 行无标尺 · rows without a benchmark' END
                """,
            candidates: candidates
        ) { thresholds in
            """
            SELECT \(pricedRow(expected: try expected(thresholds)))
            FROM moved p WHERE p.ratio IS NOT NULL AND (\(try condition(thresholds)))
            """
        }
    }

    private static func pricedRow(severity: String = Violation.own, expected: String, more: [(String, String)] = [])
        -> String
    {
        Violation.row(
            "p", severity: severity, column: "amount", value: Violation.shown("p.price", 6), expected: expected,
            details: [
                ("price", Violation.shown("p.price", 6)), ("median", Violation.shown("p.median", 6)),
                ("ratio", Violation.shown("p.ratio", 4)), ("n", "p.institutions::text"),
                ("amount", Violation.shown("p.amount * 0.01", 2)), ("quantity", Violation.shown("p.doses * 0.0001", 4)),
                ("benchmark_version", "p.version"), ("basis", "p.basis"),
            ] + more)
    }

    private static func between(_ low: String, _ high: String) -> String {
        "\(Violation.shown(low, 6)) || ' … ' || \(Violation.shown(high, 6))"
    }

    static let p01 = priced("P01") { t in
        let times = try t["P01.times"]
        return either { "p.\($0)_price > b.\($0)_p95 * \(times) OR p.\($0)_price < b.\($0)_p5 / \(times)" }
    } where: { t in
        "p.price > p.p95 * \(try t["P01.times"]) OR p.price < p.p5 / \(try t["P01.times"])"
    } expected: { t in
        between("p.p5 / \(try t["P01.times"])", "p.p95 * \(try t["P01.times"])")
    }

    /// Amounts are known to the fen: half a fen over the doses is no deviation, nor is the last place of the figures. It
    /// matters where everybody pays the same and the deviation is nought.
    private static let unknowable = "50.0::float8 / p.doses + 0.00000001::float8"

    static let p02 = priced("P02", evaluated: "s.assessed_8") { t in
        let (least, deviations) = (try t["P02.institutions"], try t["P02.deviations"])
        return either {
            """
            b.\($0)_n >= \(least)::float8 AND abs(p.\($0)_price - b.\($0)_mean)
                > b.\($0)_sd * \(deviations) + 50.0::float8 / p.\($0)_doses
            """
        }
    } where: { t in
        "p.institutions >= \(try t["P02.institutions"]) AND abs(p.price - p.mean) > p.sd * \(try t["P02.deviations"]) + \(unknowable)"
    } expected: { t in
        between("p.mean - p.sd * \(try t["P02.deviations"])", "p.mean + p.sd * \(try t["P02.deviations"])")
    }

    static let p03 = priced("P03", evaluated: "s.assessed_mode") { t in
        "p.use_price < b.use_mode * \(try t["P03.low"]) OR p.use_price > b.use_mode * \(try t["P03.high"])"
    } where: { t in
        "p.table_no = 5 AND p.mode > 0 AND (p.price < p.mode * \(try t["P03.low"]) OR p.price > p.mode * \(try t["P03.high"]))"
    } expected: { t in
        between("p.mode * \(try t["P03.low"])", "p.mode * \(try t["P03.high"])")
    }

    // 0.6745 makes the MAD of a normal distribution its standard deviation.
    static let p04 = priced("P04", evaluated: "s.assessed_spread") { t in
        let score = try t["P04.score"]
        return either {
            "0.6745::float8 * abs(ln(p.\($0)_price / b.\($0)_median)) > b.\($0)_mad_log * \(score)"
        }
    } where: { t in
        "0.6745::float8 * abs(ln(p.ratio)) / p.mad_log > \(try t["P04.score"])"
    } expected: { t in
        between(
            "p.median * exp(-\(try t["P04.score"]) * p.mad_log / 0.6745)",
            "p.median * exp(\(try t["P04.score"]) * p.mad_log / 0.6745)")
    }

    static let p05 = PostCheck("P05", evaluated: "s.assessed", inapplicable: noBenchmark) { _ in
        either { "p.\($0)_price / b.\($0)_median NOT BETWEEN 0.3::float8 AND 3::float8" }
    } violations: { t in
        let near = try t["P05.tolerance"]
        return """
            SELECT \(pricedRow(expected: Violation.shown("p.median", 6), more: [("factor", Violation.shown("p.factor", 4))]))
            FROM (SELECT p.*, p.any_factor * 0.0001::float8 AS factor FROM moved p
                WHERE p.ratio NOT BETWEEN 0.3::float8 AND 3::float8) p
            WHERE p.factor >= \(try t["P05.factor"]) AND (abs(p.ratio / p.factor - 1) <= \(near)
                OR abs(p.ratio * p.factor - 1) <= \(near))
            """
    }

    static let p06 = priced("P06") { _ in
        either { "p.\($0)_price / b.\($0)_median NOT BETWEEN 0.5::float8 AND 2::float8" }
    } where: { t in
        let near = try t["P06.tolerance"]
        return "p.ratio NOT BETWEEN 0.5::float8 AND 2::float8 AND ("
            + ["10", "100", "1000", "0.1", "0.01", "0.001"].map { "abs(p.ratio / \($0)::float8 - 1) <= \(near)" }
            .joined(separator: " OR ") + ")"
    } expected: { _ in
        Violation.shown("p.median", 6)
    }

    /// The median is that small only where half of the prices are.
    static let p07 = PostCheck("P07", evaluated: "s.assessed", inapplicable: noBenchmark) { t in
        func side(_ table: String, _ number: Int, assessed: String) -> String {
            """
            SELECT s.submission_id, \(number) AS table_no,
                p.\(table)_amount::float8 * 100 / p.\(table)_doses / b.\(table)_median AS ratio
            FROM scope s JOIN \(t.position) p USING (submission_id) JOIN benchmark b USING (key_no)
            WHERE s.tiny_\(table) * 2 >= \(assessed) AND p.\(table)_amount > 0 AND p.\(table)_doses > 0
                AND b.\(table)_median IS NOT NULL
            """
        }
        return """
            SELECT \(Violation.whole(
                "r", table: "r.table_no", column: "amount", value: Violation.shown("r.ratio * 10000", 4) + " || ' / 10000'",
                expected: "'1'",
                details: [("ratio", Violation.shown("r.ratio", 8)), ("rows", "r.rows::text")]))
            FROM (SELECT submission_id, table_no, count(*) AS rows,
                    percentile_cont(0.5) WITHIN GROUP (ORDER BY ratio)::numeric AS ratio
                FROM (\(side("in", 3, assessed: "s.assessed_in")) UNION ALL
                    \(side("use", 5, assessed: "s.assessed_used"))) p GROUP BY 1, 2) r
            WHERE r.rows >= \(try t["P07.rows"]) AND abs(r.ratio * 10000 - 1) <= \(try t["P07.tolerance"])
            """
    }

    static let p08 = PostCheck("P08", evaluated: "s.codes_priced") { t in
        """
        p.use_price > p.in_price * (1 + \(try t["P08.warning"]) * 0.999) OR p.use_price < p.in_price * (1 - \(try t["P08.warning"]) * 0.999)
        """
    } violations: { t in
        """
        SELECT \(Violation.row(
            "p", severity: "CASE WHEN p.off > \(try t["P08.anomaly"]) THEN \(Violation.anomaly) ELSE \(Violation.warning) END",
            column: "amount", value: Violation.shown("p.sold", 6), expected: Violation.shown("p.bought", 6),
            details: [
                ("price", Violation.shown("p.sold", 6)), ("bought", Violation.shown("p.bought", 6)),
                ("off", Violation.percent("p.off")),
            ]))
        FROM (
            SELECT m.*, c.sold, c.bought, abs(c.sold / c.bought - 1) AS off FROM (
                SELECT submission_id, code_no, use_amount * 100::numeric / use_doses AS sold,
                    in_amount * 100::numeric / in_doses AS bought
                FROM candidate WHERE in_doses > 0 AND in_amount > 0 AND use_doses > 0 AND use_amount > 0
                    AND abs(use_amount::numeric * in_doses / (use_doses::numeric * in_amount) - 1) > \(try t["P08.warning"])) c
            JOIN moved m ON m.submission_id = c.submission_id AND m.code_no = c.code_no AND m.table_no = 5) p
        """
    }

    static let p09 = PostCheck("P09", evaluated: "s.codes_used") { t in
        """
        SELECT \(Violation.row(
            "p", column: "amount", value: Violation.shown("p.price", 6), expected: Violation.shown("p.lowest", 6),
            details: [
                ("price", Violation.shown("p.price", 6)), ("lowest", Violation.shown("p.lowest", 6)),
                ("off", Violation.percent("p.price / p.lowest - 1")), ("codes", "p.codes::text"),
            ]))
        FROM (
            SELECT *, min(price) OVER w AS lowest, count(*) OVER w AS codes,
                row_number() OVER (PARTITION BY submission_id, key_no ORDER BY price DESC, code_no) AS place
            FROM (SELECT p.submission_id, p.key_no, p.code_no, 5 AS table_no, p.use_file AS file_no, p.use_line AS line,
                    p.use_row AS row_number, p.use_amount * 100::numeric / p.use_doses AS price
                FROM \(t.position) p JOIN scope USING (submission_id)
                WHERE p.has_twin AND p.use_amount > 0 AND p.use_doses > 0) p
            WINDOW w AS (PARTITION BY submission_id, key_no)) p
        WHERE p.place = 1 AND p.codes > 1 AND p.price > p.lowest * (1 + \(try t["P09.share"]))
        """
    }

    static let p10 = PostCheck(
        "P10", evaluated: "s.rows_award",
        inapplicable: """
            CASE WHEN NOT s.has_drugs THEN '没有已发布的药品库 · no drug library is published'
                WHEN coalesce(s.rows_award, 0) = 0 THEN '没有有中选价的药品 · no drug with an award price' END
            """
    ) { t in
        """
        d.award_price > 0 AND p.in_packs > 0 AND p.in_amount > 0 AND abs(p.in_amount * 1000000::float8
            / (p.in_packs::float8 * d.award_price) - 1) > \(try t["P10.warning"]) * 0.999
        """
    } violations: { t in
        """
        SELECT \(Violation.row(
            "p", severity: "CASE WHEN p.off > \(try t["P10.anomaly"]) THEN \(Violation.anomaly) ELSE \(Violation.warning) END",
            column: "amount", value: Violation.shown("p.pack_price", 4), expected: Violation.shown("p.award", 4),
            details: [
                ("price", Violation.shown("p.pack_price", 4)), ("award", Violation.shown("p.award", 4)),
                ("off", Violation.percent("p.off")),
            ]))
        FROM (
            SELECT m.*, m.amount::numeric * 100 / m.packs AS pack_price, m.award_price * 0.0001 AS award,
                abs(m.amount::numeric * 1000000 / (m.packs::numeric * m.award_price) - 1) AS off
            FROM moved m WHERE m.table_no = 3 AND m.packs > 0 AND m.amount > 0 AND m.award_price > 0) p
        WHERE p.off > \(try t["P10.warning"])
        """
    }
}
