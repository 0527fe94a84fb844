import Core
import Postgres

/// Entries of the drug library as rules before the load want them.
enum LibraryEntries {
    /// Codes that are asked for in one statement.
    private static let codesAtOnce = 10_000
    /// From so many codes on, where they are one in so many of the library's, the library is read from one end to the
    /// other instead: by index an entry takes several times as long.
    private static let many = 2_000
    private static let share = 5

    /// The number of the version in force.
    static let current = "(SELECT id FROM yaoce.library_version WHERE kind = 'drugs' AND is_current)"

    /// Adds the entries of some codes. Where the whole library is read for so many that they are not remembered, its other
    /// codes come with them.
    static func add(
        _ named: DistinctCodes, _ known: KnownDrugEntries, libraryRows: Int, to references: inout DrugReferences,
        _ connection: isolated Connection
    ) throws {
        references.entries = DrugEntries(expecting: named.rows.count)
        let missing = known.take(named.rows, into: &references.entries)
        let isRemembered = known.hasRoom(for: missing.count)
        let readsAll = missing.count >= many && missing.count * share >= libraryRows
        guard isRemembered else {
            if readsAll {
                var others = TextRows(columnCount: 1)
                try readAll(missing, of: named, into: &references.entries, others: &others, connection)
                references.otherCodes = others
            } else {
                try ask(missing, of: named, connection) { try append($0, to: &references.entries) }
            }
            return
        }
        var fetched = DrugEntries()
        if readsAll {
            var others = TextRows(columnCount: 1)
            try readAll(missing, of: named, into: &fetched, others: &others, connection)
        } else {
            try ask(missing, of: named, connection) { try append($0, to: &fetched) }
        }
        known.learn(fetched, of: missing.compactMap { named.rows.string(row: $0, column: 0) })
        for row in 0..<fetched.rows.count { references.entries.append(row: row, of: fetched) }
    }

    private static func select(factor: String) -> String {
        """
        SELECT d.ypid, d.approval_number, d.generic_name, d.product_name, d.manufacturer, d.holder, d.category,
            d.dosage_form, d.strength, d.dosage_unit, d.pack_unit, \(factor), d.is_essential::integer::text,
            d.is_central_procurement::integer::text, d.extra ->> 'is_consistency_evaluated', d.status,
            d.valid_from::text, d.valid_to::text, d.successor_ypid
        FROM yaoce.library_drug d WHERE d.version_id = \(current)
        """
    }

    /// Asks for codes by the index.
    private static func ask(
        _ rows: [Int], of named: DistinctCodes, _ connection: isolated Connection,
        _ body: (borrowing QueryResult) throws -> Void
    ) throws {
        let select = SQL(unchecked: select(factor: "trim_scale(d.conversion_factor * 0.0001)::text"))
        var rest = rows[...]
        while !rest.isEmpty {
            let codes = rest.prefix(codesAtOnce).compactMap { named.rows.string(row: $0, column: 0) }
            rest = rest.dropFirst(codesAtOnce)
            try connection.forEachBlock(of: "\(select) AND d.ypid = ANY (\(codes))", body)
        }
    }

    private static func append(_ rows: borrowing QueryResult, to entries: inout DrugEntries) throws {
        for row in 0..<rows.count {
            for column in DrugEntries.columns.indices {
                try rows.withBytes(row, column) { entries.append(cell: $0) }
            }
            entries.endEntry()
        }
    }

    /// Reads the library once: of the codes that are meant the entries, of all that are not named the codes.
    private static func readAll(
        _ meant: [Int], of named: DistinctCodes, into entries: inout DrugEntries, others: inout TextRows,
        _ connection: isolated Connection
    ) throws {
        var isMeant = [Bool](repeating: false, count: named.rows.count)
        for row in meant { isMeant[row] = true }
        let factorColumn = DrugEntries.columns.firstIndex(of: "conversion_factor") ?? 0
        try connection.forEachCopied(
            of: select(factor: "d.conversion_factor"), columns: DrugEntries.columns.count
        ) { row, fields in
            let code = row.extracting(fields[0])
            guard let number = named.row(of: code) else {
                others.append(code)
                return others.endRow()
            }
            guard isMeant[number] else { return }
            for column in 0..<factorColumn { entries.append(cell: row.extracting(fields[column])) }
            // As a text PostgreSQL would need a quarter longer for all of it.
            let factor = fields.number(factorColumn, in: row).map { LibraryDrugs.decimal($0) } ?? ""
            entries.append(cell: factor.utf8.span)
            for column in factorColumn + 1..<DrugEntries.columns.count {
                entries.append(cell: row.extracting(fields[column]))
            }
            entries.endEntry()
        }
    }
}

/// Texts, each once.
struct DistinctCodes {
    private(set) var rows = TextRows(columnCount: 1)
    private var index: TextIndex

    init(expecting count: Int = 0) {
        index = TextIndex(expecting: count)
        rows.reserve(rows: count)
    }

    mutating func insert(_ code: Span<UInt8>) {
        guard !code.isEmpty, index.row(of: code, in: rows) == nil else { return }
        rows.append(code)
        rows.endRow()
        index.insert(rows.count - 1, of: rows)
    }

    /// The row of a text.
    func row(of code: Span<UInt8>) -> Int? { index.row(of: code, in: rows) }
}
