extension Migration {
    /// Quality scores of submissions, the evaluation of regions, and what officers' tools may show of quarantined rows.
    static let evaluations = Migration(
        10, "evaluations",
        """
        -- How much the dimensions of a region's evaluation count, in ten-thousandths; written by every run.
        CREATE TABLE yaoce.evaluation_weight (
            name text PRIMARY KEY,
            value bigint NOT NULL
        );

        -- Hundredths of a per cent, rounded half up; NULL of nothing. Core.Rate calculates the same.
        CREATE FUNCTION yaoce.hundredths(part numeric, whole numeric) RETURNS bigint
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN whole > 0 THEN div(part * 20000 + whole, whole * 2) END::bigint
        $$;

        CREATE FUNCTION yaoce.period_start(key integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT make_date(key / 100, CASE WHEN key % 100 = 0 THEN 1 WHEN key % 100 > 20 THEN (key % 100 - 20) * 3 - 2
                ELSE key % 100 END, 1)
        $$;
        CREATE FUNCTION yaoce.period_end(key integer) RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT (yaoce.period_start(key) + CASE WHEN key % 100 = 0 THEN interval '1 year'
                WHEN key % 100 > 20 THEN interval '3 months' ELSE interval '1 month' END)::date - 1
        $$;

        -- Rules that set columns of a row, or tables of a submission, against each other.
        CREATE FUNCTION yaoce.is_cross_check(rule_id text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT rule_id ~ '^[FG]' OR rule_id IN ('P08', 'P18', 'P19', 'P20', 'P21', 'P22', 'P23', 'P25', 'P26', 'P28')
        $$;

        -- What the quality of some submissions is counted by. A rule is broken by a finding that is an anomaly or heavier.
        CREATE FUNCTION yaoce.quality_counts(submissions integer[]) RETURNS TABLE (submission_id integer, records bigint,
            faulty_records bigint, rules_judged bigint, rules_broken bigint, checks bigint, checks_failed bigint)
        LANGUAGE sql STABLE AS $$
            SELECT s.id, coalesce(f.records, 0),
                least(coalesce(f.quarantined, 0) + coalesce(s.anomalous_rows, 0), coalesce(f.records, 0)),
                coalesce(r.judged, 0), coalesce(r.broken, 0), coalesce(c.made, 0), coalesce(c.failed, 0)
            FROM yaoce.submission s
            LEFT JOIN (
                SELECT o.submission_id, sum(o.rows_loaded + o.rows_quarantined
                        + coalesce(yaoce.detail(o.skip_reasons, 'submission_returned')::bigint, 0))::bigint AS records,
                    sum(o.rows_quarantined)::bigint AS quarantined
                FROM yaoce.submission_file o WHERE o.submission_id = ANY (submissions) GROUP BY 1) f ON f.submission_id = s.id
            LEFT JOIN (
                SELECT b.submission_id, count(*) AS judged, count(*) FILTER (WHERE b.is_broken) AS broken
                FROM (
                    SELECT u.submission_id, u.rule_id, bool_or(u.is_broken) AS is_broken FROM (
                        SELECT t.submission_id, t.rule_id, false AS is_broken FROM yaoce.rule_result t
                        WHERE t.submission_id = ANY (submissions) AND t.status IN ('passed', 'passed_with_violations', 'failed')
                        UNION ALL
                        SELECT n.submission_id, n.rule_id, n.severity <= 3 FROM yaoce.finding_count n
                        WHERE n.submission_id = ANY (submissions)) u
                    GROUP BY 1, 2) b
                GROUP BY 1) r ON r.submission_id = s.id
            LEFT JOIN (
                SELECT t.submission_id, sum(t.evaluated)::bigint AS made, sum(least(t.violated, t.evaluated))::bigint AS failed
                FROM yaoce.rule_result t
                WHERE t.submission_id = ANY (submissions) AND yaoce.is_cross_check(t.rule_id)
                    AND t.status IN ('passed', 'passed_with_violations', 'failed')
                GROUP BY 1) c ON c.submission_id = s.id
            WHERE s.id = ANY (submissions)
        $$;

        -- Completeness: records without an error or anomaly. Accuracy: rules without one. Consistency: checks between
        -- columns and tables that passed. Per cent; the score is made of the rounded rates.
        CREATE VIEW yaoce_api.quality_score AS
        SELECT s.id AS submission_id, i.hospital_code, yaoce.period(s.period_key) AS period, q.records, q.faulty_records,
            q.rules_judged, q.rules_broken, q.checks, q.checks_failed, r.completeness * 0.01 AS completeness,
            r.accuracy * 0.01 AS accuracy, r.consistency * 0.01 AS consistency,
            div(2 * (7 * r.completeness + 3 * r.accuracy) + 10, 20) * 0.01 AS score
        FROM yaoce.submission s
        JOIN yaoce.institution i ON i.id = s.institution_id
        CROSS JOIN LATERAL yaoce.quality_counts(ARRAY[s.id]) q
        CROSS JOIN LATERAL (SELECT yaoce.hundredths(q.records - q.faulty_records, q.records) AS completeness,
            yaoce.hundredths(q.rules_judged - q.rules_broken, q.rules_judged) AS accuracy,
            yaoce.hundredths(q.checks - q.checks_failed, q.checks) AS consistency) r
        WHERE s.is_settled;

        -- What the evaluation of every city and province is counted by, over the institutions that must report.
        CREATE FUNCTION yaoce.region_counts(key integer) RETURNS TABLE (region_code text, region_name text, expected bigint,
            reported bigint, drugs bigint, matched_drugs bigint, records bigint, faulty_records bigint, first_submitted bigint,
            must_resubmit bigint, resubmitted bigint, first_accurate bigint)
        LANGUAGE sql STABLE AS $$
            WITH listed AS (
                SELECT l.division_code, l.city, i.id AS institution_id
                FROM yaoce.library_version v
                JOIN yaoce.library_institution l ON l.version_id = v.id
                LEFT JOIN yaoce.institution i ON i.hospital_code = l.hospital_code
                WHERE v.kind = 'institutions' AND v.is_current AND l.must_report
                    AND coalesce(l.valid_from <= yaoce.period_end(key), true)
                    AND coalesce(l.valid_to >= yaoce.period_start(key), true)
            ), current AS (
                SELECT s.id, s.institution_id, s.loaded_at IS NOT NULL AS is_loaded, coalesce(s.anomalous_rows, 0) AS anomalous
                FROM yaoce.submission s
                WHERE s.period_key = key AND s.is_current AND s.is_settled AND s.withdrawn_at IS NULL
            ), row_count AS (
                SELECT c.institution_id, sum(o.rows_loaded + o.rows_quarantined
                        + coalesce(yaoce.detail(o.skip_reasons, 'submission_returned')::bigint, 0))::bigint AS records,
                    sum(o.rows_quarantined)::bigint + max(c.anomalous) AS faulty
                FROM current c JOIN yaoce.submission_file o ON o.submission_id = c.id GROUP BY 1
            ), drug AS (
                SELECT c.institution_id, count(*) AS drugs, count(n.matched_ypid) AS matched
                FROM current c
                JOIN yaoce.catalogue_row r ON r.period_key = key AND r.submission_id = c.id
                JOIN yaoce.named_drug n ON n.submission_id = r.submission_id AND n.drug_no = r.drug_no
                WHERE c.is_loaded AND r.approval_number !~ '制(剂)?(备)?字' GROUP BY 1
            ), round AS (
                SELECT s.institution_id, count(*) > 1 AS came_again,
                    bool_or(s.version = 1 AND s.verdict IS NOT NULL AND (s.verdict = 'returned'
                        OR s.grade IN ('suggested_return', 'forced_return'))) IS TRUE AS was_returned,
                    bool_or(s.version = 1 AND s.verdict IN ('passed', 'passed_with_warnings')
                        AND coalesce(s.grade IN ('pass', 'review'), true)) IS TRUE AS was_accurate
                FROM yaoce.submission s WHERE s.period_key = key GROUP BY 1
            ), one AS (
                SELECT l.*, coalesce(c.is_loaded, false) AS is_reported, coalesce(d.drugs, 0) AS drugs,
                    coalesce(d.matched, 0) AS matched, coalesce(w.records, 0) AS records,
                    least(coalesce(w.faulty, 0), coalesce(w.records, 0)) AS faulty, r.institution_id IS NOT NULL AS came,
                    coalesce(r.came_again, false) AS came_again, coalesce(r.was_returned, false) AS was_returned,
                    coalesce(r.was_accurate, false) AS was_accurate
                FROM listed l
                LEFT JOIN current c USING (institution_id)
                LEFT JOIN drug d USING (institution_id)
                LEFT JOIN row_count w USING (institution_id)
                LEFT JOIN round r USING (institution_id)
            )
            SELECT e.code, coalesce(n.name, e.city), e.expected, e.reported, e.drugs, e.matched, e.records, e.faulty, e.came,
                e.was_returned, e.came_again, e.was_accurate
            FROM (
                SELECT g.code, CASE WHEN NOT g.is_province THEN mode() WITHIN GROUP (ORDER BY city) END AS city,
                    count(*) AS expected, count(*) FILTER (WHERE is_reported) AS reported, sum(drugs)::bigint AS drugs,
                    sum(matched)::bigint AS matched, sum(records)::bigint AS records, sum(faulty)::bigint AS faulty,
                    count(*) FILTER (WHERE came) AS came, count(*) FILTER (WHERE was_returned) AS was_returned,
                    count(*) FILTER (WHERE was_returned AND came_again) AS came_again,
                    count(*) FILTER (WHERE was_accurate) AS was_accurate
                FROM one CROSS JOIN LATERAL (VALUES (left(division_code, 2) || '0000', true),
                    (left(division_code, 4) || '00', false)) AS g (code, is_province)
                GROUP BY g.code, g.is_province) e
            LEFT JOIN yaoce.library_version v ON v.kind = 'divisions' AND v.is_current
            LEFT JOIN yaoce.library_division n ON n.version_id = v.id AND n.division_code = e.code
        $$;

        -- Per cent; the score is the mean of the dimensions that there are, by the weights in force.
        CREATE VIEW yaoce_api.region_evaluation AS
        SELECT yaoce.period(p.period_key) AS period, c.region_code, c.region_name,
            CASE WHEN c.region_code LIKE '%0000' THEN 'province' ELSE 'city' END AS region_level, c.expected, c.reported,
            c.drugs, c.matched_drugs, c.records, c.faulty_records, c.first_submitted, c.must_resubmit, c.resubmitted,
            c.first_accurate, r.coverage * 0.01 AS coverage_rate, r.match * 0.01 AS match_rate,
            r.accuracy * 0.01 AS accuracy_rate, g.progress * 0.01 AS progress_rate,
            (SELECT div(2 * sum(d.value * d.weight) + sum(d.weight), nullif(2 * sum(d.weight), 0)) * 0.01 FROM (
                SELECT v.value, coalesce((SELECT w.value FROM yaoce.evaluation_weight w WHERE w.name = v.name), 250000) AS weight
                FROM (VALUES ('region.weight.coverage', r.coverage), ('region.weight.match', r.match),
                    ('region.weight.accuracy', r.accuracy), ('region.weight.progress', g.progress)) AS v (name, value)
                WHERE v.value IS NOT NULL) d) AS score
        FROM (SELECT DISTINCT period_key FROM yaoce.submission) p
        CROSS JOIN LATERAL yaoce.region_counts(p.period_key) c
        CROSS JOIN LATERAL (SELECT yaoce.hundredths(c.reported, c.expected) AS coverage,
            yaoce.hundredths(c.matched_drugs, c.drugs) AS match,
            yaoce.hundredths(c.records - c.faulty_records, c.records) AS accuracy) r
        CROSS JOIN LATERAL (SELECT div(2 * sum(t.rate) + count(t.rate), nullif(2 * count(t.rate), 0)) AS progress
            FROM (VALUES (yaoce.hundredths(c.first_submitted, c.expected)),
                (yaoce.hundredths(c.resubmitted, c.must_resubmit)),
                (yaoce.hundredths(c.first_accurate, c.first_submitted))) AS t (rate)) g;

        -- The contract's `raw` is whole, for it is the hospital's own row; whoever shows it to others takes `raw_masked`,
        -- where rows of the table that names people are left out.
        CREATE OR REPLACE VIEW yaoce_api.quarantined_row AS
        SELECT q.submission_id, t.table_name, o.file_name, o.member, q.line, q.row_number, q.text AS raw, q.rule_ids,
            q.raw AS raw_bytes, q.file_no, CASE WHEN q.table_no = 1 THEN '‹***›' ELSE q.text END AS raw_masked
        FROM yaoce.quarantined_row q
        LEFT JOIN yaoce.table_name t USING (table_no)
        LEFT JOIN yaoce.submission_file o ON o.submission_id = q.submission_id AND o.file_no = q.file_no;
        """)
}
