extension Migration {
    /// Findings, quarantined rows, and the rules that explain them.
    static let findings = Migration(
        3, "findings",
        """
        -- Every text a rule has had. A rule's hash changes when what it means changes.
        CREATE TABLE yaoce.rule_text (
            rule_id text NOT NULL,
            rule_hash text NOT NULL,
            stage text NOT NULL,
            severity text NOT NULL,
            title_zh text NOT NULL,
            title_en text NOT NULL,
            message_zh text NOT NULL,
            message_en text NOT NULL,
            remedy_zh text NOT NULL,
            remedy_en text NOT NULL,
            PRIMARY KEY (rule_id, rule_hash)
        );
        CREATE TABLE yaoce.rule_set (
            rule_set_hash text NOT NULL,
            rule_id text NOT NULL,
            rule_hash text NOT NULL,
            PRIMARY KEY (rule_set_hash, rule_id)
        );

        -- What the columns are called in Chinese; filled from the program's own description of the tables.
        CREATE TABLE yaoce.column_name (
            table_no smallint NOT NULL,
            column_name text NOT NULL,
            header text NOT NULL,
            is_personal boolean NOT NULL,
            PRIMARY KEY (table_no, column_name)
        );
        CREATE TABLE yaoce.table_name (
            table_no smallint PRIMARY KEY,
            table_name text NOT NULL,
            chinese_name text NOT NULL
        );
        -- 0 is the heaviest.
        CREATE TABLE yaoce.severity (
            rank smallint PRIMARY KEY,
            severity text NOT NULL
        );

        CREATE TABLE yaoce.finding (
            finding_id bigint NOT NULL,
            byte_offset bigint,
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            file_no integer,
            line integer,
            row_number integer,
            -- 1 pre, 2 post
            stage smallint NOT NULL,
            severity smallint NOT NULL,
            table_no smallint,
            fingerprint uuid NOT NULL,
            rule_id text NOT NULL,
            column_name text,
            value text,
            expected text,
            -- Pairs: name, value.
            details text[]
        );
        CREATE INDEX finding_submission ON yaoce.finding
            USING brin (submission_id) WITH (pages_per_range = 32, autosummarize = on);

        -- Findings of a submission by rule, so that receipts need not count.
        CREATE TABLE yaoce.finding_count (
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            rule_id text NOT NULL,
            severity smallint NOT NULL,
            count bigint NOT NULL,
            PRIMARY KEY (submission_id, rule_id, severity)
        );

        CREATE TABLE yaoce.quarantined_row (
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            file_no integer NOT NULL,
            line integer NOT NULL,
            row_number integer NOT NULL,
            table_no smallint NOT NULL,
            raw bytea NOT NULL,
            text text NOT NULL,
            rule_ids text[] NOT NULL
        );
        CREATE INDEX quarantined_row_submission ON yaoce.quarantined_row
            USING brin (submission_id) WITH (pages_per_range = 32, autosummarize = on);

        CREATE TABLE yaoce.rule_result (
            run_id integer NOT NULL,
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            rule_id text NOT NULL,
            rule_hash text NOT NULL,
            status text NOT NULL
                CHECK (status IN ('passed', 'passed_with_violations', 'failed', 'not_applicable', 'error')),
            reason text,
            evaluated bigint NOT NULL,
            violated bigint NOT NULL,
            seconds double precision
        );
        CREATE INDEX rule_result_submission ON yaoce.rule_result
            USING brin (submission_id) WITH (autosummarize = on);

        -- A sentence with ${name} replaced by values, in one pass; a placeholder without a value stays as it is. Where a
        -- name stands twice, the first value that is not NULL counts.
        CREATE FUNCTION yaoce.filled(template text, names text[], vals text[]) RETURNS text
        LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
        DECLARE
            rest text := template;
            result text := '';
            start integer;
            finish integer;
            place integer;
        BEGIN
            IF template IS NULL THEN RETURN NULL; END IF;
            LOOP
                start := strpos(rest, '${');
                IF start = 0 THEN RETURN result || rest; END IF;
                finish := strpos(substr(rest, start + 2), '}');
                IF finish = 0 THEN RETURN result || rest; END IF;
                result := result || left(rest, start - 1);
                place := array_position(names, substr(rest, start + 2, finish - 1));
                WHILE vals[place] IS NULL AND place IS NOT NULL LOOP
                    place := array_position(names, substr(rest, start + 2, finish - 1), place + 1);
                END LOOP;
                result := result || coalesce(vals[place], substr(rest, start, finish + 2));
                rest := substr(rest, start + finish + 2);
            END LOOP;
        END
        $$;

        -- The odd (1) or even (2) elements of a list of pairs.
        CREATE FUNCTION yaoce.half(pairs text[], first integer) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT coalesce(array_agg(pairs[i] ORDER BY i), '{}')
            FROM generate_series(first, coalesce(array_length(pairs, 1), 0), 2) AS i
        $$;

        -- The detail of a name; NULL where there is none.
        CREATE FUNCTION yaoce.detail(pairs text[], name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT pairs[i + 1] FROM generate_series(1, coalesce(array_length(pairs, 1), 0), 2) AS i
            WHERE pairs[i] = name LIMIT 1
        $$;
        """)
}
