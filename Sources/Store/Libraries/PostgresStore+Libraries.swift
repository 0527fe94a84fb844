public import Core
import Foundation
import Postgres

extension PostgresStore {
    /// Gives the rows of a library file one after the other, to whoever is passed to it.
    public typealias LibraryRows = @Sendable (_ each: (LibraryRow) throws -> Void) throws -> Void

    /// Imports a whole library as a new version, all of it or nothing.
    ///
    /// All rows are looked at before a mistake is thrown, so that one import shows all of them.
    /// - Parameters:
    ///   - publishing: whether the version is in force at once.
    ///   - importKind: whether rows that the file does not have are taken over from the version in force.
    public func importLibrary(
        _ kind: LibraryKind, version: String, sha256: SHA256Digest, at time: Timestamp, publishing: Bool,
        importKind: LibraryImportKind = .full, rows: @escaping LibraryRows
    ) async throws -> LibraryVersion {
        let failure = { @Sendable (problem: LibraryError.Problem) in
            LibraryError(problem: problem, kind: kind, version: version)
        }
        return try await write(
            recording: { _ in
                .libraryImported(
                    kind, version: version, file: sha256, at: time, publishing: publishing, importKind: importKind)
            }
        ) { connection in
            // One import or publishing at a time: two of the same name would otherwise meet at the end.
            try connection.query("LOCK TABLE yaoce.library_version IN SHARE ROW EXCLUSIVE MODE")
            let inserted = try connection.query(
                """
                INSERT INTO yaoce.library_version (kind, version, imported_at, rows, sha256)
                VALUES (\(kind.rawValue), \(version), \(time), 0, \(sha256)) ON CONFLICT DO NOTHING RETURNING id
                """)
            guard inserted.count == 1 else { throw failure(.versionExists) }
            let id: Int32 = try inserted.value(0, 0)
            let count = try PostgresStore.copy(rows, of: kind, version: id, failure, connection)
            guard count > 0 else { throw failure(.noRows) }
            // Fresh rows have no statistics, and the day's other questions are about them.
            try connection.query("ANALYZE \(SQL(unchecked: LibraryTable.of(kind).name))")
            let base = try LibraryVersions.current(kind, connection)
            var kept = 0
            if importKind == .incremental {
                guard let base else { throw failure(.noBase) }
                kept = try LibraryVersions.takeOver(kind, from: base, into: id, connection)
            }
            try connection.query(
                """
                UPDATE yaoce.library_version SET rows = \(count + kept), import_kind = \(importKind.rawValue)
                WHERE id = \(id)
                """)
            if let base { try LibraryVersions.count(kind, id, against: base, connection) }
            if publishing { try PostgresStore.publish(kind, id, at: time, connection) }
            guard let stored = try LibraryVersions.load(where: "id = \(id)", connection).first else {
                throw failure(.noSuchVersion)
            }
            return stored
        }
    }

    private static func copy(
        _ rows: LibraryRows, of kind: LibraryKind, version: Int32,
        _ failure: (LibraryError.Problem) -> LibraryError, _ connection: isolated Connection
    ) throws -> Int {
        let table = LibraryTable.of(kind)
        let known = Set(table.fields.map(\.name))
        var problems: [LibraryRowProblem] = []
        var total = 0
        var keys: Set<String> = []
        func note(_ row: LibraryRow, _ column: String, _ phrase: Phrase) {
            total += 1
            guard problems.count < 1_000 else { return }
            problems.append(
                LibraryRowProblem(line: row.line, column: column, value: row.values[column], problem: phrase))
        }
        let columns = ["version_id", "line"] + table.fields.map(\.name) + ["extra"]
        return try connection.copyIn(into: table.name, columns: columns, named: "importLibrary") { writer in
            try rows { row in
                var values: [LibraryValue] = []
                for field in table.fields {
                    switch LibraryValue.read(row.values[field.name], as: field) {
                    case .success(let value): values.append(value)
                    case .failure(let wrong): note(row, field.name, wrong.phrase)
                    }
                }
                if let key = row.values[table.key], !keys.insert(key).inserted {
                    note(row, table.key, Phrase("重复", "stands in the file twice"))
                }
                guard total == 0 else { return }
                writer.beginRow(fields: Int16(columns.count))
                writer.append(version)
                writer.append(Int32(clamping: row.line))
                for value in values { value.append(to: &writer) }
                let extra = row.values.filter { !known.contains($0.key) }
                writer.append(jsonb: extra.isEmpty ? nil : try json(extra))
            }
            guard total == 0 else { throw failure(.badRows(problems, total: total)) }
        }
    }

