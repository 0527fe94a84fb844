public import Core
import Postgres

extension PostgresStore {
    /// What the rules before the load need of the drug library and the comparison for some submissions: the entries
    /// whose codes their catalogues name, and what was decided.
    public func drugReferences(
        for submissions: [SubmissionID], knowing known: KnownDrugEntries
    ) async throws -> DrugReferences {
        try await read { connection in
            try connection.withTransaction(named: "drugReferences") { connection in
                var references = DrugReferences()
                let named = try DrugReferenceRows.addMatches(of: submissions, to: &references, connection)
                let version = try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first
                references.libraryVersion = version?.version
                guard let version else { return references }
                known.use(version: version.version)
                try DrugReferenceRows.addEntries(named, known, to: &references, connection)
                return references
            }
        }
    }

    /// All codes of the published drug library; `nil` where none is published.
    public func drugCodes() async throws -> TextRows? {
        try await read { connection in
            try connection.withTransaction(named: "drugCodes") { connection in
                guard try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first != nil else {
                    return nil
                }
                var codes = TextRows(columnCount: 1)
                try connection.forEachBlock(
                    of: """
                        SELECT d.ypid FROM yaoce.library_drug d JOIN yaoce.library_version v ON v.id = d.version_id
                        WHERE v.kind = 'drugs' AND v.is_current
                        """
                ) { rows in
                    for row in 0..<rows.count {
                        try rows.withBytes(row, 0) { codes.append($0) }
                        codes.endRow()
                    }
                }
                return codes
            }
        }
    }
}

/// Rows of library and comparison as rules before the load want them.
private enum DrugReferenceRows {
    /// Codes that are asked for in one statement.
    private static let codesAtOnce = 10_000

    /// Adds what was decided, and gives the codes that the catalogues name, each once: as they were compared, which is as
    /// they came but for blanks around them.
    static func addMatches(
        of submissions: [SubmissionID], to references: inout DrugReferences, _ connection: isolated Connection
    ) throws -> TextRows {
        let compared = try connection.query(
            """
            SELECT submission_id, cardinality(map_ids) FROM yaoce.submission_comparison
            WHERE submission_id = ANY (\(submissions))
            """)
        var found: [SubmissionID: DrugMatches] = [:]
        for row in 0..<compared.count {
            found[try compared.value(row, 0)] = DrugMatches(expecting: try compared.value(row, 1))
        }
        var named = DistinctCodes()
        // What is added to is taken out: a submission's rows stand together, and nothing is looked up for each.
        var current: (submission: SubmissionID, matches: DrugMatches)?
        try connection.forEachBlock(
            of: """
                SELECT c.submission_id, m.hospital_drug_code, m.state,
                    CASE WHEN m.state = 'approved' THEN m.ypid END, m.method, m.score, btrim(d.ypid)
                FROM yaoce.submission_comparison c CROSS JOIN LATERAL unnest(c.map_ids) AS u (id)
                JOIN yaoce.drug_code_map m ON m.id = u.id
                JOIN yaoce.drug_description d ON d.id = m.description_id
                WHERE c.submission_id = ANY (\(submissions))
                """
        ) { rows in
            for row in 0..<rows.count {
                let submission: SubmissionID = try rows.value(row, 0)
                if current?.submission != submission {
                    if let current { found[current.submission] = current.matches }
                    current = (submission, found.removeValue(forKey: submission) ?? DrugMatches(expecting: 0))
                }
                for column in 1...4 { try rows.withBytes(row, column) { current?.matches.append(cell: $0) } }
                current?.matches.endDrug(score: try rows.value(row, 5))
                try rows.withBytes(row, 6) { named.insert($0) }
            }
        }
        if let current { found[current.submission] = current.matches }
        references.matches = found
        return named.rows
    }

    /// The entries of the codes.
    static func addEntries(
        _ named: TextRows, _ known: KnownDrugEntries, to references: inout DrugReferences,
        _ connection: isolated Connection
    ) throws {
        references.entries = DrugEntries(expecting: named.count)
        var rest = known.take(named, into: &references.entries)[...]
        let isRemembered = known.hasRoom(for: rest.count)
        while !rest.isEmpty {
            let codes = rest.prefix(codesAtOnce).compactMap { named.string(row: $0, column: 0) }
            rest = rest.dropFirst(codesAtOnce)
            if isRemembered {
                var fetched = DrugEntries()
                try append(codes, to: &fetched, connection)
                known.learn(fetched, of: codes)
                for row in 0..<fetched.rows.count { references.entries.append(row: row, of: fetched) }
            } else {
                try append(codes, to: &references.entries, connection)
            }
        }
    }

    private static func append(
        _ codes: [String], to entries: inout DrugEntries, _ connection: isolated Connection
    ) throws {
        try connection.forEachBlock(
            of: """
                SELECT d.ypid, d.approval_number, d.generic_name, d.product_name, d.manufacturer, d.holder, d.category,
                    d.dosage_form, d.strength, d.dosage_unit, d.pack_unit,
                    trim_scale(d.conversion_factor * 0.0001)::text, d.is_essential::integer::text,
                    d.is_central_procurement::integer::text, d.extra ->> 'is_consistency_evaluated', d.status,
                    d.valid_from::text, d.valid_to::text, d.successor_ypid
                FROM yaoce.library_drug d
                JOIN yaoce.library_version v ON v.id = d.version_id AND v.kind = 'drugs' AND v.is_current
                WHERE d.ypid = ANY (\(codes))
                """
        ) { rows in
            for row in 0..<rows.count {
                for column in DrugEntries.columns.indices {
                    try rows.withBytes(row, column) { entries.append(cell: $0) }
                }
                entries.endEntry()
            }
        }
    }
}

/// Texts, each once.
private struct DistinctCodes {
    private(set) var rows = TextRows(columnCount: 1)
    private var index = TextIndex()

    mutating func insert(_ code: Span<UInt8>) {
        guard !code.isEmpty, index.row(of: code, in: rows) == nil else { return }
        rows.append(code)
        rows.endRow()
        index.insert(rows.count - 1, of: rows)
    }
}
