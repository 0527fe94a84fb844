extension Migration {
    /// The rows of the five tables: narrow, partitioned by period, their texts in dictionaries of each submission.
    static let facts = Migration(
        2, "facts",
        """
        -- The dictionaries have keys although the rows that use them have none: without one, a plan made before the first
        -- ANALYZE may compare every row with every drug.
        CREATE TABLE yaoce.row_header (
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            header_no integer NOT NULL,
            report_date date NOT NULL,
            province_code text NOT NULL,
            org_code text NOT NULL,
            hospital_code text NOT NULL,
            hospital_name text,
            PRIMARY KEY (submission_id, header_no)
        );

        CREATE TABLE yaoce.named_drug (
            submission_id integer NOT NULL,
            institution_id integer NOT NULL,
            drug_no integer NOT NULL,
            ypid text,
            hospital_drug_code text NOT NULL,
            procurement_code text,
            product_name text NOT NULL,
            matched_ypid text,
            match_method text,
            -- 0 … 10 000
            match_score smallint,
            PRIMARY KEY (submission_id, drug_no)
        );

        CREATE TABLE yaoce.institution_row (
            annual_drug_income bigint NOT NULL,
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            header_no integer NOT NULL,
            file_no integer NOT NULL,
            line integer NOT NULL,
            row_number integer NOT NULL,
            bed_count integer NOT NULL,
            unit_head text,
            stats_head text
        ) PARTITION BY LIST (period_key);

        CREATE TABLE yaoce.catalogue_row (
            conversion_factor bigint NOT NULL,
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            header_no integer NOT NULL,
            drug_no integer NOT NULL,
            file_no integer NOT NULL,
            line integer NOT NULL,
            row_number integer NOT NULL,
            is_essential smallint,
            is_central_procurement smallint,
            is_consistency_evaluated smallint,
            generic_name text NOT NULL,
            trade_name text,
            trade_name_en text,
            approval_number text NOT NULL,
            manufacturer text NOT NULL,
            dosage_form text,
            strength text,
            dosage_unit text NOT NULL,
            pack_unit text NOT NULL
        ) PARTITION BY LIST (period_key);

        -- Fen and quantities × 10⁴. 84 bytes a row with everything PostgreSQL adds.
        CREATE TABLE yaoce.stock_in (
            amount bigint NOT NULL,
            pack_quantity bigint NOT NULL,
            dose_quantity bigint NOT NULL,
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            header_no integer NOT NULL,
            drug_no integer NOT NULL,
            file_no integer NOT NULL,
            line integer NOT NULL,
            row_number integer NOT NULL
        ) PARTITION BY LIST (period_key);
        CREATE TABLE yaoce.stock_out (
            pack_quantity bigint NOT NULL,
            dose_quantity bigint NOT NULL,
            institution_id integer NOT NULL,
            period_key integer NOT NULL,
            submission_id integer NOT NULL,
            header_no integer NOT NULL,
            drug_no integer NOT NULL,
            file_no integer NOT NULL,
            line integer NOT NULL,
            row_number integer NOT NULL
        ) PARTITION BY LIST (period_key);
        CREATE TABLE yaoce.usage (LIKE yaoce.stock_in) PARTITION BY LIST (period_key);

        CREATE INDEX ON yaoce.institution_row USING brin (submission_id) WITH (autosummarize = on);
        CREATE INDEX ON yaoce.catalogue_row USING brin (submission_id) WITH (autosummarize = on);
        CREATE INDEX ON yaoce.stock_in USING brin (submission_id) WITH (autosummarize = on);
        CREATE INDEX ON yaoce.stock_out USING brin (submission_id) WITH (autosummarize = on);
        CREATE INDEX ON yaoce.usage USING brin (submission_id) WITH (autosummarize = on);

        -- Makes the five partitions of a period where they are not there yet.
        CREATE FUNCTION yaoce.make_partitions(period_key integer) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE name text;
        BEGIN
            FOREACH name IN ARRAY ARRAY['institution_row', 'catalogue_row', 'stock_in', 'stock_out', 'usage'] LOOP
                IF to_regclass(format('yaoce.%I', name || '_' || period_key)) IS NULL THEN
                    EXECUTE format('CREATE TABLE yaoce.%I PARTITION OF yaoce.%I FOR VALUES IN (%s)',
                        name || '_' || period_key, name, period_key);
                END IF;
            END LOOP;
        END
        $$;
        """)
}
