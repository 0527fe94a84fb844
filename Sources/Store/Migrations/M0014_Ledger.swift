extension Migration {
    /// What happened, in the order in which it was committed: the database's side of `archive/ledger`.
    static let ledger = Migration(
        14, "ledger",
        """
        CREATE TABLE yaoce.ledger (
            number bigint PRIMARY KEY,
            -- SHA-256 of the line.
            hash text NOT NULL,
            line text NOT NULL
        );
        CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON yaoce.ledger
            FOR EACH STATEMENT EXECUTE FUNCTION yaoce.refuse_change();

        -- The last entry. Whoever adds the next one holds this row until it is committed.
        CREATE TABLE yaoce.ledger_head (
            only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
            number bigint NOT NULL,
            hash text NOT NULL
        );
        INSERT INTO yaoce.ledger_head (number, hash) VALUES (0, '');
        """)
}
