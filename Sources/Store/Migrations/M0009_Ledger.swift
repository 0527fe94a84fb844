extension Migration {
    /// The stock ledger, what is found of a period as a whole, and which periods are final.
    static let stockLedger = Migration(
        9, "stock ledger",
        """
        -- What an institution has of each of its drugs, carried from period to period. In the first period nobody knows
        -- what lay there: the least that explains what was issued is taken. Quantities × 10⁴.
        CREATE TABLE yaoce.stock_ledger (
            opening bigint NOT NULL,
            received bigint NOT NULL,
            issued bigint NOT NULL,
            closing bigint NOT NULL CHECK (closing = opening + received - issued),
            -- What was carried in at first, where an earlier period was sent again since.
            opening_before bigint,
            code_hash bigint NOT NULL,
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            hospital_drug_code text NOT NULL
        ) PARTITION BY LIST (period_key);
        CREATE INDEX ON yaoce.stock_ledger USING brin (submission_id) WITH (autosummarize = on);

        -- Whose figures stand in the ledger, and those of which submission they follow.
        CREATE TABLE yaoce.ledger_entry (
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            previous_id integer,
            PRIMARY KEY (institution_id, period_key)
        );

        CREATE FUNCTION yaoce.make_ledger_partition(period_key integer) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF to_regclass(format('yaoce.stock_ledger_%s', period_key)) IS NULL THEN
                EXECUTE format('CREATE TABLE yaoce.stock_ledger_%s PARTITION OF yaoce.stock_ledger '
                    'FOR VALUES IN (%s)', period_key, period_key);
            END IF;
        END
        $$;

        CREATE VIEW yaoce_api.stock_ledger AS
        SELECT i.hospital_code, yaoce.period(l.period_key) AS period, l.hospital_drug_code, l.opening * 0.0001 AS opening,
            l.received * 0.0001 AS received, l.issued * 0.0001 AS issued, l.closing * 0.0001 AS closing,
            l.opening_before * 0.0001 AS opening_before, e.previous_id IS NULL AS is_first, l.submission_id, l.period_key
        FROM yaoce.stock_ledger l
        JOIN yaoce.ledger_entry e ON e.institution_id = l.institution_id AND e.period_key = l.period_key
            AND e.submission_id = l.submission_id
        JOIN yaoce.institution i ON i.id = l.institution_id;

        -- What is wrong with a period as a whole: nobody's submission in particular. Replaced by each judgement of the
        -- period.
        CREATE TABLE yaoce.period_finding (
            period_key integer NOT NULL,
            rule_id text NOT NULL,
            rule_hash text NOT NULL,
            severity smallint NOT NULL,
            -- An institution, a city, a class of drugs.
            subject text NOT NULL,
            value text,
            expected text,
            -- Pairs: name, value.
            details text[],
            run_id integer
        );
        CREATE INDEX period_finding_period ON yaoce.period_finding (period_key, rule_id);
        CREATE TABLE yaoce.period_result (
            period_key integer NOT NULL,
            rule_id text NOT NULL,
            rule_hash text NOT NULL,
            status text NOT NULL
                CHECK (status IN ('passed', 'passed_with_violations', 'failed', 'not_applicable', 'error')),
            reason text,
            evaluated bigint NOT NULL,
            violated bigint NOT NULL,
            seconds double precision,
            run_id integer,
            PRIMARY KEY (period_key, rule_id)
        );
        CREATE VIEW yaoce_api.period_finding AS
        SELECT yaoce.period(f.period_key) AS period, f.rule_id, v.severity, f.subject, f.value, f.expected,
            yaoce.filled(r.message_zh, '{subject,value,expected}' || yaoce.half(f.details, 1),
                ARRAY[f.subject, f.value, f.expected] || yaoce.half(f.details, 2)) AS message_zh,
            yaoce.filled(r.message_en, '{subject,value,expected}' || yaoce.half(f.details, 1),
                ARRAY[f.subject, f.value, f.expected] || yaoce.half(f.details, 2)) AS message_en,
            f.details, f.run_id
        FROM yaoce.period_finding f
        JOIN yaoce.severity v ON v.rank = f.severity
        LEFT JOIN yaoce.rule_text r ON r.rule_id = f.rule_id AND r.rule_hash = f.rule_hash;
        CREATE VIEW yaoce_api.period_result AS
        SELECT yaoce.period(period_key) AS period, rule_id, rule_hash, status, reason, evaluated, violated, seconds, run_id
        FROM yaoce.period_result;

        -- 数据定版: the figures of a period are final. Its benchmark gets no new version from then on.
        CREATE TABLE yaoce.final_period (
            period_key integer PRIMARY KEY,
            finalised_at timestamptz NOT NULL,
            finalised_by text NOT NULL,
            benchmark_version text,
            submissions integer NOT NULL
        );
        CREATE TABLE yaoce.final_period_log (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            period_key integer NOT NULL,
            action text NOT NULL CHECK (action IN ('finalise', 'refuse', 'reopen')),
            at timestamptz NOT NULL DEFAULT now(),
            actor text NOT NULL,
            reason text
        );
        CREATE VIEW yaoce_api.final_period AS
        SELECT yaoce.period(period_key) AS period, finalised_at, finalised_by, benchmark_version, submissions
        FROM yaoce.final_period;
        """)
}
