public import Core
import Postgres

extension PostgresStore {
    /// For drugs of a comparison file of an institution, whether each has to be compared.
    public func undecided(
        among drugs: [KeyedDrug], hospitalCode: String, libraryVersion: String?
    ) async throws -> [Bool] {
        let keys = DrugArrays(drugs.map { SubmissionDrug(submission: SubmissionID(0), drug: $0) })
        return try await read { connection in
            try connection.query(
                """
                SELECT m.id IS NULL OR \(MatchRows.mayBeComparedAgain(libraryVersion))
                FROM \(keys.unnested)
                LEFT JOIN yaoce.institution i ON i.hospital_code = \(hospitalCode)
                LEFT JOIN yaoce.drug_code_map m ON m.institution_id = i.id
                    AND m.hospital_drug_code = keys.code AND m.description_hash = keys.hash
                ORDER BY keys.n
                """
            ).column(0, as: Bool.self)
        }
    }

    /// Keeps a comparison file as a task, its rows in their order.
    ///
    /// - Parameters:
    ///   - hospitalCode: whose decisions apply and grow; `nil` for a file that stands alone.
    ///   - file: the file's address in the archive, so that the task can be made again.
    ///   - compared: positions in `drugs` with what they came to. Drugs described alike need only one.
    public func addMatchTask(
        source: String, hospitalCode: String?, libraryVersion: String?, drugs: [KeyedDrug],
        compared: [(drug: Int, proposal: MatchProposal)], by name: String, at time: Timestamp,
        file: SHA256Digest? = nil
    ) async throws -> MatchTask {
        return try await write(
            recording: {
                .task(
                    $0.task, source: source, file: file, hospitalCode: hospitalCode, libraryVersion: libraryVersion,
                    by: name, at: time)
            }
        ) { connection in
            let id: Int32 = try connection.query(
                """
                INSERT INTO yaoce.match_task (source_name, hospital_code, library_version, created_at, created_by)
                VALUES (\(source), \(hospitalCode), \(libraryVersion), \(time), \(name)) RETURNING id
                """
            ).single()
            let day = time.shanghaiDay.description.filter { $0 != "-" }
            let digits = "\(id % 1_000_000)"
            let number = "YPID_\(day)_\(String(repeating: "0", count: 6 - digits.count))\(digits)"
            try connection.query("UPDATE yaoce.match_task SET task_no = \(number) WHERE id = \(id)")
            var scope = -id
            if let hospitalCode {
                scope = try connection.query(
                    """
                    INSERT INTO yaoce.institution (hospital_code) VALUES (\(hospitalCode))
                    ON CONFLICT (hospital_code) DO UPDATE SET hospital_code = excluded.hospital_code RETURNING id
                    """
                ).single()
            }
            let isNew: Bool = try connection.query(
                "SELECT NOT EXISTS (SELECT FROM yaoce.drug_code_map WHERE institution_id = \(scope))"
            ).single()
            let written =
                isNew && compared.map(\.drug).elementsEqual(drugs.indices) && drugs.allSatisfy(\.hasPlainCode)
                ? try TaskItems.insert(
                    drugs, compared.map(\.proposal), scope: scope, task: id, libraryVersion, at: time, connection)
                : try TaskItems.takeOver(
                    drugs, compared, scope: scope, task: id, libraryVersion, at: time, connection)
            guard written == drugs.count else {
                throw StoreError(problem: .copyMismatch(table: "match_task_item", sent: drugs.count, taken: written))
            }
            return try MatchTasks.load(where: "t.id = \(id)", connection)[0]
        }
    }

    /// All tasks, the newest first.
    public func matchTasks() async throws -> [MatchTask] {
        try await read { try MatchTasks.load(where: "true", $0) }
    }

    /// A task by its number; `nil` where there is none.
    public func matchTask(_ number: String) async throws -> MatchTask? {
        try await read { try MatchTasks.load(where: "t.task_no = \(number)", $0).first }
    }

