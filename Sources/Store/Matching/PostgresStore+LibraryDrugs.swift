import Core
import Postgres

extension PostgresStore {
    /// The version of the drug library in force; `nil` where none is published.
    public func publishedDrugLibrary() async throws -> String? {
        try await read { connection in
            try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first?.version
        }
    }

    /// All drugs of a version, by column name of the contract; blank values are absent. In the order of their codes.
    public func forEachLibraryDrug(
        version: String, _ body: @escaping @Sendable ([String: String]) throws -> Void
    ) async throws {
        try await read { connection in
            try connection.withTransaction { connection in
                let id = try LibraryDrugs.version(version, connection)
                try connection.forEachBlock(of: LibraryDrugs.select(where: "version_id = \(id)")) { block in
                    for row in 0..<block.count { try body(try LibraryDrugs.columns(block, row)) }
                }
            }
        }
    }

    /// The drugs of a version with these codes, by code.
    public func libraryDrugs(version: String, ypids: [String]) async throws -> [String: [String: String]] {
        try await read { connection in
            let id = try LibraryDrugs.version(version, connection)
            let rows = try connection.query(
                LibraryDrugs.select(where: "version_id = \(id) AND ypid = ANY (\(ypids))"))
            var drugs: [String: [String: String]] = [:]
            for row in 0..<rows.count {
                let columns = try LibraryDrugs.columns(rows, row)
                if let ypid = columns["ypid"] { drugs[ypid] = columns }
            }
            return drugs
        }
    }
}

/// Rows of the drug library as comparing wants them.
enum LibraryDrugs {
    private static let names = [
        "ypid", "nhsa_code", "standard_code", "approval_number", "generic_name", "product_name", "trade_name",
        "manufacturer", "holder", "category", "dosage_form", "strength", "dosage_unit", "pack_unit",
        "conversion_factor", "status",
    ]

    static func version(_ version: String, _ connection: isolated Connection) throws -> Int32 {
        let rows = try connection.query(
            "SELECT id FROM yaoce.library_version WHERE kind = 'drugs' AND version = \(version)")
        guard rows.count == 1 else { throw LibraryError(problem: .noSuchVersion, kind: .drugs, version: version) }
        return try rows.value(0, 0)
    }

    static func select(where condition: SQL) -> SQL {
        """
        SELECT ypid, nhsa_code, standard_code, approval_number, generic_name, product_name, trade_name, manufacturer,
            holder, category, dosage_form, strength, dosage_unit, pack_unit,
            trim_scale(conversion_factor * 0.0001)::text, status
        FROM yaoce.library_drug WHERE \(condition) ORDER BY ypid COLLATE "C"
        """
    }

    static func columns(_ rows: borrowing QueryResult, _ row: Int) throws -> [String: String] {
        var columns: [String: String] = [:]
        for (position, name) in names.enumerated() {
            if let value = try rows.value(row, position, as: String?.self), !value.isEmpty { columns[name] = value }
        }
        return columns
    }
}
