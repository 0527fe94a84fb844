extension Migration {
    /// What hospitals say of drugs, and what the comparison made of it, stands once for all who say it.
    static let descriptions = Migration(
        17, "descriptions",
        """
        -- What the fields say of a first candidate: a few hundred different ones in all.
        CREATE TABLE yaoce.match_evidence (
            no integer PRIMARY KEY,
            evidence jsonb NOT NULL
        );

        -- A drug in the words of a catalogue, and what the comparison made of it. Written once, never changed, never part of
        -- anything public by its number; the same words may stand here twice, so no index has to tell them apart.
        CREATE TABLE yaoce.drug_description (
            id bigint NOT NULL,
            candidate_score smallint,
            evidence_no integer NOT NULL,
            ypid text,
            approval_number text,
            standard_code text,
            nhsa_code text,
            generic_name text,
            product_name text,
            trade_name text,
            manufacturer text,
            dosage_form text,
            strength text,
            dosage_unit text,
            pack_unit text,
            conversion_factor text,
            -- Where there is one candidate and nothing speaks against it; `candidates` otherwise, both NULL for none.
            candidate text,
            candidates jsonb
        );

        -- As `description` and `candidates` are shown. STABLE, so that they are taken into the query.
        CREATE FUNCTION yaoce.described(code text, d yaoce.drug_description) RETURNS jsonb
        LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT jsonb_strip_nulls(jsonb_build_object('hospital_drug_code', code, 'ypid', d.ypid,
                'approval_number', d.approval_number, 'standard_code', d.standard_code, 'nhsa_code', d.nhsa_code,
                'generic_name', d.generic_name, 'product_name', d.product_name, 'trade_name', d.trade_name,
                'manufacturer', d.manufacturer, 'dosage_form', d.dosage_form, 'strength', d.strength,
                'dosage_unit', d.dosage_unit, 'pack_unit', d.pack_unit, 'conversion_factor', d.conversion_factor))
        $$;
        CREATE FUNCTION yaoce.candidates(own jsonb, d yaoce.drug_description) RETURNS jsonb
        LANGUAGE sql STABLE PARALLEL SAFE AS $$
            SELECT coalesce(own, d.candidates, CASE WHEN d.candidate IS NULL THEN '[]'::jsonb
                ELSE jsonb_build_array(jsonb_build_object('ypid', d.candidate, 'score', d.candidate_score,
                    'vetoes', '[]'::jsonb)) END)
        $$;

        INSERT INTO yaoce.match_evidence
        SELECT row_number() OVER (ORDER BY evidence::text), evidence
        FROM (SELECT DISTINCT evidence FROM yaoce.drug_code_map) e;

        CREATE TEMPORARY TABLE described ON COMMIT DROP AS
        SELECT min(id) AS id, description - 'hospital_drug_code' AS words, candidates, evidence
        FROM yaoce.drug_code_map GROUP BY 2, 3, 4;
        ANALYZE described;
        INSERT INTO yaoce.drug_description
        SELECT d.id, CASE WHEN s.is_single THEN (d.candidates -> 0 ->> 'score')::smallint END, e.no,
            w ->> 'ypid', w ->> 'approval_number', w ->> 'standard_code', w ->> 'nhsa_code', w ->> 'generic_name',
            w ->> 'product_name', w ->> 'trade_name', w ->> 'manufacturer', w ->> 'dosage_form', w ->> 'strength',
            w ->> 'dosage_unit', w ->> 'pack_unit', w ->> 'conversion_factor',
            CASE WHEN s.is_single THEN d.candidates -> 0 ->> 'ypid' END,
            CASE WHEN NOT s.is_single AND d.candidates <> '[]' THEN d.candidates END
        FROM described d JOIN yaoce.match_evidence e ON e.evidence = d.evidence
        CROSS JOIN LATERAL (SELECT d.words AS w, jsonb_array_length(d.candidates) = 1
            AND d.candidates -> 0 -> 'vetoes' = '[]' AND (d.candidates -> 0 ->> 'score')::numeric BETWEEN 0 AND 32767
            AS is_single) s
        ORDER BY d.id;
        ALTER TABLE yaoce.drug_description ADD PRIMARY KEY (id);

        ALTER TABLE yaoce.drug_code_map ADD COLUMN description_id bigint;
        ALTER TABLE yaoce.drug_code_map ALTER COLUMN description DROP NOT NULL;
        ALTER TABLE yaoce.drug_code_map ALTER COLUMN evidence DROP NOT NULL, ALTER COLUMN evidence DROP DEFAULT;
        -- From now on only where they are others than the description's: a library that changed put one in front.
        ALTER TABLE yaoce.drug_code_map ALTER COLUMN candidates DROP NOT NULL, ALTER COLUMN candidates DROP DEFAULT;
        -- Every row is written anew; the indexes that cost a first night most and are asked least go first.
        DROP INDEX yaoce.drug_code_map_ypid, yaoce.drug_code_map_description;
        UPDATE yaoce.drug_code_map m SET description_id = d.id, description = NULL, candidates = NULL, evidence = NULL
        FROM described d
        WHERE d.words = m.description - 'hospital_drug_code' AND d.candidates = m.candidates AND d.evidence = m.evidence;
        DROP TABLE described;

        CREATE OR REPLACE VIEW yaoce_api.drug_code_map AS
        SELECT m.id AS item, i.hospital_code, m.hospital_drug_code, m.state, m.ypid AS matched_ypid, m.method, m.level,
            m.score * 0.0001 AS score, m.reason, m.library_version, m.decided_by, m.decided_at, m.valid_from, m.valid_to,
            m.version, m.rows, m.amount * 0.01 AS amount, yaoce.described(m.hospital_drug_code, d) AS description,
            yaoce.candidates(m.candidates, d) AS candidates, e.evidence, m.equivalence
        FROM yaoce.drug_code_map m JOIN yaoce.institution i ON i.id = m.institution_id
        JOIN yaoce.drug_description d ON d.id = m.description_id
        JOIN yaoce.match_evidence e ON e.no = d.evidence_no;

        ALTER TABLE yaoce.drug_code_map DROP COLUMN description, DROP COLUMN evidence,
            ALTER COLUMN description_id SET NOT NULL;
        CLUSTER yaoce.drug_code_map USING drug_code_map_pkey;
        ALTER TABLE yaoce.drug_code_map SET WITHOUT CLUSTER;
        -- What people decided on the same description; what nobody has decided needs no look-up by description.
        CREATE INDEX drug_code_map_people ON yaoce.drug_code_map (description_hash) WHERE decided_by <> 'auto';
        -- A catalogue's items follow one another, which LZ4 packs in a fraction of the time.
        DO $$ BEGIN
            ALTER TABLE yaoce.submission_comparison ALTER COLUMN map_ids SET COMPRESSION lz4;
        EXCEPTION WHEN feature_not_supported THEN NULL; END $$;
        """)
}
