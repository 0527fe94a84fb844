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
                    for row in 0..<rows.count { codes.append([try rows.value(row, 0, as: String.self)]) }
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

    /// Adds what was decided, and gives the codes that the catalogues name: as they were compared, which is as they came
    /// but for blanks around them.
    static func addMatches(
        of submissions: [SubmissionID], to references: inout DrugReferences, _ connection: isolated Connection
    ) throws -> Set<String> {
        let compared = try connection.query(
            """
            SELECT submission_id, cardinality(map_ids) FROM yaoce.submission_comparison
            WHERE submission_id = ANY (\(submissions))
            """)
        var found: [SubmissionID: DrugMatches] = [:]
        for row in 0..<compared.count {
            found[try compared.value(row, 0)] = DrugMatches(expecting: try compared.value(row, 1))
        }
        var named: Set<String> = []
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
                found[try rows.value(row, 0), default: DrugMatches(expecting: 0)].append(
                    code: try rows.value(row, 1), state: try rows.value(row, 2), ypid: try rows.value(row, 3),
                    method: try rows.value(row, 4), score: try rows.value(row, 5))
                if let code = try rows.value(row, 6, as: String?.self) { named.insert(code) }
            }
        }
        references.matches = found
        return named
    }

    /// The entries of the codes.
    static func addEntries(
        _ named: Set<String>, _ known: KnownDrugEntries, to references: inout DrugReferences,
        _ connection: isolated Connection
    ) throws {
        references.entries = DrugEntries(expecting: named.count)
        var rest = known.take(named, into: &references.entries)[...]
        while !rest.isEmpty {
            let codes = Array(rest.prefix(codesAtOnce))
            rest = rest.dropFirst(codesAtOnce)
            let fetched = try entries(of: codes, connection)
            known.learn(fetched, of: codes)
            for row in 0..<fetched.rows.count { references.entries.append(row: row, of: fetched) }
        }
    }

    private static func entries(of codes: [String], _ connection: isolated Connection) throws -> DrugEntries {
        var entries = DrugEntries()
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
            var cells = [String?](repeating: nil, count: DrugEntries.columns.count)
            for row in 0..<rows.count {
                for position in cells.indices { cells[position] = try rows.value(row, position) }
                entries.append(cells: cells)
            }
        }
        return entries
    }
}
