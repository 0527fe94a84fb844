import Core

/// Rules about an institution as a whole.
extension PostCheck {
    static let institutions: [PostCheck] = [p26, p27, p41]

    private static let notAYear = "s.period_key % 100 <> 0"

    private static func institutionRow(
        _ source: String, severity: String, value: String, expected: String, details: [(String, String)]
    ) -> String {
        """
        \(source).submission_id, \(severity), 1::smallint, \(source).file_no, \(source).line, \(source).row_number,
            NULL::integer, 'annual_drug_income', \(value), \(expected),
            ARRAY[\(details.map { "'\($0.0)', \($0.1)" }.joined(separator: ", "))]::text[]
        """
    }

    static let p26 = PostCheck(
        "P26", evaluated: "1",
        inapplicable: """
            CASE WHEN \(notAYear) THEN '收入按年填报，本期不是一年 · income is stated for a year'
                WHEN coalesce(s.income, 0) = 0 THEN '没有药品总收入 · no income stated' END
            """
    ) { t in
        """
        SELECT \(institutionRow(
            "r", severity: """
                CASE WHEN r.off > \(try t["P26.forced"]) THEN \(Violation.forced)
                    WHEN r.off > \(try t["P26.anomaly"]) THEN \(Violation.anomaly) ELSE \(Violation.warning) END
                """,
            value: Violation.shown("r.income * 0.01", 2), expected: Violation.shown("r.use_amount * 0.01", 2),
            details: [("sold", Violation.shown("r.use_amount * 0.01", 2)), ("off", Violation.percent("r.off"))]))
        FROM (SELECT *, abs(use_amount / income - 1) AS off FROM scope s WHERE income > 0 AND NOT \(notAYear)) r
        WHERE r.off > \(try t["P26.warning"])
        """
    }

    static let p27 = PostCheck(
        "P27", evaluated: "1",
        inapplicable: """
            CASE WHEN \(notAYear) THEN '收入按年填报，本期不是一年 · income is stated for a year'
                WHEN coalesce(s.declared_income, 0) = 0 THEN '机构库没有直报收入 · the library has no declared income'
                WHEN s.income IS NULL THEN '没有机构表数据 · no row of the institution table' END
            """
    ) { t in
        """
        SELECT \(institutionRow(
            "r", severity: """
                CASE WHEN r.off > \(try t["P27.forced"]) THEN \(Violation.forced) ELSE \(Violation.warning) END
                """,
            value: Violation.shown("r.income * 0.01", 2), expected: Violation.shown("r.declared_income * 0.01", 2),
            details: [("declared", Violation.shown("r.declared_income * 0.01", 2)), ("off", Violation.percent("r.off"))]))
        FROM (SELECT *, abs(income::numeric / declared_income - 1) AS off FROM scope s
            WHERE declared_income > 0 AND NOT \(notAYear)) r
        WHERE r.off > \(try t["P27.warning"])
        """
    }

    static let p41 = PostCheck(
        "P41", evaluated: "1",
        inapplicable: """
            CASE WHEN coalesce(s.flagged, 0) = 0 THEN '没有基本药物标志 · no essential drug flags' END
            """
    ) { t in
        """
        SELECT \(Violation.whole(
            "r", table: "2", column: "is_essential", value: Violation.percent("r.share"),
            expected: "'≥ ' || " + Violation.percent("r.target"),
            details: [("count", "r.essential::text"), ("rows", "r.rows::text")]))
        FROM (
            SELECT s.submission_id, s.flagged AS rows, s.essential, s.essential::numeric / s.flagged AS share,
                CASE s.level WHEN '3' THEN \(try t["P41.share.level3"]) WHEN '2' THEN \(try t["P41.share.level2"])
                    ELSE \(try t["P41.share.primary"]) END AS target
            FROM scope s WHERE s.flagged > 0) r
        WHERE r.share < r.target
        """
    }
}