    /// The items of a task in the order of its file's rows.
    public func matchItems(ofTask number: String) async throws -> [MatchItem] {
        try await read { connection in
            try MatchRows.load(
                from: """
                    yaoce.match_task t JOIN yaoce.match_task_item ti ON ti.task_id = t.id
                    JOIN yaoce.drug_code_map m ON m.id = ti.map_id
                    """, where: "t.task_no = \(number) ORDER BY ti.row_no", connection)
        }
    }

    /// One item.
    public func matchItem(_ item: Int) async throws -> MatchItem? {
        try await read { try MatchRows.load(where: "m.id = \(item)", $0).first }
    }

    /// Items in a state, first those on which most depends: rows × money × doubt. All open ones for `nil`.
    public func matchItems(in state: MatchState?, hospitalCode: String?, limit: Int) async throws -> [MatchItem] {
        let states = state.map { [$0.rawValue] } ?? MatchState.allCases.filter(\.isOpen).map(\.rawValue)
        return try await read { connection in
            try MatchRows.load(
                where: """
                    m.state = ANY (\(states)) AND (\(hospitalCode)::text IS NULL OR i.hospital_code = \(hospitalCode))
                        AND m.valid_to IS NULL
                    ORDER BY coalesce(m.rows, 0)::numeric * coalesce(m.amount, 0) * (10001 - coalesce(m.score, 0)) DESC,
                        coalesce(m.rows, 0) DESC, m.id
                    LIMIT \(limit)
                    """, connection)
        }
    }

    /// What other institutions decided for the same description: how many, by code (blank: without one), by people or not.
    public func otherDecisions(likeItem item: Int) async throws -> [OtherDecisions] {
        try await read { connection in
            let rows = try connection.query(
                """
                SELECT o.ypid, o.state, count(DISTINCT o.institution_id)
                FROM yaoce.drug_code_map m JOIN yaoce.drug_code_map o ON o.description_hash = m.description_hash
                    AND o.institution_id <> m.institution_id AND o.state IN ('approved', 'ignored', 'no_match')
                    AND o.decided_by <> 'auto'
                WHERE m.id = \(item) GROUP BY 1, 2 ORDER BY 3 DESC, 1
                """)
            return try (0..<rows.count).compactMap { row in
                guard let state = MatchState(rawValue: try rows.value(row, 1)) else { return nil }
                return OtherDecisions(ypid: try rows.value(row, 0), state: state, count: try rows.value(row, 2))
            }
        }
    }
}

/// Writes the rows of a task.
private enum TaskItems {
    private struct Key: Hashable {
        /// Bytes: the database tells texts apart that Swift takes for equal.
        var code: [UInt8]
        var hash: Fingerprint

        init(_ drug: KeyedDrug) {
            code = Array(drug.code.utf8)
            hash = drug.hash
        }
    }

    /// A file of an institution, or of nobody, that has no items yet: straight into the map, each description of a code
    /// once. Gives how many rows the task has.
    static func insert(
        _ drugs: [KeyedDrug], _ proposals: [MatchProposal], scope: Int32, task: Int32, _ libraryVersion: String?,
        at time: Timestamp, _ connection: isolated Connection
    ) throws -> Int {
        var items: [Key: Int] = [:]
        var book = DescriptionBook()
        var waiting: [(key: Key, drug: Int)] = []
        func flush() throws {
            guard !waiting.isEmpty else { return }
            let rows = try encoded(
                waiting.enumerated().map { (drugs[$1.drug], proposals[$1.drug], $0) }, scope: scope, &book, connection)
            let first = try ProposalRows.insert(rows, libraryVersion: libraryVersion, at: time, connection)
            for (place, row) in waiting.enumerated() { items[row.key] = first + place }
            waiting = []
        }
        for (place, drug) in drugs.enumerated() {
            let key = Key(drug)
            guard items[key] == nil else { continue }
            items[key] = 0
            waiting.append((key, place))
            if waiting.count == chunkSize { try flush() }
        }
        try flush()
        return try connection.copyIn(into: "yaoce.match_task_item", columns: ["task_id", "row_no", "map_id"]) {
            writer in
            for (row, drug) in drugs.enumerated() {
                writer.beginRow(fields: 3)
                writer.append(task)
                writer.append(Int32(row + 1))
                writer.append(Int64(items[Key(drug)] ?? 0))
            }
        }
    }

