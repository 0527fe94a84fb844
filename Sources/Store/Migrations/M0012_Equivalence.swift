extension Migration {
    /// How far a drug is what its code says, where versions of libraries come from, and what the comparison of a period
    /// came to.
    static let equivalence = Migration(
        12, "equivalence",
        """
        ALTER TABLE yaoce.drug_code_map ADD COLUMN equivalence text
            CHECK (equivalence IN ('equal', 'equivalent', 'wider', 'narrower', 'inexact'));
        UPDATE yaoce.drug_code_map SET equivalence = 'equal' WHERE state IN ('approved', 'needs_second_reader');
        ALTER TABLE yaoce.drug_code_history ADD COLUMN equivalence_after text;
        ALTER TABLE yaoce.drug_code_history DROP CONSTRAINT drug_code_history_action_check;
        ALTER TABLE yaoce.drug_code_history ADD CONSTRAINT drug_code_history_action_check CHECK (action IN ('decide',
            'accept', 'revoke', 'rename', 'requeue', 'change', 'restore', 'compare'));
        ALTER TABLE yaoce.library_impact ADD COLUMN changed integer NOT NULL DEFAULT 0;
        ALTER TABLE yaoce.named_drug ADD COLUMN match_equivalence text;
        UPDATE yaoce.named_drug SET match_equivalence = 'equal' WHERE matched_ypid IS NOT NULL;

        -- 'full' or 'incremental'; what it has that its base has not, and the other way round.
        ALTER TABLE yaoce.library_version ADD COLUMN import_kind text NOT NULL DEFAULT 'full'
            CHECK (import_kind IN ('full', 'incremental'));
        ALTER TABLE yaoce.library_version ADD COLUMN base_version text;
        ALTER TABLE yaoce.library_version ADD COLUMN added bigint;
        ALTER TABLE yaoce.library_version ADD COLUMN changed bigint;
        ALTER TABLE yaoce.library_version ADD COLUMN retired bigint;

        CREATE OR REPLACE FUNCTION yaoce.resolve_named_drugs(maps bigint[])
        RETURNS TABLE (map_id bigint, resolved integer) LANGUAGE sql AS $$
            WITH used AS MATERIALIZED (
                SELECT c.submission_id, m.id, m.hospital_drug_code, m.state = 'approved' AS is_approved, m.ypid, m.method,
                    m.score, m.equivalence
                FROM yaoce.submission_comparison c
                CROSS JOIN LATERAL unnest(c.map_ids) AS u (id)
                JOIN yaoce.drug_code_map m ON m.id = u.id
                WHERE c.institution_id IN (SELECT institution_id FROM yaoce.drug_code_map WHERE id = ANY (maps))
                    AND u.id = ANY (maps)
            ), changed AS (
                UPDATE yaoce.named_drug d
                SET matched_ypid = CASE WHEN u.is_approved THEN u.ypid END,
                    match_method = CASE WHEN u.is_approved THEN u.method END,
                    match_score = CASE WHEN u.is_approved THEN u.score END,
                    match_equivalence = CASE WHEN u.is_approved THEN u.equivalence END
                FROM used u
                WHERE d.submission_id = u.submission_id AND d.hospital_drug_code = u.hospital_drug_code
                RETURNING u.id
            )
            SELECT id, count(*)::integer FROM changed GROUP BY id
        $$;

        CREATE OR REPLACE VIEW yaoce_api.drug_code_map AS
        SELECT m.id AS item, i.hospital_code, m.hospital_drug_code, m.state, m.ypid AS matched_ypid, m.method, m.level,
            m.score * 0.0001 AS score, m.reason, m.library_version, m.decided_by, m.decided_at, m.valid_from, m.valid_to,
            m.version, m.rows, m.amount * 0.01 AS amount, m.description, m.candidates, m.evidence, m.equivalence
        FROM yaoce.drug_code_map m JOIN yaoce.institution i ON i.id = m.institution_id;

        CREATE OR REPLACE VIEW yaoce_api.drug_code_history AS
        SELECT h.map_id AS item, h.at, h.actor, h.action, h.state_before, h.ypid_before, h.decided_by_before,
            h.decided_at_before, h.state_after, h.ypid_after, h.reason, h.library_version, h.resolved, h.equivalence_after
        FROM yaoce.drug_code_history h;

        -- 0 for a year, 1 for a quarter, 2 for a month: only periods of one length are set against one another.
        CREATE FUNCTION yaoce.period_length(key integer) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
            SELECT CASE WHEN key % 100 = 0 THEN 0 WHEN key % 100 > 20 THEN 1 ELSE 2 END
        $$;

        -- What every drug that a current submission names is tied to. Only equal and equivalent may be added up by code.
        CREATE VIEW yaoce_api.matched_drug AS
        SELECT d.submission_id, i.hospital_code, s.period, d.hospital_drug_code, d.ypid, d.product_name, d.matched_ypid,
            d.match_method, d.match_score * 0.0001 AS match_score, d.match_equivalence
        FROM yaoce.named_drug d
        JOIN yaoce.current_submission s ON s.id = d.submission_id
        JOIN yaoce.institution i ON i.id = s.institution_id;
        """)
}
