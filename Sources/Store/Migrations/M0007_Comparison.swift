extension Migration {
    /// What every institution's drugs are tied to, who decided that, and the tasks by which files are compared.
    static let comparison = Migration(
        7, "comparison",
        """
        -- One row for each institution, local code and description. A file of no institution, or one compared with a
        -- library that is not in force, has a scope of its own: institution_id is minus the task's number.
        CREATE TABLE yaoce.drug_code_map (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            institution_id integer NOT NULL,
            hospital_drug_code text NOT NULL,
            description_hash uuid NOT NULL,
            description jsonb NOT NULL,
            state text NOT NULL CHECK (state IN ('unchecked', 'proposed', 'needs_second_reader', 'approved', 'ignored',
                'no_match', 'invalid_target')),
            ypid text,
            library_version text,
            method text,
            level text,
            -- 0 … 10 000
            score smallint,
            reason text,
            candidates jsonb NOT NULL DEFAULT '[]',
            evidence jsonb NOT NULL DEFAULT '{}',
            -- 'auto' for the comparison itself.
            decided_by text,
            decided_at timestamptz,
            valid_from timestamptz NOT NULL,
            -- When the hospital was seen to describe the code in another way.
            valid_to timestamptz,
            version integer NOT NULL DEFAULT 1,
            rows bigint,
            -- Fen.
            amount bigint,
            UNIQUE (institution_id, hospital_drug_code, description_hash),
            CHECK (state <> 'approved' OR ypid IS NOT NULL),
            CHECK ((state IN ('approved', 'ignored', 'no_match', 'needs_second_reader')) <= (decided_by IS NOT NULL))
        );
        CREATE INDEX drug_code_map_open ON yaoce.drug_code_map (state) WHERE state NOT IN ('approved', 'ignored', 'no_match');
        CREATE INDEX drug_code_map_ypid ON yaoce.drug_code_map (ypid) WHERE ypid IS NOT NULL;
        CREATE INDEX drug_code_map_description ON yaoce.drug_code_map (description_hash);

        -- Which descriptions a submission's catalogue has: one row for a submission, not one for a drug.
        CREATE TABLE yaoce.submission_comparison (
            submission_id integer PRIMARY KEY,
            institution_id integer NOT NULL,
            library_version text,
            map_ids bigint[] NOT NULL
        );
        CREATE INDEX submission_comparison_institution ON yaoce.submission_comparison (institution_id);

        CREATE TABLE yaoce.drug_code_history (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            map_id bigint NOT NULL,
            at timestamptz NOT NULL,
            actor text NOT NULL,
            action text NOT NULL CHECK (action IN ('decide', 'revoke', 'rename', 'requeue', 'restore', 'compare')),
            state_before text NOT NULL,
            ypid_before text,
            decided_by_before text,
            decided_at_before timestamptz,
            state_after text NOT NULL,
            ypid_after text,
            reason text,
            library_version text,
            -- Named drugs of loaded submissions that were resolved again.
            resolved integer NOT NULL DEFAULT 0
        );
        CREATE INDEX drug_code_history_map ON yaoce.drug_code_history (map_id, id);
        CREATE FUNCTION yaoce.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
        END
        $$;
        CREATE TRIGGER drug_code_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON yaoce.drug_code_history
            FOR EACH STATEMENT EXECUTE FUNCTION yaoce.refuse_change();

        CREATE TABLE yaoce.match_task (
            id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            task_no text UNIQUE,
            source_name text NOT NULL,
            hospital_code text,
            library_version text,
            created_at timestamptz NOT NULL,
            created_by text NOT NULL
        );
        CREATE TABLE yaoce.match_task_item (
            task_id integer NOT NULL,
            row_no integer NOT NULL,
            map_id bigint NOT NULL,
            PRIMARY KEY (task_id, row_no)
        );

        CREATE TABLE yaoce.library_impact (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            library_version text NOT NULL,
            published_at timestamptz NOT NULL,
            institution_id integer NOT NULL,
            followed integer NOT NULL,
            requeued integer NOT NULL,
            restored integer NOT NULL
        );

        -- The answers of some maps on the drugs that loaded submissions name; gives how many drugs each map named.
        CREATE FUNCTION yaoce.resolve_named_drugs(maps bigint[]) RETURNS TABLE (map_id bigint, resolved integer)
        LANGUAGE sql AS $$
            WITH used AS MATERIALIZED (
                SELECT c.submission_id, m.id, m.hospital_drug_code, m.state = 'approved' AS is_approved, m.ypid, m.method, m.score
                FROM yaoce.submission_comparison c
                CROSS JOIN LATERAL unnest(c.map_ids) AS u (id)
                JOIN yaoce.drug_code_map m ON m.id = u.id
                WHERE c.institution_id IN (SELECT institution_id FROM yaoce.drug_code_map WHERE id = ANY (maps))
                    AND u.id = ANY (maps)
            ), changed AS (
                UPDATE yaoce.named_drug d
                SET matched_ypid = CASE WHEN u.is_approved THEN u.ypid END,
                    match_method = CASE WHEN u.is_approved THEN u.method END,
                    match_score = CASE WHEN u.is_approved THEN u.score END
                FROM used u
                WHERE d.submission_id = u.submission_id AND d.hospital_drug_code = u.hospital_drug_code
                RETURNING u.id
            )
            SELECT id, count(*)::integer FROM changed GROUP BY id
        $$;

        CREATE VIEW yaoce_api.drug_code_map AS
        SELECT m.id AS item, i.hospital_code, m.hospital_drug_code, m.state, m.ypid AS matched_ypid, m.method, m.level,
            m.score * 0.0001 AS score, m.reason, m.library_version, m.decided_by, m.decided_at, m.valid_from, m.valid_to,
            m.version, m.rows, m.amount * 0.01 AS amount, m.description, m.candidates, m.evidence
        FROM yaoce.drug_code_map m JOIN yaoce.institution i ON i.id = m.institution_id;

        CREATE VIEW yaoce_api.drug_code_history AS
        SELECT h.map_id AS item, h.at, h.actor, h.action, h.state_before, h.ypid_before, h.decided_by_before,
            h.decided_at_before, h.state_after, h.ypid_after, h.reason, h.library_version, h.resolved
        FROM yaoce.drug_code_history h;

        -- How every current submission's drugs stand: rates by method, the undecided by reason.
        CREATE VIEW yaoce_api.comparison AS
        SELECT c.submission_id, i.hospital_code, s.period, m.state, m.method, m.reason, count(*) AS drugs
        FROM yaoce.submission_comparison c
        JOIN yaoce.current_submission s ON s.id = c.submission_id
        JOIN yaoce.institution i ON i.id = c.institution_id
        CROSS JOIN LATERAL unnest(c.map_ids) AS u (id)
        JOIN yaoce.drug_code_map m ON m.id = u.id
        GROUP BY 1, 2, 3, 4, 5, 6;
        """)
}
