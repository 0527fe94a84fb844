extension Migration {
    /// Runs, submissions, their files, intake and the ledger of stages.
    static let submissions = Migration(
        1, "submissions",
        """
        -- Institutions get their number when they are first seen. Big tables carry it, so that all of them can be
        -- distributed by it one day.
        CREATE TABLE yaoce.institution (
            id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            hospital_code text NOT NULL UNIQUE
        );

        -- Numbers that must have no gaps after a crash: sequences are not rolled back, this table is.
        CREATE TABLE yaoce.counter (
            name text PRIMARY KEY,
            value bigint NOT NULL
        );
        INSERT INTO yaoce.counter VALUES ('submission', 0), ('intake', 0), ('finding', 0);

        CREATE TABLE yaoce.run (
            run_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            business_date date NOT NULL,
            started_at timestamptz NOT NULL,
            finished_at timestamptz,
            exit_code smallint
        );

        CREATE TABLE yaoce.stage_run (
            run_id integer NOT NULL,
            stage text NOT NULL,
            started_at timestamptz NOT NULL,
            seconds double precision NOT NULL,
            items integer NOT NULL,
            PRIMARY KEY (run_id, stage)
        );

        CREATE TABLE yaoce.submission (
            id integer PRIMARY KEY,
            institution_id integer NOT NULL REFERENCES yaoce.institution,
            period_key integer NOT NULL,
            version integer NOT NULL,
            supersedes integer,
            received_at timestamptz NOT NULL,
            received_run integer NOT NULL,
            source_name text NOT NULL,
            sha256 bytea NOT NULL CHECK (length(sha256) = 32),
            -- The number of the stage it waits for, 1 receive … 6 report; NULL when all are done.
            waiting_for smallint,
            verdict text CHECK (verdict IN ('passed', 'passed_with_warnings', 'partly_loaded', 'returned')),
            grade text CHECK (grade IN ('pass', 'review', 'suggested_return', 'forced_return')),
            is_current boolean NOT NULL DEFAULT false,
            -- Whether the counts of its files are true: its rows are in the fact tables, or it was returned.
            is_settled boolean NOT NULL DEFAULT false,
            loaded_at timestamptz,
            withdrawn_at timestamptz,
            withdrawn_reason text,
            set_aside_reason text,
            -- Technical failures of the stage it waits for.
            failures smallint NOT NULL DEFAULT 0,
            -- What judged it.
            rule_set_hash text,
            libraries text,
            UNIQUE (institution_id, period_key, version)
        );
        CREATE UNIQUE INDEX submission_current ON yaoce.submission (institution_id, period_key) WHERE is_current;
        CREATE INDEX submission_waiting ON yaoce.submission (waiting_for, id) WHERE waiting_for IS NOT NULL;

        CREATE TABLE yaoce.archived_file (
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            position integer NOT NULL,
            name text NOT NULL,
            sha256 bytea NOT NULL,
            size bigint NOT NULL,
            PRIMARY KEY (submission_id, position)
        );

        CREATE TABLE yaoce.submission_file (
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            file_no integer NOT NULL,
            table_no smallint,
            file_name text NOT NULL,
            member text,
            encoding text,
            delimiter text,
            sha256 text NOT NULL,
            size bigint NOT NULL,
            rows_read bigint NOT NULL CHECK (rows_read >= 0),
            rows_loaded bigint NOT NULL CHECK (rows_loaded >= 0),
            rows_quarantined bigint NOT NULL CHECK (rows_quarantined >= 0),
            rows_skipped bigint NOT NULL CHECK (rows_skipped >= 0),
            -- Pairs: reason, count.
            skip_reasons text[],
            -- Pairs: severity, count.
            findings text[],
            -- Pairs: header as it came, column or NULL.
            headers text[],
            -- Triples: column, what was put right, count.
            normalised text[],
            PRIMARY KEY (submission_id, file_no),
            CONSTRAINT every_row_is_in_one_place
                CHECK (rows_read = rows_loaded + rows_quarantined + rows_skipped)
        );

        -- Which run took which submission through which stage.
        CREATE TABLE yaoce.submission_step (
            run_id integer NOT NULL,
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            stage smallint NOT NULL,
            PRIMARY KEY (run_id, submission_id, stage)
        );

        CREATE TABLE yaoce.stage_failure (
            run_id integer NOT NULL,
            submission_id integer NOT NULL,
            stage smallint NOT NULL,
            reason text NOT NULL,
            failed_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE INDEX stage_failure_run ON yaoce.stage_failure (run_id);

        CREATE TABLE yaoce.intake (
            intake_id bigint PRIMARY KEY,
            run_id integer NOT NULL,
            source_name text NOT NULL,
            sha256 bytea,
            seen_at timestamptz NOT NULL,
            first_seen_at timestamptz NOT NULL,
            outcome text NOT NULL CHECK (outcome IN ('taken', 'identical', 'not_ready', 'refused')),
            reason_zh text,
            reason_en text,
            submission_id integer
        );
        -- What still lies in the inbox is one row, however often it is seen.
        CREATE UNIQUE INDEX intake_left ON yaoce.intake (source_name, outcome, coalesce(sha256, ''))
            WHERE outcome IN ('not_ready', 'refused');
        CREATE INDEX intake_run ON yaoce.intake (run_id);
        CREATE INDEX intake_submission ON yaoce.intake (submission_id) WHERE outcome = 'identical';

        CREATE TABLE yaoce.intake_journal (
            journal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            plan jsonb NOT NULL,
            written_at timestamptz NOT NULL DEFAULT now()
        );

        -- `2025`, `2025Q3` or `2025-07` of a period's key. Not STRICT, or else it would not be inlined.
        CREATE FUNCTION yaoce.period(key integer) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE
                WHEN key % 100 = 0 THEN (key / 100)::text
                WHEN key % 100 BETWEEN 21 AND 24 THEN key / 100 || 'Q' || key % 100 - 20
                ELSE key / 100 || '-' || lpad((key % 100)::text, 2, '0')
            END
        $$;

        -- Decides anew which submissions of some institutions and periods are in force: the newest accepted one, else
        -- the newest that was not withdrawn. A returned resubmission never hides accepted rows.
        CREATE FUNCTION yaoce.choose_current(institutions integer[], periods integer[]) RETURNS void
        LANGUAGE plpgsql AS $$
        DECLARE chosen integer[];
        BEGIN
            SELECT array_agg(id) INTO chosen FROM (
                SELECT DISTINCT ON (s.institution_id, s.period_key) s.id
                FROM yaoce.submission s
                JOIN (SELECT DISTINCT * FROM unnest(institutions, periods)) AS a (institution_id, period_key)
                    USING (institution_id, period_key)
                WHERE s.withdrawn_at IS NULL
                ORDER BY s.institution_id, s.period_key, (s.loaded_at IS NOT NULL) DESC, s.version DESC) AS best;
            UPDATE yaoce.submission s SET is_current = false
                FROM (SELECT DISTINCT * FROM unnest(institutions, periods)) AS a (institution_id, period_key)
                WHERE s.institution_id = a.institution_id AND s.period_key = a.period_key AND s.is_current
                    AND s.id <> ALL (coalesce(chosen, '{}'));
            UPDATE yaoce.submission s SET is_current = true WHERE s.id = ANY (chosen) AND NOT s.is_current;
        END
        $$;
        """)
}
