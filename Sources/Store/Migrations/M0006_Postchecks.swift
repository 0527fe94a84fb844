extension Migration {
    /// Price benchmarks by table and in versions that stay, and the rules that judged a submission after its load.
    static let postchecks = Migration(
        6, "postchecks",
        """
        -- What a drug costs, by period, table and drug. A row is never changed: where later submissions give other
        -- figures, a new row with the next version of the period is written, and this one only stops being current. So a
        -- finding's version names the figures it was judged by for ever, and the same data makes no new version.
        DROP VIEW yaoce_api.price_benchmark;
        DROP TABLE yaoce.price_benchmark;
        CREATE TABLE yaoce.price_benchmark (
            period_key integer NOT NULL,
            table_no smallint NOT NULL,
            ypid text NOT NULL,
            version_no integer NOT NULL,
            is_current boolean NOT NULL,
            institutions integer NOT NULL,
            rows bigint NOT NULL,
            -- Yuan for a dosage unit; NULL where no institution is left.
            median numeric,
            mode numeric,
            mean numeric,
            sd numeric,
            mad_log numeric,
            p5 numeric,
            p95 numeric,
            PRIMARY KEY (period_key, table_no, ypid, version_no)
        );
        CREATE UNIQUE INDEX price_benchmark_current ON yaoce.price_benchmark (period_key, table_no, ypid)
            WHERE is_current;

        -- A number for people: rounded, without zeros at its end.
        CREATE FUNCTION yaoce.shown(number numeric, places integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT trim_scale(round(number, places))::text
        $$;

        -- The period of the same length before this one.
        CREATE FUNCTION yaoce.period_before(key integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE
                WHEN key % 100 = 0 THEN key - 100
                WHEN key % 100 = 21 THEN key - 97
                WHEN key % 100 = 1 THEN key - 89
                ELSE key - 1
            END
        $$;

        CREATE VIEW yaoce_api.price_benchmark AS
        SELECT yaoce.period(b.period_key) AS period, b.ypid, yaoce.period(b.period_key) || '.' || b.version_no AS benchmark_version,
            b.institutions, b.rows, b.median, b.mode, b.mean, b.sd, b.mad_log, b.p5, b.p95, t.table_name, b.is_current
        FROM yaoce.price_benchmark b LEFT JOIN yaoce.table_name t USING (table_no);

        -- Rules may have changed between precheck and postcheck.
        ALTER TABLE yaoce.submission ADD COLUMN postcheck_rule_set_hash text;
        -- Distinct rows with an anomaly, and the rows they are set against.
        ALTER TABLE yaoce.submission ADD COLUMN anomalous_rows bigint, ADD COLUMN judged_rows bigint;

        -- Messages name column and table in their own language. Cells of columns about a person are masked.
        CREATE OR REPLACE VIEW yaoce_api.finding AS
        SELECT f.finding_id, f.submission_id, i.hospital_code, yaoce.period(s.period_key) AS period,
            CASE f.stage WHEN 1 THEN 'pre' ELSE 'post' END AS stage, f.rule_id, v.severity, t.table_name,
            coalesce(o.file_name, yaoce.detail(f.details, 'file')) AS file_name,
            CASE WHEN o.file_no IS NULL THEN yaoce.detail(f.details, 'member') ELSE o.member END AS member,
            f.line, f.row_number, f.column_name, p.value, f.expected,
            yaoce.filled(r.message_zh, p.names,
                ARRAY[coalesce(c.header, f.column_name), t.chinese_name, p.value] || p.vals || '{—,—,—,—,—,—,—,（空）}') AS message_zh,
            yaoce.filled(r.message_en, p.names,
                ARRAY[f.column_name, t.table_name, p.value] || p.vals || '{—,—,—,—,—,—,—,(blank)}') AS message_en,
            replace(f.fingerprint::text, '-', '') AS fingerprint,
            f.byte_offset, f.file_no, f.details
        FROM yaoce.finding f
        JOIN yaoce.submission s ON s.id = f.submission_id
        JOIN yaoce.institution i ON i.id = f.institution_id
        JOIN yaoce.severity v ON v.rank = f.severity
        LEFT JOIN yaoce.table_name t USING (table_no)
        LEFT JOIN yaoce.submission_file o ON o.submission_id = f.submission_id AND o.file_no = f.file_no
        LEFT JOIN yaoce.column_name c ON c.table_no = f.table_no AND c.column_name = f.column_name
        LEFT JOIN yaoce.rule_set m ON m.rule_set_hash =
            CASE f.stage WHEN 1 THEN s.rule_set_hash ELSE coalesce(s.postcheck_rule_set_hash, s.rule_set_hash) END AND m.rule_id = f.rule_id
        LEFT JOIN yaoce.rule_text r ON r.rule_id = m.rule_id AND r.rule_hash = m.rule_hash
        CROSS JOIN LATERAL (SELECT
            CASE WHEN c.is_personal AND f.value <> '' THEN '‹***›' ELSE f.value END AS value,
            '{column,table,value,column_zh,expected,line,row,file}' || yaoce.half(f.details, 1)
                || '{column,table,column_zh,expected,line,row,file,value}' AS names,
            ARRAY[coalesce(c.header, f.column_name), f.expected, f.line::text, f.row_number::text,
                coalesce(o.file_name || '!' || o.member, o.file_name,
                    yaoce.detail(f.details, 'file') || '!' || yaoce.detail(f.details, 'member'))] || yaoce.half(f.details, 2) AS vals) p;
        """)
}
