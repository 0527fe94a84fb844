import Core
import Postgres

extension LibraryVersions {
    /// Copies the rows that a version does not have from its base; gives how many.
    static func takeOver(
        _ kind: LibraryKind, from base: Int32, into version: Int32, _ connection: isolated Connection
    ) throws -> Int {
        let table = LibraryTable.of(kind)
        let name = SQL(unchecked: table.name)
        let columns = SQL(
            unchecked: (["line"] + table.fields.map(\.name) + ["extra"]).map(SQL.quoted).joined(separator: ", "))
        return try connection.query(
            """
            INSERT INTO \(name) (version_id, \(columns))
            SELECT \(version), \(columns) FROM \(name) o WHERE o.version_id = \(base) AND NOT EXISTS (
                SELECT FROM \(name) n WHERE n.version_id = \(version)
                    AND n.\(identifier: table.key) = o.\(identifier: table.key))
            """
        ).affectedRows
    }

    /// Writes down how many rows of a version are new, changed and retired against its base.
    static func count(
        _ kind: LibraryKind, _ version: Int32, against base: Int32, _ connection: isolated Connection
    ) throws {
        let table = LibraryTable.of(kind)
        let name = SQL(unchecked: table.name)
        // Only drugs have a status: in use or not.
        let inUse = { (entry: String) in
            kind == .drugs ? "coalesce(\(entry).status, 'active') NOT IN ('disabled', 'deleted')" : "true"
        }
        let isRetired = SQL(unchecked: "o.line IS NOT NULL AND \(inUse("o")) AND (n.line IS NULL OR NOT \(inUse("n")))")
        try connection.query(
            """
            UPDATE yaoce.library_version v
            SET base_version = (SELECT version FROM yaoce.library_version WHERE id = \(base)), added = c.added,
                changed = c.changed, retired = c.retired
            FROM (
                SELECT count(*) FILTER (WHERE o.line IS NULL) AS added,
                    count(*) FILTER (WHERE \(isRetired)) AS retired,
                    count(*) FILTER (WHERE o.line IS NOT NULL AND n.line IS NOT NULL AND NOT (\(isRetired))
                        AND to_jsonb(o) - '{version_id,line}'::text[] <> to_jsonb(n) - '{version_id,line}'::text[])
                        AS changed
                FROM (SELECT * FROM \(name) WHERE version_id = \(version)) n
                FULL JOIN (SELECT * FROM \(name) WHERE version_id = \(base)) o USING (\(identifier: table.key))
            ) c
            WHERE v.id = \(version)
            """)
    }
}
