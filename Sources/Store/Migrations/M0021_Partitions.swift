extension Migration {
    /// Two workers may bring the first submissions of a period at the same time.
    static let partitions = Migration(
        21, "partitions",
        """
        -- Makes the five partitions of a period where they are not there yet. Who comes second waits for the first one's
        -- transaction and finds them made; whoever reads or writes other periods waits for neither, since a table that is
        -- attached, unlike one made as a partition, leaves its parent to them.
        CREATE OR REPLACE FUNCTION yaoce.make_partitions(period_key integer) RETURNS void LANGUAGE plpgsql AS $$
        DECLARE parent text; name text;
        BEGIN
            IF to_regclass(format('yaoce.usage_%s', period_key)) IS NOT NULL THEN RETURN; END IF;
            -- `yaop`: no other lock of two numbers begins with it. One for all periods: attaching waits for attaching.
            PERFORM pg_advisory_xact_lock(2036428656, 0);
            FOREACH parent IN ARRAY ARRAY['institution_row', 'catalogue_row', 'stock_in', 'stock_out', 'usage'] LOOP
                name := parent || '_' || period_key;
                IF to_regclass(format('yaoce.%I', name)) IS NULL THEN
                    EXECUTE format('CREATE TABLE yaoce.%I (LIKE yaoce.%I INCLUDING ALL EXCLUDING INDEXES)', name, parent);
                    EXECUTE format('ALTER TABLE yaoce.%I ATTACH PARTITION yaoce.%I FOR VALUES IN (%s)',
                        parent, name, period_key);
                END IF;
            END LOOP;
        END
        $$;
        """)
}
