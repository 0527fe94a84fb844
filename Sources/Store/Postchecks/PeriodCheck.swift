import Core
import Postgres

/// A rule about a period as a whole: what it finds belongs to no submission, but to an institution that sent none, a city,
/// a class of drugs, the benchmark.
struct PeriodCheck: Sendable {
    /// The rule.
    var rule: RuleID
    /// Why it cannot be judged, or NULL: a scalar SQL expression.
    var inapplicable: @Sendable (Thresholds) throws -> String
    /// How many things it looks at: a scalar SQL expression.
    var evaluated: @Sendable (Thresholds) throws -> String
    /// A query of subject, value, expected, details.
    var violations: @Sendable (Thresholds) throws -> String

    static let all: [PeriodCheck] = [p32, p46, p47, p48, p51]

    /// What is to be said of it on each submission.
    var onSubmissions: PostCheck {
        PostCheck(
            rule, evaluated: "0",
            inapplicable: "'按期间判定，见期间结果 · judged for the period as a whole: see its results'"
        ) { _ in
            """
            SELECT NULL::integer, NULL::smallint, NULL::smallint, NULL::integer, NULL::integer, NULL::integer,
                NULL::integer, NULL::text, NULL::text, NULL::text, NULL::text[] WHERE false
            """
        }
    }

    /// Institutions that must report this period, and whether they have.
    private static func expected(_ t: Thresholds) -> String {
        """
        SELECT l.hospital_code, l.name, coalesce(l.city, '') AS city, coalesce(l.county, '') AS county, EXISTS (
            SELECT FROM yaoce.institution i JOIN yaoce.submission s ON s.institution_id = i.id
            WHERE i.hospital_code = l.hospital_code AND s.period_key = \(t.period) AND s.is_current
                AND s.loaded_at IS NOT NULL AND s.withdrawn_at IS NULL) AS has_reported
        FROM yaoce.library_version v JOIN yaoce.library_institution l ON l.version_id = v.id
        WHERE v.kind = 'institutions' AND v.is_current AND l.must_report
            AND coalesce(l.valid_from, '-infinity') <= \(lastDay(t)) AND coalesce(l.valid_to, 'infinity') >= \(lastDay(t))
        """
    }

    /// The period's last day.
    private static func lastDay(_ t: Thresholds) -> String {
        let (year, part) = (t.period / 100, t.period % 100)
        let month = part == 0 ? 12 : part > 20 ? (part - 20) * 3 : part
        return "(make_date(\(year), \(month), 1) + interval '1 month - 1 day')::date"
    }

    private static func noLibrary(_ t: Thresholds) -> String {
        """
        CASE WHEN NOT EXISTS (SELECT FROM (\(expected(t))) x)
            THEN '机构库没有应报机构 · the library names nobody who must report' END
        """
    }

    /// Until there are campaigns the deadline is a number of days after the period.
    static let p32 = PeriodCheck(rule: "P32") { t in
        let deadline = "(\(lastDay(t)) + \(try t["P32.days"])::integer)"
        return """
            coalesce(\(noLibrary(t)), CASE WHEN (SELECT business_date FROM business) <= \(deadline)
                THEN '截止日 ' || \(deadline)::text || ' 未到 · the deadline has not passed' END)
            """
    } evaluated: { t in
        "(SELECT count(*) FROM (\(expected(t))) x)"
    } violations: { t in
        """
        SELECT x.hospital_code, NULL::text, NULL::text, ARRAY['name', x.name, 'city', x.city, 'county', x.county]
        FROM (\(expected(t))) x WHERE NOT x.has_reported
        """
    }