    /// Drugs on their way into the map together.
    private static let chunkSize = 5_000

    /// Some drugs with their numbers, encoded; what is said of them is written.
    private static func encoded(
        _ drugs: [(drug: KeyedDrug, proposal: MatchProposal, number: Int)], scope: Int32, _ book: inout DescriptionBook,
        _ connection: isolated Connection
    ) throws -> EncodedProposals {
        let (numbers, missing) = book.numbers(of: drugs.map { ($0.drug.wording, $0.proposal) })
        let first = try missing.write(connection)
        book.learn(missing, first: first)
        var rows = EncodedProposals()
        for (row, description) in zip(drugs, DescriptionBook.resolved(numbers, first: first)) {
            rows.append(
                ProposalRow(institution: scope, drug: row.drug, description: description, proposal: row.proposal),
                number: row.number)
        }
        return rows
    }

    /// A file of which something may be known.
    static func takeOver(
        _ drugs: [KeyedDrug], _ compared: [(drug: Int, proposal: MatchProposal)], scope: Int32, task: Int32,
        _ libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws -> Int {
        if !compared.isEmpty {
            var book = DescriptionBook()
            try ProposalRows.prepareTable(connection)
            for start in stride(from: 0, to: compared.count, by: chunkSize) {
                let part = compared[start..<min(start + chunkSize, compared.count)]
                try encoded(
                    part.enumerated().map { (drugs[$1.drug], $1.proposal, start + $0 + 1) }, scope: scope, &book,
                    connection
                ).stage(connection)
            }
            var staged = StagedProposals.State()
            staged.inTable = compared.count
            _ = try ProposalRows.takeOver(staged, libraryVersion: libraryVersion, at: time, connection)
        }
        let keys = DrugArrays(drugs.map { SubmissionDrug(submission: SubmissionID(0), drug: $0) })
        return try connection.query(
            """
            INSERT INTO yaoce.match_task_item (task_id, row_no, map_id)
            SELECT \(task), keys.n::integer, m.id FROM \(keys.unnested)
            JOIN yaoce.drug_code_map m ON m.institution_id = \(scope) AND m.hospital_drug_code = keys.code
                AND m.description_hash = keys.hash
            """
        ).affectedRows
    }
}

/// Tasks as the database has them.
enum MatchTasks {
    static func load(where condition: SQL, _ connection: isolated Connection) throws -> [MatchTask] {
        let rows = try connection.query(
            """
            SELECT t.task_no, t.source_name, t.hospital_code, t.library_version, t.created_at, t.created_by,
                coalesce(c.states, '{}'), coalesce(c.counts, '{}')
            FROM yaoce.match_task t LEFT JOIN LATERAL (
                SELECT array_agg(state) AS states, array_agg(n) AS counts FROM (
                    SELECT m.state, count(*) AS n FROM yaoce.match_task_item ti
                    JOIN yaoce.drug_code_map m ON m.id = ti.map_id WHERE ti.task_id = t.id GROUP BY 1) x) c ON true
            WHERE \(condition) ORDER BY t.id DESC
            """)
        return try (0..<rows.count).map { row in
            let states: [String] = try rows.value(row, 6)
            let counts: [Int] = try rows.value(row, 7)
            return MatchTask(
                task: try rows.value(row, 0), source: try rows.value(row, 1), hospitalCode: try rows.value(row, 2),
                libraryVersion: try rows.value(row, 3), createdAt: try rows.value(row, 4),
                createdBy: try rows.value(row, 5), total: counts.reduce(0, +),
                states: Dictionary(uniqueKeysWithValues: zip(states, counts)))
        }
    }
}
