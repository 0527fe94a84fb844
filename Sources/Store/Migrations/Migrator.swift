public import Core
public import Postgres

/// Brings a database to the schema of this program.
public struct Migrator: Sendable {
    /// A migration and whether the database has it.
    public struct Status: Sendable, Hashable {
        /// 1, 2, 3 …
        public var number: Int
        /// What it is about.
        public var name: String
        /// When it was applied; `nil` where it is missing.
        public var appliedAt: Timestamp?
    }

    private let migrations: [Migration]
    private let describesTables: Bool

    /// With the migrations of this program.
    public init() {
        migrations = Migration.all
        describesTables = true
    }

    /// With other migrations, to test this type.
    init(_ migrations: [Migration]) {
        self.migrations = migrations
        describesTables = false
    }

    /// 药测, as a number: no other program takes this lock.
    static let lock: Int64 = 0x79_616F_6365_0001

    /// Applies what is missing, all of it or nothing; gives the numbers applied. Two at once wait for each other.
    @discardableResult
    public func migrate(_ connection: Connection) async throws -> [Int] {
        let migrations = migrations
        let describesTables = describesTables
        return try await connection.perform { connection in
            try Migrator.checkServer(connection)
            return try connection.withTransaction {
                try $0.advisoryTransactionLock(Migrator.lock)
                try $0.script(
                    """
                    CREATE SCHEMA IF NOT EXISTS yaoce;
                    CREATE TABLE IF NOT EXISTS yaoce.migration (
                        number integer PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
                        applied_at timestamptz NOT NULL DEFAULT now());
                    """)
                let applied = try Migrator.check(migrations, $0)
                let missing = migrations.filter { applied[$0.number] == nil }
                if !missing.isEmpty, try Distribution.isIn($0) { try Distribution.prepare($0) }
                for migration in missing {
                    try $0.script(migration.sql, named: "migration \(migration.number) (\(migration.name))")
                    try $0.query(
                        """
                        INSERT INTO yaoce.migration (number, name, checksum)
                        VALUES (\(migration.number), \(migration.name), \(Migrator.checksum(of: migration)))
                        """)
                }
                if describesTables { try Migrator.describeTables($0) }
                // New functions and views are written for one server.
                if !missing.isEmpty, try Distribution.isIn($0) { try Distribution.adapt($0) }
                return missing.map(\.number)
            }
        }
    }

    /// Which migrations there are and when each was applied.
    public func status(_ connection: Connection) async throws -> [Status] {
        let migrations = migrations
        return try await connection.perform { connection in
            let exists: Bool = try connection.query("SELECT to_regclass('yaoce.migration') IS NOT NULL").single()
            let applied = exists ? try Migrator.check(migrations, connection) : [:]
            return migrations.map { Status(number: $0.number, name: $0.name, appliedAt: applied[$0.number]) }
        }
    }

    /// Throws where the database is not at this program's schema.
    public func require(_ connection: Connection) async throws {
        let pending = try await status(connection).filter { $0.appliedAt == nil }.map(\.number)
        guard pending.isEmpty else { throw MigrationError(problem: .pending(pending)) }
    }

    // MARK: Checks

    /// The server hashes: what counts is that the text is the same, whoever compares it.
    private static func checksum(of migration: Migration) -> SQL {
        "encode(sha256(convert_to(\(migration.sql), 'UTF8')), 'hex')"
    }

    /// The same of all of them at once: every start of the program asks.
    private static func checksums(
        of migrations: [Migration], _ connection: isolated Connection
    ) throws -> [Int: String] {
        let rows = try connection.query(
            """
            SELECT number, encode(sha256(convert_to(text, 'UTF8')), 'hex')
            FROM unnest(\(migrations.map(\.number)), \(migrations.map(\.sql))) AS t (number, text)
            """)
        var checksums: [Int: String] = [:]
        for row in 0..<rows.count { checksums[try rows.value(row, 0)] = try rows.value(row, 1) }
        return checksums
    }

    private static func checkServer(_ connection: isolated Connection) throws {
        let facts = try connection.query(
            "SELECT current_setting('server_version_num')::integer, current_setting('server_encoding')")
        let version: Int = try facts.value(0, 0)
        let encoding: String = try facts.value(0, 1)
        guard version >= 140_000 else { throw MigrationError(problem: .oldServer(version / 10_000)) }
        guard encoding == "UTF8" else { throw MigrationError(problem: .encoding(encoding)) }
    }

    /// When each migration was applied; an error where a known one differs or an unknown one is there.
    private static func check(
        _ migrations: [Migration], _ connection: isolated Connection
    ) throws -> [Int: Timestamp] {
        let rows = try connection.query(
            "SELECT number, name, checksum, applied_at FROM yaoce.migration ORDER BY number")
        let expected = try checksums(of: migrations, connection)
        var applied: [Int: Timestamp] = [:]
        for row in 0..<rows.count {
            let (number, name): (Int, String) = (try rows.value(row, 0), try rows.value(row, 1))
            guard let known = migrations.first(where: { $0.number == number }) else {
                throw MigrationError(problem: .newerDatabase(number: number, name: name))
            }
            guard try rows.value(row, 2) == expected[number] else {
                throw MigrationError(problem: .edited(number: number, name: known.name))
            }
            applied[number] = try rows.value(row, 3)
        }
        return applied
    }

    /// Writes down what tables, columns and severities are called, from the one place that says so.
    private static func describeTables(_ connection: isolated Connection) throws {
        let tables = DataTable.allCases
        try connection.query("DELETE FROM yaoce.table_name")
        try connection.query(
            """
            INSERT INTO yaoce.table_name SELECT * FROM unnest(
                \(tables.map { Int16($0.number) }), \(tables.map(\.rawValue)), \(tables.map(\.chineseName)))
            """)
        let columns = DataSet.all.flatMap { set in set.columns.map { (Int16(set.table.number), $0) } }
        try connection.query("DELETE FROM yaoce.column_name")
        try connection.query(
            """
            INSERT INTO yaoce.column_name SELECT * FROM unnest(
                \(columns.map(\.0)), \(columns.map(\.1.name)), \(columns.map(\.1.header)), \(columns.map(\.1.isPersonal)))
            """)
        try connection.query("DELETE FROM yaoce.severity")
        try connection.query(
            """
            INSERT INTO yaoce.severity SELECT * FROM unnest(
                \(Severity.allCases.map { Int16($0.rank) }), \(Severity.allCases.map(\.rawValue)))
            """)
    }
}