    /// Totals of the institutions that reported both years, by the first three characters of the ATC code.
    static let p46 = PeriodCheck(rule: "P46") { t in
        """
        CASE WHEN NOT EXISTS (SELECT FROM attribute WHERE kind = 'drugs' AND name = 'atc')
                THEN '药品库没有 ATC 编码 · the library has no ATC codes'
            WHEN NOT EXISTS (SELECT FROM checked WHERE is_current AND year_before_id IS NOT NULL)
                THEN '没有上年数据 · nobody reported the year before' END
        """
    } evaluated: { t in
        "(SELECT count(DISTINCT left(atc, 3)) FROM class)"
    } violations: { t in
        let share = try t["P46.share"]
        return """
            SELECT r.class, yaoce.shown(r.now * 0.01, 2), yaoce.shown(r.before * 0.01, 2),
                ARRAY['off', \(Violation.percent("r.now / r.before - 1")), 'n', r.institutions::text]
            FROM (
                SELECT left(k.atc, 3) AS class, coalesce(sum(amount) FILTER (WHERE is_now), 0) AS now,
                    coalesce(sum(amount) FILTER (WHERE NOT is_now), 0) AS before, count(DISTINCT institution_id) AS institutions
                FROM class k JOIN (
                    SELECT c.institution_id, p.key_no, p.use_amount AS amount, true AS is_now FROM checked c
                    JOIN yaoce.drug_position p ON p.period_key = \(t.period) AND p.submission_id = c.submission_id
                    WHERE c.is_current AND c.year_before_id IS NOT NULL
                    UNION ALL
                    SELECT c.institution_id, p.key_no, p.use_amount, false FROM checked c
                    JOIN yaoce.drug_position p ON p.period_key = \(t.period - 100) AND p.submission_id = c.year_before_id
                    WHERE c.is_current) m USING (key_no)
                GROUP BY 1) r
            WHERE r.before > 0 AND abs(r.now / r.before - 1) > \(share)
            """
    }

    static let p47 = PeriodCheck(rule: "P47") { t in
        noLibrary(t)
    } evaluated: { t in
        "(SELECT count(DISTINCT city) FROM (\(expected(t))) x)"
    } violations: { t in
        """
        SELECT coalesce(nullif(r.city, ''), '—'), \(Violation.percent("r.reported::numeric / r.expected")),
            '≥ ' || \(Violation.percent(try t["P47.share"])),
            ARRAY['count', r.reported::text, 'rows', r.expected::text]
        FROM (SELECT city, count(*) AS expected, count(*) FILTER (WHERE has_reported) AS reported
            FROM (\(expected(t))) x GROUP BY 1) r
        WHERE r.reported < r.expected * \(try t["P47.share"])
        """
    }

    /// Medians of drugs that five institutions reported in both years.
    private static func medians(_ t: Thresholds) -> String {
        """
        SELECT n.table_no, n.median AS now, o.median AS before FROM yaoce.price_benchmark n
        JOIN yaoce.price_benchmark o ON o.table_no = n.table_no AND o.ypid = n.ypid AND o.is_current
            AND o.period_key = \(t.period - 100) AND o.institutions >= 5
        WHERE n.period_key = \(t.period) AND n.is_current AND n.institutions >= 5
        """
    }

    static let p48 = PeriodCheck(rule: "P48") { t in
        """
        CASE WHEN NOT EXISTS (SELECT FROM (\(medians(t))) m)
            THEN '没有可比的上年标尺 · no benchmark of the year before to compare with' END
        """
    } evaluated: { t in
        "(SELECT count(*) FROM (\(medians(t))) m)"
    } violations: { t in
        """
        SELECT n.table_name, \(Violation.percent("r.moved::numeric / r.rows")), '< ' || \(Violation.percent(try t["P48.share"])),
            ARRAY['count', r.moved::text, 'rows', r.rows::text]
        FROM (SELECT table_no, count(*) AS rows,
                count(*) FILTER (WHERE abs(now / before - 1) > \(try t["P48.moved"])) AS moved
            FROM (\(medians(t))) m GROUP BY 1) r JOIN yaoce.table_name n USING (table_no)
        WHERE r.moved >= r.rows * \(try t["P48.share"])
        """
    }

    /// What keeps a period open: judged when somebody asks to finalise it.
    static let p51 = PeriodCheck(rule: "P51") { _ in
        "'申请数据定版时判定 · judged when the period is to be finalised'"
    } evaluated: { _ in
        "0"
    } violations: { t in
        open(t.period)
    }

    /// Submissions of a period that are not at their end: one row each.
    static func open(_ period: Int32) -> String {
        """
        SELECT i.hospital_code, CASE
                WHEN s.set_aside_reason IS NOT NULL THEN 'set_aside'
                WHEN s.waiting_for <= 5 THEN 'waiting'
                ELSE s.grade END, NULL::text, ARRAY['submission', s.id::text]
        FROM yaoce.submission s JOIN yaoce.institution i ON i.id = s.institution_id
        WHERE s.period_key = \(period) AND s.withdrawn_at IS NULL
            AND (s.set_aside_reason IS NOT NULL OR s.waiting_for <= 5 OR s.is_current AND s.grade = 'forced_return')
        """
    }
}
