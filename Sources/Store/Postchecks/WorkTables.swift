import Postgres

/// Where the tables live that rules share: a schema that a judgement's transaction makes and drops again.
///
/// Nobody else ever sees it, and a judgement that dies leaves nothing. They are tables as all others are, not temporary
/// ones, because several processes of the server may read them side by side; what is written into a table that the same
/// transaction made is not logged where `wal_level` is `minimal`.
enum WorkTables {
    /// Makes the schema the place of new tables. Who may not make one gets temporary tables, and so do
    /// distributed ones: they are joined with tables of one session.
    static func begin(_ connection: isolated Connection) throws {
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
