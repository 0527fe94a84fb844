extension Migration {
    /// What postcheck keeps between nights: each submission's drugs side by side, their sums, and what the benchmark in
    /// force was made of.
    static let positions = Migration(
        8, "positions",
        """
        -- A number for every national code that was ever reported, the same in all nights.
        CREATE TABLE yaoce.drug_key (
            key_no integer GENERATED ALWAYS AS IDENTITY,
            ypid text NOT NULL PRIMARY KEY
        );

        -- One row for each drug of a submission: catalogue, received, issued and used side by side. It follows from the
        -- facts and is made again where it is missing, so its partitions are not logged: a crash empties them together
        -- with `submission_total`, which says for whom it stands here.
        CREATE TABLE yaoce.drug_position (
            in_amount bigint, in_packs bigint, in_doses bigint,
            out_packs bigint, out_doses bigint,
            use_amount bigint, use_packs bigint, use_doses bigint,
            factor bigint,
            -- The hospital's own code, the same in all periods.
            code_hash bigint NOT NULL,
            -- Approval number, strength and factor.
            product bigint,
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            -- Its number among the drugs its submission names.
            code_no integer NOT NULL,
            key_no integer,
            catalogue_file integer, catalogue_line integer, catalogue_row integer,
            in_file integer, in_line integer, in_row integer,
            out_file integer, out_line integer, out_row integer,
            use_file integer, use_line integer, use_row integer,
            is_essential boolean,
            -- A preparation of the hospital: it has no national code.
            is_exempt boolean,
            -- Whether precheck left the price in peace.
            in_clean boolean NOT NULL DEFAULT true,
            use_clean boolean NOT NULL DEFAULT true,
            -- Whether another code of the submission has the same national code.
            has_twin boolean NOT NULL DEFAULT false
        ) PARTITION BY LIST (period_key);
        CREATE INDEX ON yaoce.drug_position USING brin (submission_id) WITH (autosummarize = on);

        CREATE FUNCTION yaoce.make_position_partition(period_key integer) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            IF to_regclass(format('yaoce.drug_position_%s', period_key)) IS NULL THEN
                EXECUTE format('CREATE UNLOGGED TABLE yaoce.drug_position_%s PARTITION OF yaoce.drug_position '
                    'FOR VALUES IN (%s)', period_key, period_key);
            END IF;
        END
        $$;

        -- Not an identity: the sequence of one belongs to a table that is not logged, and a crash would start it again.
        CREATE SEQUENCE yaoce.position_build;
        CREATE UNLOGGED TABLE yaoce.submission_total (
            submission_id integer PRIMARY KEY,
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            -- Another one whenever its positions are made anew.
            build_no bigint NOT NULL DEFAULT nextval('yaoce.position_build'),
            positions bigint NOT NULL,
            varieties bigint NOT NULL,
            rows_in bigint NOT NULL, rows_out bigint NOT NULL, rows_used bigint NOT NULL,
            in_amount numeric NOT NULL, use_amount numeric NOT NULL,
            in_doses numeric NOT NULL, out_doses numeric NOT NULL,
            -- Whether any figure of the table is not nought.
            in_useful boolean NOT NULL, out_useful boolean NOT NULL, use_useful boolean NOT NULL,
            flagged bigint NOT NULL, essential bigint NOT NULL,
            -- Codes with a price on both sides; with issue and use.
            codes_priced bigint NOT NULL, codes_issued bigint NOT NULL,
            -- Packs used: rows above nought, whole hundreds among them, and the last digits of those from 100.
            counted bigint NOT NULL, hundreds bigint NOT NULL, digits bigint[] NOT NULL,
            -- Months of the period in which rows were reported.
            months integer[] NOT NULL,
            -- Hashes of movement rows: all of a small submission, a fixed fifth of the values for a large one.
            sketch bigint[] NOT NULL,
            is_whole_sketch boolean NOT NULL
        );
        CREATE INDEX submission_total_period ON yaoce.submission_total (period_key);

        -- Facts that go take their positions along; so do drugs that are matched anew.
        CREATE FUNCTION yaoce.forget_positions() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE gone integer[]; period integer;
        BEGIN
            SELECT array_agg(submission_id) INTO gone FROM yaoce.submission_total
            WHERE submission_id IN (SELECT DISTINCT submission_id FROM old_rows);
            IF gone IS NULL THEN RETURN NULL; END IF;
            FOR period IN SELECT DISTINCT period_key FROM yaoce.submission_total WHERE submission_id = ANY (gone) LOOP
                EXECUTE format('DELETE FROM yaoce.drug_position_%s WHERE submission_id = ANY ($1)', period) USING gone;
            END LOOP;
            DELETE FROM yaoce.submission_total WHERE submission_id = ANY (gone);
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER named_drug_changed AFTER UPDATE ON yaoce.named_drug REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION yaoce.forget_positions();
        CREATE TRIGGER named_drug_deleted AFTER DELETE ON yaoce.named_drug REFERENCING OLD TABLE AS old_rows
            FOR EACH STATEMENT EXECUTE FUNCTION yaoce.forget_positions();

        -- What the benchmark in force was made of: where nothing of it changed, only drugs of other submissions are
        -- calculated again. `inputs` names thresholds and library.
        CREATE UNLOGGED TABLE yaoce.benchmark_state (
            period_key integer PRIMARY KEY,
            inputs text NOT NULL
        );
        CREATE UNLOGGED TABLE yaoce.benchmark_member (
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            build_no bigint NOT NULL,
            PRIMARY KEY (period_key, submission_id)
        );

        -- Where few institutions report a drug: the same figures over all drugs of its generic name, dosage form and
        -- strength. Versions are those of the period's benchmark.
        CREATE TABLE yaoce.generic_benchmark (
            period_key integer NOT NULL,
            table_no smallint NOT NULL,
            generic text NOT NULL,
            version_no integer NOT NULL,
            is_current boolean NOT NULL,
            institutions integer NOT NULL,
            rows bigint NOT NULL,
            median numeric, mode numeric, mean numeric, sd numeric, mad_log numeric, p5 numeric, p95 numeric,
            PRIMARY KEY (period_key, table_no, generic, version_no)
        );
        CREATE UNIQUE INDEX generic_benchmark_current ON yaoce.generic_benchmark (period_key, table_no, generic)
            WHERE is_current;
        CREATE VIEW yaoce_api.generic_benchmark AS
        SELECT yaoce.period(b.period_key) AS period, b.generic,
            yaoce.period(b.period_key) || '.' || b.version_no AS benchmark_version, b.institutions, b.rows, b.median,
            b.mode, b.mean, b.sd, b.mad_log, b.p5, b.p95, t.table_name, b.is_current
        FROM yaoce.generic_benchmark b LEFT JOIN yaoce.table_name t USING (table_no);

        CREATE FUNCTION yaoce.period_months(key integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN key % 100 = 0 THEN 12 WHEN key % 100 > 20 THEN 3 ELSE 1 END
        $$;

        -- The key of the generic drug an entry of the library is one of; NULL where it does not say. Not STRICT, or else
        -- it would not be inlined.
        CREATE FUNCTION yaoce.generic_key(generic text, form text, strength text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN generic <> '' AND form <> '' AND strength <> ''
                THEN lower(replace(generic || '|' || form || '|' || strength, ' ', '')) END
        $$;
        """)
}
