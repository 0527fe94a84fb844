public import Core
import Postgres

extension PostgresStore {
    /// The version of the drug library in force; `nil` where none is published.
    public func publishedDrugLibrary() async throws -> String? {
        try await read { connection in
            try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first?.version
        }
    }

    /// Drugs of a version in the order of their codes: up to so many behind a code, from the first for `nil`.
    public func libraryDrugs(version: String, after ypid: String?, limit: Int) async throws -> [LibraryDrugRow] {
        try await read { connection in
            try connection.withTransaction { connection in
                let id = try LibraryDrugs.version(version, connection)
                // The key gives the order. A plan that does not know the table yet would sort all of it for each block.
                try connection.query("SET LOCAL enable_sort = off")
                try connection.query("SET LOCAL enable_bitmapscan = off")
                let rows = try connection.query(
                    LibraryDrugs.select(
                        where: "version_id = \(id) AND ypid > coalesce(\(ypid), '') ORDER BY ypid LIMIT \(limit)"))
                return try (0..<rows.count).map { try LibraryDrugs.row(rows, $0) }
            }
        }
    }

    /// What a version prints of its drugs that are in use, in no order and some at a time: one reading of the table.
    public func forEachPrinted(version: String, _ body: @Sendable (PrintedDrugs) -> Void) async throws {
        try await read { connection in
            let id = try LibraryDrugs.version(version, connection)
            var block = PrintedDrugs()
            try connection.forEachCopied(
                of: """
                    SELECT \(PrintedDrugs.columns.joined(separator: ", ")) FROM yaoce.library_drug
                    WHERE version_id = \(id) AND coalesce(status, '') NOT IN ('disabled', 'deleted')
                    """, columns: PrintedDrugs.columns.count
            ) { row, fields in
                for column in 0..<PrintedDrugs.columns.count - 1 { block.append(row.extracting(fields[column])) }
                let factor =
                    fields.number(PrintedDrugs.columns.count - 1, in: row).map { LibraryDrugs.decimal($0) } ?? ""
                block.append(factor.utf8.span)
                guard block.count >= LibraryDrugs.printedBlock else { return }
                body(block)
                block.removeAll()
            }
            body(block)
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
        FROM yaoce.library_drug WHERE \(condition)
        """
    }

    /// Drugs handed over together as they are printed.
    fileprivate static let printedBlock = 500

    /// Ten-thousandths as `trim_scale` writes them.
    static func decimal(_ value: Int64) -> String {
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 10_000)
        var text = (value < 0 ? "-" : "") + String(whole)
        guard rest > 0 else { return text }
        var digits = String(rest + 10_000).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        text += "." + digits
        return text
    }

    static func row(_ rows: borrowing QueryResult, _ row: Int) throws -> LibraryDrugRow {
        func text(_ column: Int) throws -> String? {
            guard let value = try rows.value(row, column, as: String?.self), !value.isEmpty else { return nil }
            return value
        }
        var drug = DrugDescription(hospitalDrugCode: "", productName: try text(5) ?? "")
        drug.ypid = try text(0)
        drug.nhsaCode = try text(1)
        drug.standardCode = try text(2)
        drug.approvalNumber = try text(3)
        drug.genericName = try text(4)
        drug.tradeName = try text(6)
        drug.manufacturer = try text(7)
        drug.dosageForm = try text(10)
        drug.strength = try text(11)
        drug.dosageUnit = try text(12)
        drug.packUnit = try text(13)
        drug.conversionFactor = try text(14)
        return LibraryDrugRow(
            description: drug, holder: try text(8), category: try text(9), status: try text(15))
    }

    static func columns(_ rows: borrowing QueryResult, _ row: Int) throws -> [String: String] {
        var columns: [String: String] = [:]
        for (position, name) in names.enumerated() {
            if let value = try rows.value(row, position, as: String?.self), !value.isEmpty { columns[name] = value }
        }
        return columns
    }
}