    private static func json(_ values: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // jsonb, like text, has no U+0000.
        return String(decoding: try encoder.encode(values), as: UTF8.self)
            .replacingOccurrences(of: "\\u0000", with: "\\\\x00")
    }

    private static func publish(
        _ kind: LibraryKind, _ id: Int32, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        let before = try LibraryVersions.current(kind, connection)
        try connection.query(
            "UPDATE yaoce.library_version SET is_current = false WHERE kind = \(kind.rawValue) AND is_current")
        let version: String = try connection.query(
            """
            UPDATE yaoce.library_version SET is_current = true, published_at = coalesce(published_at, \(time))
            WHERE id = \(id) RETURNING version
            """
        ).single()
        guard kind == .drugs, before != id else { return }
        try LibraryChange.apply(from: before, to: id, version: version, at: time, connection)
    }

    /// Puts a version in force, an older one too.
    public func publishLibrary(_ kind: LibraryKind, version: String, at time: Timestamp) async throws -> LibraryVersion
    {
        try await write(recording: { _ in .libraryPublished(kind, version: version, at: time) }) { connection in
            let condition: SQL = "kind = \(kind.rawValue) AND version = \(version)"
            let found = try connection.query("SELECT id FROM yaoce.library_version WHERE \(condition) FOR UPDATE")
            guard found.count == 1 else {
                throw LibraryError(problem: .noSuchVersion, kind: kind, version: version)
            }
            try PostgresStore.publish(kind, try found.value(0, 0), at: time, connection)
            guard let stored = try LibraryVersions.load(where: condition, connection).first else {
                throw LibraryError(problem: .noSuchVersion, kind: kind, version: version)
            }
            return stored
        }
    }

    /// All versions, by kind, the newest first.
    public func libraryVersions() async throws -> [LibraryVersion] {
        try await read { try LibraryVersions.load(where: "true ORDER BY kind, imported_at DESC, id DESC", $0) }
    }

    /// What differs between two versions of a library, by key.
    public func libraryDifference(
        _ kind: LibraryKind, from older: String, to newer: String
    ) async throws -> LibraryDifference {
        try await read { connection in
            func number(_ version: String, _ connection: isolated Connection) throws -> Int32 {
                let rows = try connection.query(
                    "SELECT id FROM yaoce.library_version WHERE kind = \(kind.rawValue) AND version = \(version)")
                guard rows.count == 1 else { throw LibraryError(problem: .noSuchVersion, kind: kind, version: version) }
                return try rows.value(0, 0)
            }
            let table = LibraryTable.of(kind)
            let (old, new) = (try number(older, connection), try number(newer, connection))
            let rows = try connection.query(
                """
                WITH old AS (
                    SELECT \(identifier: table.key) AS key,
                        to_jsonb(t) - '{version_id,line,extra}'::text[] || coalesce(extra, '{}') AS row
                    FROM \(SQL(unchecked: table.name)) t WHERE version_id = \(old)
                ), new AS (
                    SELECT \(identifier: table.key) AS key,
                        to_jsonb(t) - '{version_id,line,extra}'::text[] || coalesce(extra, '{}') AS row
                    FROM \(SQL(unchecked: table.name)) t WHERE version_id = \(new)
                )
                SELECT key, old.row IS NULL, new.row IS NULL,
                    ARRAY(SELECT name FROM (SELECT jsonb_object_keys(old.row) UNION SELECT jsonb_object_keys(new.row))
                        AS names (name) WHERE old.row -> name IS DISTINCT FROM new.row -> name ORDER BY name)
                FROM old FULL JOIN new USING (key) WHERE old.row IS DISTINCT FROM new.row ORDER BY key
                """)
            var difference = LibraryDifference(added: [], removed: [], changed: [:])
            for row in 0..<rows.count {
                let key: String = try rows.value(row, 0)
                if try rows.value(row, 1) {
                    difference.added.append(key)
                } else if try rows.value(row, 2) {
                    difference.removed.append(key)
                } else {
                    difference.changed[key] = try rows.value(row, 3, as: [String].self)
                }
            }
            return difference
        }
    }
}
