public import Core
import Postgres

/// What the doctor wants to know of a database.
public struct DatabaseFacts: Sendable, Hashable, Codable {
    /// `15.18`
    public var serverVersion: String
    /// `UTF8`
    public var encoding: String
    /// The database's name.
    public var database: String
    /// Bytes on disk.
    public var size: Int
    /// Bytes of the largest tables, partitions counted with theirs, largest first.
    public var tables: [String: Int]
    /// How far the server's clock is ahead of the caller's, in seconds.
    public var clockDifference: Double
    /// Whether another session holds the lock of a run.
    public var isRunning: Bool
    /// Versions of libraries in force, by kind.
    public var libraries: [String: String]
}

extension PostgresStore {
    /// Facts about the database for the doctor.
    /// - Parameter now: the caller's clock.
    public func facts(now: Timestamp) async throws -> DatabaseFacts {
        try await read { connection in
            let server = try connection.query(
                """
                SELECT current_setting('server_version'), current_setting('server_encoding'), current_database()::text,
                    pg_database_size(current_database()), clock_timestamp()
                """)
            // What is distributed lies in tables of the servers; the coordinator's own is empty.
            let size: SQL =
                try Placement(connection).isDistributed
                ? """
                CASE WHEN EXISTS (SELECT FROM pg_dist_partition d WHERE d.logicalrelid = c.oid)
                    THEN citus_total_relation_size(c.oid) ELSE pg_total_relation_size(c.oid) END
                """ : "pg_total_relation_size(c.oid)"
            let sizes = try connection.query(
                """
                SELECT coalesce(p.inhparent, c.oid)::regclass::text, sum(\(size))::bigint
                FROM pg_class c LEFT JOIN pg_inherits p ON p.inhrelid = c.oid
                WHERE c.relnamespace = 'yaoce'::regnamespace AND c.relkind = 'r'
                GROUP BY 1 ORDER BY 2 DESC LIMIT 12
                """)
            let libraries = try connection.query(
                "SELECT kind, version FROM yaoce.library_version WHERE is_current ORDER BY kind")
            let clock: Timestamp = try server.value(0, 4)
            var facts = DatabaseFacts(
                serverVersion: try server.value(0, 0), encoding: try server.value(0, 1),
                database: try server.value(0, 2), size: try server.value(0, 3), tables: [:],
                clockDifference: Double(clock.microseconds - now.microseconds) / 1e6,
                isRunning: try RunLock.isHeld(connection), libraries: [:])
            for row in 0..<sizes.count {
                facts.tables[try sizes.value(row, 0)] = try sizes.value(row, 1, as: Int.self)
            }
            for row in 0..<libraries.count {
                facts.libraries[try libraries.value(row, 0)] = try libraries.value(row, 1, as: String.self)
            }
            return facts
        }
    }
}

extension RunLock {
    /// Whether any session of this database holds the lock of a run.
    static func isHeld(_ connection: isolated Connection) throws -> Bool {
        try connection.query(
            """
            SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND classid::bigint << 32 | objid::bigint = \(key))
            """
        ).single()
    }
}
