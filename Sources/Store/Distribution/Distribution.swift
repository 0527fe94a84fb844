public import Postgres

/// Distributes the large tables over the servers of a Citus cluster, by institution.
///
/// All of an institution's rows lie together, so that servers join what each of them has. Everything that is small, gives
/// numbers or is held by locks (submissions, files, decisions, ledgers, libraries) stays on the coordinator.
public struct Distribution: Sendable {
    /// What is distributed. Partitions follow their table.
    static let tables = [
        "row_header", "named_drug", "institution_row", "catalogue_row", "stock_in", "stock_out", "usage", "finding",
        "quarantined_row", "rule_result", "stock_ledger", "drug_position",
    ]

    /// Distributes what is not distributed yet.
    public init() {}

    /// Brings the extension and distributes the tables, with what is in them; all of it or nothing. Gives the tables that
    /// were distributed, none where they were before.
    @discardableResult
    public func apply(_ connection: Connection) async throws -> [String] {
        try await connection.perform { connection in
            try Distribution.bringExtension(connection)
            let done = try connection.withTransaction(named: "distribution") { connection in
                try connection.advisoryTransactionLock(Migrator.lock)
                try Distribution.prepare(connection)
                let known = try Distribution.distributed(connection)
                let missing = Distribution.tables.filter { !known.contains($0) }
                // Columns are named before tables are distributed: keys cannot change afterwards.
                try Distribution.adaptTables(missing, connection)
                for table in missing {
                    let beside = table == Distribution.tables[0] ? "none" : "yaoce.\(Distribution.tables[0])"
                    try connection.query(
                        """
                        SELECT create_distributed_table(\("yaoce." + table)::text::regclass, 'institution_id',
                            colocate_with => \(beside))
                        """, named: "distributing \(table)")
                }
                try connection.query("INSERT INTO yaoce.distribution DEFAULT VALUES ON CONFLICT DO NOTHING")
                try Distribution.adapt(connection)
                return missing
            }
            try Distribution.emptyShells(connection)
            return done
        }
    }

    /// Whether the database is distributed.
    static func isIn(_ connection: isolated Connection) throws -> Bool {
        let isKnown: Bool = try connection.query(
            "SELECT to_regclass('yaoce.distribution') IS NOT NULL", named: "placement"
        ).single()
        guard isKnown else { return false }
        return try Placement(connection).isDistributed
    }

    /// What every change of a distributed schema needs: one connection to each server, and no talk of what it passes on.
    static func prepare(_ connection: isolated Connection) throws {
        try connection.script(
            "SET LOCAL citus.multi_shard_modify_mode TO 'sequential'; SET LOCAL client_min_messages TO error",
            named: "distribution")
    }

    private static func bringExtension(_ connection: isolated Connection) throws {
        let isThere: Bool = try connection.query("SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'citus')")
            .single()
        guard !isThere else { return }
        let isInstalled: Bool = try connection.query(
            "SELECT EXISTS (SELECT FROM pg_available_extensions WHERE name = 'citus')"
        ).single()
        guard isInstalled else { throw MigrationError(problem: .noCitus) }
        try makeExtension(connection)
    }

    private static func makeExtension(_ connection: isolated Connection) throws {
        do {
            try connection.script("CREATE EXTENSION citus", named: "extension")
        } catch {
            if error.isUnavailable || error.problem != .server { throw error }
            throw MigrationError(
                problem: error.sqlState == "42501" ? .citusNotAllowed : .citusNotLoaded(error.message))
        }
    }

    private static func distributed(_ connection: isolated Connection) throws -> Set<String> {
        Set(
            try connection.query(
                """
                SELECT c.relname::text FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid
                WHERE c.relnamespace = 'yaoce'::regnamespace
                """
            ).column(0, as: String.self))
    }

    /// What was in a table before it was distributed still lies in the coordinator's files, unseen.
    private static func emptyShells(_ connection: isolated Connection) throws {
        let full = try connection.query(
            """
            SELECT c.oid::regclass::text FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid
            WHERE c.relnamespace = 'yaoce'::regnamespace AND c.relkind = 'r' AND pg_relation_size(c.oid) > 0 ORDER BY 1
            """
        ).column(0, as: String.self)
        for table in full {
            try connection.query(
                "SELECT truncate_local_data_after_distributing_table(\(table)::text::regclass)",
                named: "emptying \(table)")
        }
    }
}
