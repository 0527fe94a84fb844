import Core

/// Rules about the stock that is carried from period to period (`StockLedger`).
extension PostCheck {
    static let stock: [PostCheck] = [p20, p23, p24, p25]

    /// A version that is not in force has no ledger; nor can a first period's be judged.
    private static let firstLedger = """
        CASE WHEN NOT s.is_current THEN '已被更新的报送取代 · a newer version is in force'
            WHEN s.previous_id IS NULL THEN '首期，期初库存未知 · the first period: what lay there is unknown' END
        """

    /// The ledger of a drug beside its position; `table` is where the finding stands.
    private static func entry(_ t: Thresholds, table: String, number: Int, condition: String) -> String {
        """
        SELECT l.*, p.code_no, p.use_doses, \(number) AS table_no, p.\(table)_file AS file_no, p.\(table)_line AS line,
            p.\(table)_row AS row_number, s.period_months, s.previous_id, p.in_doses
        FROM stock l JOIN scope s USING (submission_id) JOIN \(t.position) p USING (submission_id, code_hash)
        WHERE \(condition)
        """
    }

    private static let figures = [
        ("opening", Violation.shown("p.opening * 0.0001")), ("received", Violation.shown("p.received * 0.0001")),
        ("issued", Violation.shown("p.issued * 0.0001")), ("closing", Violation.shown("p.closing * 0.0001")),
    ]

    static let p20 = PostCheck("P20", evaluated: "s.rows_out", inapplicable: firstLedger) { t in
        """
        SELECT \(Violation.row(
            "p", column: "dose_quantity", value: Violation.shown("p.closing * 0.0001"), expected: "'≥ 0'", details: figures))
        FROM (\(entry(t, table: "out", number: 4, condition: "p.out_doses > 0 AND l.closing < 0 AND l.closing < -l.received * \(try t["P20.share"])"))) p
        """
    }

    /// Twelve months at the pace of the period. What lies there and is not used at all is overstock, too.
    static let p23 = PostCheck("P23", evaluated: "s.rows_in + s.rows_out", inapplicable: firstLedger) { t in
        func side(_ table: String, _ number: Int, only: String) throws -> String {
            entry(
                t, table: table, number: number,
                condition: """
                    \(only) AND l.closing > 0
                        AND l.closing > coalesce(p.use_doses, 0) * \(try t["P23.months"]) / s.period_months
                    """)
        }
        return """
            SELECT \(Violation.row(
                "p", column: "dose_quantity", value: Violation.shown("p.closing * 0.0001"),
                expected: "'≤ ' || " + Violation.shown(
                    "coalesce(p.use_doses, 0) * \(try t["P23.months"]) / p.period_months * 0.0001"),
                details: figures + [("used", Violation.shown("coalesce(p.use_doses, 0) * 0.0001"))]))
            FROM (\(try side("in", 3, only: "p.in_doses > 0")) UNION ALL
                \(try side("out", 4, only: "p.out_doses > 0 AND p.in_doses IS NULL"))) p
            """
    }

    static let p24 = PostCheck("P24", evaluated: "1", inapplicable: firstLedger) { _ in
        """
        SELECT \(Violation.whole(
            "r", table: nil, value: "r.drugs::text", expected: "'0'",
            details: [
                ("count", "r.drugs::text"), ("drug", "r.drug"), ("before", Violation.shown("r.first * 0.0001")),
                ("opening", Violation.shown("r.opening * 0.0001")),
            ]))
        FROM (
            SELECT submission_id, count(*) AS drugs, min(hospital_drug_code) AS drug,
                (array_agg(opening_before ORDER BY hospital_drug_code))[1] AS first,
                (array_agg(opening ORDER BY hospital_drug_code))[1] AS opening
            FROM stock WHERE opening_before IS NOT NULL GROUP BY 1) r
        """
    }

    /// Nothing received in this period and the one before, and nothing carried in.
    static let p25 = PostCheck("P25", evaluated: "s.codes_used", inapplicable: firstLedger) { t in
        """
        SELECT \(Violation.row(
            "p", column: "dose_quantity", value: Violation.shown("p.use_doses * 0.0001"), expected: "'0'",
            details: [("received", "'0'"), ("opening", Violation.shown("coalesce(p.opening, 0) * 0.0001"))]))
        FROM (
            SELECT p.submission_id, p.code_no, 5 AS table_no, p.use_file AS file_no, p.use_line AS line,
                p.use_row AS row_number, p.use_doses, l.opening
            FROM \(t.position) p JOIN scope s USING (submission_id)
            LEFT JOIN stock l USING (submission_id, code_hash)
            LEFT JOIN earlier e USING (submission_id, code_hash)
            WHERE s.previous_id IS NOT NULL AND p.use_doses > 0 AND coalesce(p.in_doses, 0) <= 0
                AND coalesce(e.e_in_doses, 0) <= 0 AND coalesce(l.opening, 0) <= 0) p
        """
    }
}
