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
                let named = try ComparedDrugs.add(submissions, to: &references, connection)
                let version = try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first
                references.libraryVersion = version?.version
                guard let version else { return references }
                known.use(version: version.version)
                try LibraryEntries.add(named, known, libraryRows: version.rows, to: &references, connection)
                return references
            }
        }
    }

    /// All codes of the published drug library; `nil` where none is published.
    public func drugCodes() async throws -> TextRows? {
        try await read { connection in
            try connection.withTransaction(named: "drugCodes") { connection in
                guard let version = try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first
                else { return nil }
                var codes = TextRows(columnCount: 1)
                codes.reserve(rows: version.rows)
                try connection.forEachCopied(
                    of: "SELECT ypid FROM yaoce.library_drug WHERE version_id = \(LibraryEntries.current)", columns: 1
                ) { row, fields in
                    codes.append(row.extracting(fields[0]))
                    codes.endRow()
                }
                return codes
            }
        }
    }
}

/// What the comparison says of drugs, as rules before the load want it.
private enum ComparedDrugs {
    /// Adds what was decided, and gives the codes that the catalogues name, each once: as they were compared, which is as
    /// they came but for blanks around them.
    static func add(
        _ submissions: [SubmissionID], to references: inout DrugReferences, _ connection: isolated Connection
    ) throws -> DistinctCodes {
        if let range = try ItemRange(of: submissions, connection) { return try add(range, to: &references, connection) }
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
        return named
    }

    /// The same where the items stand together.
    private static func add(
        _ range: ItemRange, to references: inout DrugReferences, _ connection: isolated Connection
    ) throws -> DistinctCodes {
        var matches = range.counts.map { DrugMatches(expecting: $0) }
        var descriptions: [Int] = []
        descriptions.reserveCapacity(range.counts.reduce(0, +))
        try range.forEach(
            [
                "description_id", "hospital_drug_code", "state", "CASE WHEN state = 'approved' THEN ypid END", "method",
                "score",
            ], connection
        ) { submission, row, fields in
            if let description = fields.number(1, in: row) { descriptions.append(Int(description)) }
            for field in 2...5 { matches[submission].append(cell: row.extracting(fields[field])) }
            matches[submission].endDrug(score: fields.number(6, in: row).map { Int($0) })
        }
        for (submission, matches) in zip(range.submissions, matches) { references.matches[submission] = matches }
        return try codes(of: descriptions, connection)
    }

    /// Descriptions that are asked for by their numbers in one statement.
    private static let descriptionsAtOnce = 10_000

    /// The codes in rows of `yaoce.drug_description`: one look at a part of the table where their numbers are close.
    private static func codes(of descriptions: [Int], _ connection: isolated Connection) throws -> DistinctCodes {
        var named = DistinctCodes(expecting: descriptions.count)
        guard let first = descriptions.min(), let last = descriptions.max() else { return named }
        if last - first < descriptions.count * ItemRange.sparsest {
            var isMeant = [Bool](repeating: false, count: last - first + 1)
            for description in descriptions { isMeant[description - first] = true }
            try connection.forEachCopied(
                of: """
                    SELECT id, btrim(ypid) FROM yaoce.drug_description WHERE id BETWEEN \(first) AND \(last)
                    """, columns: 2
            ) { row, fields in
                guard let number = fields.number(0, in: row), isMeant[Int(number) - first] else { return }
                named.insert(row.extracting(fields[1]))
            }
            return named
        }
        var rest = Set(descriptions).sorted()[...]
        while !rest.isEmpty {
            let some = Array(rest.prefix(descriptionsAtOnce))
            rest = rest.dropFirst(descriptionsAtOnce)
            let rows = try connection.query(
                "SELECT btrim(ypid) FROM yaoce.drug_description WHERE id = ANY (\(some))")
            for row in 0..<rows.count { try rows.withBytes(row, 0) { named.insert($0) } }
        }
        return named
    }
}
