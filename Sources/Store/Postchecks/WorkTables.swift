import Postgres

/// Where the tables live that rules share: a schema that a judgement's transaction makes and drops again.
///
/// Nobody else ever sees it, and a judgement that dies leaves nothing. They are tables as all others are, not temporary
/// ones, because several processes of the server may read them side by side; what is written into a table that the same
/// transaction made is not logged where `wal_level` is `minimal`.
enum WorkTables {
    /// Settings of a judgement; and makes the schema the place of new tables. Who may not make one gets temporary tables, and so do
    /// distributed ones: they are joined with tables of one session.
    static func begin(_ connection: isolated Connection) throws {
        // Compiling queries costs more than these run for; and so does a large sample of every shared table, where all that
        // plans need to know is whether it has ten rows or a million.
        try connection.script(
            """
            SET LOCAL work_mem = '128MB'; SET LOCAL jit = off; SET LOCAL default_statistics_target = 20;
            -- A look at all positions goes to several processes from a few thousand rows on.
            SET LOCAL parallel_setup_cost = 200; SET LOCAL parallel_tuple_cost = 0.001;
            SET LOCAL min_parallel_table_scan_size = '2MB';
            """, named: "postcheck settings")
        let isAllowed: Bool = try connection.query("SELECT has_database_privilege(current_database(), 'CREATE')")
            .single()
        guard try isAllowed && !Placement(connection).isDistributed else {
            return try connection.script("SET LOCAL search_path = pg_temp", named: "work tables")
        }
        let schema = try name(connection)
        try connection.script(
            """
            SET LOCAL client_min_messages = warning;
            DROP SCHEMA IF EXISTS \(schema) CASCADE;
            CREATE SCHEMA \(schema);
            SET LOCAL search_path = \(schema);
            """, named: "work tables")
    }

    static func end(_ connection: isolated Connection) throws {
        let schema = try name(connection)
        let isThere: Bool = try connection.query("SELECT to_regnamespace(\(schema)) IS NOT NULL").single()
        if isThere {
            try connection.script("DROP SCHEMA \(schema) CASCADE", named: "work tables")
        } else {
            let tables: [String] = try connection.query(
                "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'"
            ).column()
            guard !tables.isEmpty else { return }
            try connection.script(
                "DROP TABLE \(tables.map { "pg_temp." + $0 }.joined(separator: ", "))", named: "work tables")
        }
    }

    /// One for each session.
    private static func name(_ connection: isolated Connection) throws -> String {
        "yaoce_work_\(try connection.query("SELECT pg_backend_pid()").single(Int32.self))"
    }
}
