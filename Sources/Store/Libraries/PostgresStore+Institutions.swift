public import Core
import Postgres

extension PostgresStore: SubmissionStore {
    /// All institutions of the published library by hospital code; `nil` where none is published.
    public func institutions() async throws -> [String: InstitutionEntry]? {
        try await read { connection in
            guard let version = try LibraryVersions.current(.institutions, connection) else { return nil }
            let rows = try connection.query(
                """
                SELECT hospital_code, org_code, name, level, grade, division_code, city, county, is_primary, must_report,
                    declared_income, valid_from, valid_to, lead_hospital_code
                FROM yaoce.library_institution WHERE version_id = \(version)
                """)
            var entries: [String: InstitutionEntry] = [:]
            entries.reserveCapacity(rows.count)
            for row in 0..<rows.count {
                let code: String = try rows.value(row, 0)
                entries[code] = InstitutionEntry(
                    hospitalCode: code, orgCode: try rows.value(row, 1), name: try rows.value(row, 2),
                    level: try rows.value(row, 3), grade: try rows.value(row, 4), divisionCode: try rows.value(row, 5),
                    city: try rows.value(row, 6), county: try rows.value(row, 7), isPrimary: try rows.value(row, 8),
                    mustReport: try rows.value(row, 9), declaredIncome: try rows.value(row, 10),
                    validFrom: try rows.value(row, 11), validTo: try rows.value(row, 12),
                    leadHospitalCode: try rows.value(row, 13))
            }
            return entries
        }
    }

    /// All division codes of the published library; `nil` where none is published.
    public func divisionCodes() async throws -> Set<String>? {
        try await read { connection in
            guard let version = try LibraryVersions.current(.divisions, connection) else { return nil }
            return Set(
                try connection.query("SELECT division_code FROM yaoce.library_division WHERE version_id = \(version)")
                    .column(0, as: String.self))
        }
    }
}

/// Versions of libraries as the database has them.
enum LibraryVersions {
    static func current(_ kind: LibraryKind, _ connection: isolated Connection) throws -> Int32? {
        let rows = try connection.query(
            "SELECT id FROM yaoce.library_version WHERE kind = \(kind.rawValue) AND is_current")
        return rows.count == 0 ? nil : try rows.value(0, 0)
    }

    static func load(where condition: SQL, _ connection: isolated Connection) throws -> [LibraryVersion] {
        let rows = try connection.query(
            """
            SELECT kind, version, imported_at, published_at, is_current, rows, sha256, import_kind, base_version, added,
                changed, retired
            FROM yaoce.library_version
            WHERE \(condition)
            """)
        return try (0..<rows.count).compactMap { row in
            guard let kind = LibraryKind(rawValue: try rows.value(row, 0)) else { return nil }
            return LibraryVersion(
                kind: kind, version: try rows.value(row, 1), importedAt: try rows.value(row, 2),
                publishedAt: try rows.value(row, 3), isCurrent: try rows.value(row, 4), rows: try rows.value(row, 5),
                sha256: try rows.value(row, 6),
                importKind: LibraryImportKind(rawValue: try rows.value(row, 7)) ?? .full,
                base: try rows.value(row, 8), added: try rows.value(row, 9), changed: try rows.value(row, 10),
                retired: try rows.value(row, 11))
        }
    }
}
