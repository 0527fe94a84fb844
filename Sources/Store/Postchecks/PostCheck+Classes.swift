import Core

/// Rules that need to know more of a drug or an institution than every library says. What they ask for are columns of the
/// libraries; without them they are not applicable.
///
/// Drugs: `is_key_monitored` (0/1), `is_antibiotic` (0/1), `ddd_per_unit` (DDDs in a dosage unit), `restricted_class`.
/// Institutions: `bed_days` of the period, `licences` (restricted classes allowed, separated by `;`).
extension PostCheck {
    static let classes: [PostCheck] = [p43, p44, p45]

    private static func lacks(_ kind: String, _ name: String) -> String {
        "NOT EXISTS (SELECT 1 FROM attribute WHERE kind = '\(kind)' AND name = '\(name)')"
    }

    /// A number that stands among the further columns; NULL where it is none.
    static func number(_ extra: String, _ name: String) -> String {
        "CASE WHEN \(extra)->>'\(name)' ~ '^[0-9]{1,12}(\\.[0-9]{1,8})?$' THEN (\(extra)->>'\(name)')::numeric END"
    }

    static let p43 = PostCheck(
        "P43", evaluated: "1",
        inapplicable: """
            CASE WHEN \(lacks("drugs", "is_key_monitored"))
                    THEN '药品库没有重点监控标志 · the library does not say which drugs are monitored'
                WHEN s.previous_id IS NULL THEN '没有上一期数据 · nothing was reported for the period before' END
            """
    ) { t in
        """
        SELECT \(Violation.whole(
            "r", table: "5", column: "amount", value: Violation.shown("r.now * 0.01", 2),
            expected: "'≤ ' || " + Violation.shown("r.before * 0.01 * (1 + \(try t["P43.growth"]))", 2),
            details: [
                ("before", Violation.shown("r.before * 0.01", 2)), ("off", Violation.percent("r.now / r.before - 1")),
                ("count", "r.drugs::text"),
            ]))
        FROM (
            SELECT p.submission_id, coalesce(sum(p.use_amount), 0) AS now, sum(e.e_use_amount) AS before,
                count(p.use_amount) AS drugs
            FROM \(t.position) p JOIN scope USING (submission_id) JOIN drug d USING (key_no)
            LEFT JOIN earlier e USING (submission_id, code_hash)
            WHERE d.extra->>'is_key_monitored' = '1' GROUP BY 1) r
        WHERE r.before > 0 AND r.now > r.before * (1 + \(try t["P43.growth"]))
        """
    }

    static let p44 = PostCheck(
        "P44", evaluated: "1",
        inapplicable: """
            CASE WHEN \(lacks("drugs", "is_antibiotic")) OR \(lacks("drugs", "ddd_per_unit"))
                    THEN '药品库没有抗菌药物 DDD · the library has no DDDs of antibiotics'
                WHEN coalesce(\(number("s.extra", "bed_days")), 0) = 0
                    THEN '机构库没有住院床日 · the library has no bed-days of the institution' END
            """
    ) { t in
        """
        SELECT \(Violation.whole(
            "r", table: "5", column: "dose_quantity", value: Violation.shown("r.ddds * 100 / r.bed_days", 2),
            expected: "'≤ ' || " + Violation.shown(try t["P44.intensity"]),
            details: [("ddds", Violation.shown("r.ddds", 1)), ("bed_days", Violation.shown("r.bed_days", 0))]))
        FROM (
            SELECT submission_id, bed_days, sum(use_doses * 0.0001 * ddd) AS ddds FROM (
                SELECT s.submission_id, \(number("s.extra", "bed_days")) AS bed_days, p.use_doses,
                    \(number("d.extra", "ddd_per_unit")) AS ddd
                FROM scope s JOIN \(t.position) p USING (submission_id) JOIN drug d USING (key_no)
                WHERE d.extra->>'is_antibiotic' = '1' AND p.use_doses > 0) u
            WHERE bed_days > 0 GROUP BY 1, 2) r
        WHERE r.ddds * 100 > r.bed_days * \(try t["P44.intensity"])
        """
    }

    static let p45 = PostCheck(
        "P45", evaluated: "s.codes_used",
        inapplicable: """
            CASE WHEN \(lacks("drugs", "restricted_class"))
                    THEN '药品库没有受限类别 · the library has no restricted classes'
                WHEN s.extra->'licences' IS NULL THEN '机构库没有许可清单 · the library has no licences of the institution' END
            """
    ) { t in
        """
        SELECT \(Violation.row(
            "p", column: "ypid", value: "p.class", expected: "coalesce(nullif(p.licences, ''), '—')",
            details: [("class", "p.class"), ("level", "p.level")]))
        FROM (
            SELECT p.submission_id, p.code_no, 5 AS table_no, p.use_file AS file_no, p.use_line AS line,
                p.use_row AS row_number, btrim(d.extra->>'restricted_class') AS class, s.extra->>'licences' AS licences, s.level
            FROM \(t.position) p JOIN scope s USING (submission_id) JOIN drug d USING (key_no)
            WHERE p.use_doses > 0 AND btrim(coalesce(d.extra->>'restricted_class', '')) <> '') p
        WHERE p.class <> ALL (SELECT btrim(l) FROM regexp_split_to_table(coalesce(p.licences, ''), '[;,；，、]') AS l)
        """
    }
}
