extension Migration {
    /// Whether the large tables are distributed over several servers, and what triggers do where there can be none.
    static let distribution = Migration(
        20, "distribution",
        """
        -- Empty on one server. The row is written by `yaoce db migrate --distributed`; statements that have another form
        -- where tables are distributed ask for it.
        CREATE TABLE yaoce.distribution (
            only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
            distributed_at timestamptz NOT NULL DEFAULT now()
        );

        -- What `forget_positions` does as a trigger, for tables that cannot have one.
        CREATE FUNCTION yaoce.forget_positions_of(submissions integer[]) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE gone integer[]; period integer;
        BEGIN
            SELECT array_agg(t.submission_id) INTO gone FROM yaoce.submission_total t
            WHERE t.submission_id = ANY (submissions);
            IF gone IS NULL THEN RETURN; END IF;
            FOR period IN SELECT DISTINCT period_key FROM yaoce.submission_total WHERE submission_id = ANY (gone) LOOP
                EXECUTE format('DELETE FROM yaoce.drug_position_%s WHERE submission_id = ANY ($1)', period) USING gone;
            END LOOP;
            DELETE FROM yaoce.submission_total WHERE submission_id = ANY (gone);
        END
        $$;
        """)
}
