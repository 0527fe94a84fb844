extension Migration {
    /// What is asked of one period no longer reads what stands there of all the others.
    static let growth = Migration(
        18, "growth",
        """
        CREATE INDEX submission_period ON yaoce.submission (period_key);

        -- As before, but dictionaries and files are looked up by the submissions of the period: neither is partitioned by
        -- period, and joined as a whole they are read as a whole.
        CREATE OR REPLACE FUNCTION yaoce.region_counts(key integer) RETURNS TABLE (region_code text, region_name text,
            expected bigint, reported bigint, drugs bigint, matched_drugs bigint, records bigint, faulty_records bigint, first_submitted bigint,
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
                FROM current c JOIN yaoce.submission_file o ON o.submission_id = c.id
                WHERE o.submission_id = ANY (ARRAY(SELECT id FROM current)) GROUP BY 1
            ), drug AS (
                SELECT c.institution_id, count(*) AS drugs, count(n.matched_ypid) AS matched
                FROM current c
                JOIN yaoce.catalogue_row r ON r.period_key = key AND r.submission_id = c.id
                JOIN yaoce.named_drug n ON n.submission_id = r.submission_id AND n.drug_no = r.drug_no
                WHERE c.is_loaded AND n.submission_id = ANY (ARRAY(SELECT id FROM current))
                    AND r.approval_number !~ '制(剂)?(备)?字' GROUP BY 1
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
        """)
}
