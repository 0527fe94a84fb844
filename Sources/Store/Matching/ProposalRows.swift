import Core
import Postgres

/// Writes what was staged.
enum ProposalRows {
    /// Makes the table, or empties it.
    static func prepareTable(_ connection: isolated Connection) throws {
        let exists: Bool = try connection.query("SELECT to_regclass('pg_temp.yaoce_proposal') IS NOT NULL").single()
        guard !exists else {
            try connection.query("TRUNCATE pg_temp.yaoce_proposal")
            return
        }
        try connection.query(
            """
            CREATE TEMPORARY TABLE yaoce_proposal (n bigint, description_id bigint, place integer, institution_id integer,
                score smallint, code text, hash uuid, state text, ypid text, method text, level text, reason text,
                decided_by text, equivalence text)
            """)
    }

    /// Takes everything over and gives the items, in the order in which the drugs were staged. What a person has decided
    /// is left alone; an answer of the comparison itself that is not settled is replaced, and its history says so.
    static func takeOver(
        _ staged: consuming StagedProposals.State, libraryVersion: String?, at time: Timestamp,
        _ connection: isolated Connection
    ) throws -> [Int] {
        var staged = staged
        guard staged.count > 0 else { return [] }
        var items = [Int](repeating: 0, count: staged.count)
        try requireTable(staged.inTable, connection)
        if !staged.newNumbers.isEmpty {
            // Another worker, or a comparison file, may have been quicker; then the drugs go the way of all others.
            let isTaken: Bool = try connection.query(
                """
                SELECT EXISTS (SELECT FROM unnest(\(Array(staged.owners.keys))) AS i (id)
                    WHERE EXISTS (SELECT FROM yaoce.drug_code_map m WHERE m.institution_id = i.id))
                """
            ).single()
            if isTaken {
                if staged.inTable == 0 { try prepareTable(connection) }
                for held in staged.held { try held.stage(connection) }
                staged.inTable += staged.heldCount
            } else {
                let first = try takeOverNew(staged, libraryVersion: libraryVersion, at: time, connection)
                for (place, number) in staged.newNumbers.enumerated() { items[Int(number) - 1] = first + place }
                staged.inTable -= staged.newInTable
            }
        }
        if staged.inTable > 0 {
            try takeOverTable(libraryVersion: libraryVersion, at: time, connection)
            try connection.forEachBlock(
                of: """
                    SELECT p.n, m.id FROM pg_temp.yaoce_proposal p
                    JOIN yaoce.drug_code_map m ON m.institution_id = p.institution_id
                        AND m.hospital_drug_code = p.code AND m.description_hash = p.hash
                    """
            ) { found in
                for row in 0..<found.count {
                    items[try found.value(row, 0, as: Int.self) - 1] = try found.value(row, 1)
                }
            }
        }
        guard !items.contains(0) else {
            throw StoreError(
                problem: .copyMismatch(
                    table: "drug_code_map", sent: items.count, taken: items.count { $0 != 0 }))
        }
        return items
    }

    /// Copies drugs that nobody has described yet into the map; gives the item of the first, which the others follow.
    static func insert(
        _ rows: EncodedProposals, libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws -> Int {
        let first = try items(rows.count, connection)
        try EncodedProposals.insert([rows], first: first, libraryVersion: libraryVersion, at: time, connection)
        return first
    }

    /// Takes numbers for so many items; gives the first.
    private static func items(_ count: Int, _ connection: isolated Connection) throws -> Int {
        // Whoever gives numbers does it alone, so they follow one another.
        let last: Int = try connection.query(
            """
            SELECT setval('yaoce.drug_code_map_id_seq', nextval('yaoce.drug_code_map_id_seq') + \(count - 1))
            """
        ).single()
        return last - count + 1
    }

    /// The drugs of new institutions, which cannot meet an item: those that are held, and those in the table, which are
    /// gone from there afterwards.
    private static func takeOverNew(
        _ staged: StagedProposals.State, libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws -> Int {
        let first = try items(staged.newNumbers.count, connection)
        if !staged.held.isEmpty {
            try EncodedProposals.insert(
                staged.held, first: first, libraryVersion: libraryVersion, at: time, connection)
        }
        guard staged.newInTable > 0 else { return first }
        let made = try connection.query(
            """
            INSERT INTO yaoce.drug_code_map (id, institution_id, hospital_drug_code, description_hash, description_id,
                state, ypid, library_version, method, level, score, reason, decided_by, decided_at, valid_from, equivalence)
            OVERRIDING SYSTEM VALUE
            SELECT \(first) + place, institution_id, code, hash, description_id, state, ypid, \(libraryVersion), method,
                level, score, reason, decided_by, CASE WHEN decided_by IS NOT NULL THEN \(time) END, \(time), equivalence
            FROM pg_temp.yaoce_proposal WHERE place IS NOT NULL
            """
        ).affectedRows
        guard made == staged.newInTable else {
            throw StoreError(
                problem: .copyMismatch(table: "drug_code_map", sent: staged.newInTable, taken: made))
        }
        if staged.inTable > staged.newInTable {
            try connection.query("DELETE FROM pg_temp.yaoce_proposal WHERE place IS NOT NULL")
        }
        return first
    }

    /// A connection that was lost in between has lost its table with it.
    private static func requireTable(_ staged: Int, _ connection: isolated Connection) throws {
        guard staged > 0 else { return }
        let found: Bool = try connection.query("SELECT to_regclass('pg_temp.yaoce_proposal') IS NOT NULL").single()
        let held: Int = found ? try connection.query("SELECT count(*) FROM pg_temp.yaoce_proposal").single() : 0
        guard held == staged else {
            throw StoreError(problem: .copyMismatch(table: "drug_code_map", sent: staged, taken: held))
        }
    }

    private static func takeOverTable(
        libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        // Without statistics a plan may read the whole map for every proposal.
        try connection.query("ANALYZE pg_temp.yaoce_proposal (institution_id, code, hash)")
        try replace(libraryVersion, at: time, connection)
        // A row that came twice in one list is inserted once.
        let made = try connection.query(
            """
            INSERT INTO yaoce.drug_code_map (institution_id, hospital_drug_code, description_hash, description_id, state,
                ypid, library_version, method, level, score, reason, decided_by, decided_at, valid_from, equivalence)
            SELECT institution_id, code, hash, description_id, state, ypid, \(libraryVersion), method, level, score,
                reason, decided_by, CASE WHEN decided_by IS NOT NULL THEN \(time) END, \(time), equivalence
            FROM pg_temp.yaoce_proposal ORDER BY n
            ON CONFLICT (institution_id, hospital_drug_code, description_hash) DO NOTHING
            """
        ).affectedRows
        if made > 0 { try closeEarlier(at: time, connection) }
    }

    /// Answers of the comparison itself that are open, under a newer library.
    private static func replace(
        _ libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        let updated = try connection.query(
            """
            WITH before AS MATERIALIZED (
                SELECT m.id, m.state, m.ypid, m.decided_by, m.decided_at FROM yaoce.drug_code_map m
                WHERE m.id IN (SELECT x.id FROM pg_temp.yaoce_proposal p JOIN yaoce.drug_code_map x
                    ON x.institution_id = p.institution_id AND x.hospital_drug_code = p.code
                    AND x.description_hash = p.hash)
                    AND \(MatchRows.mayBeComparedAgain(libraryVersion)) FOR UPDATE OF m
            ), changed AS (
                UPDATE yaoce.drug_code_map m
                SET state = CASE WHEN m.state = 'invalid_target' AND p.state <> 'approved' THEN m.state ELSE p.state END,
                    ypid = CASE WHEN m.state = 'invalid_target' AND p.state <> 'approved' THEN m.ypid ELSE p.ypid END,
                    method = p.method, level = p.level, score = p.score, reason = p.reason,
                    description_id = p.description_id, candidates = NULL, library_version = \(libraryVersion),
                    decided_by = p.decided_by, decided_at = \(time), version = m.version + 1, equivalence = p.equivalence
                FROM pg_temp.yaoce_proposal p, before b
                WHERE m.id = b.id AND m.institution_id = p.institution_id AND m.hospital_drug_code = p.code
                    AND m.description_hash = p.hash
                RETURNING m.id, m.state, m.ypid, m.reason
            )
            INSERT INTO yaoce.drug_code_history (map_id, at, actor, action, state_before, ypid_before,
                decided_by_before, decided_at_before, state_after, ypid_after, reason, library_version,
                equivalence_after)
            SELECT c.id, \(time), 'auto', 'compare', b.state, b.ypid, b.decided_by, b.decided_at, c.state, c.ypid,
                c.reason, \(libraryVersion), CASE WHEN c.state = 'approved' THEN 'equal' END
            FROM changed c JOIN before b USING (id) WHERE c.state <> b.state OR c.ypid IS DISTINCT FROM b.ypid
            RETURNING map_id
            """)
        guard updated.count > 0 else { return }
        try connection.query("SELECT yaoce.resolve_named_drugs(\(try updated.column(0, as: Int.self)))")
    }

    /// A code described anew: the description before is past. Files that stand alone have no past.
    private static func closeEarlier(at time: Timestamp, _ connection: isolated Connection) throws {
        try connection.query(
            """
            WITH last AS (
                SELECT DISTINCT ON (p.institution_id, p.code) m.id, p.institution_id, p.code
                FROM pg_temp.yaoce_proposal p JOIN yaoce.drug_code_map m ON m.institution_id = p.institution_id
                    AND m.hospital_drug_code = p.code AND m.description_hash = p.hash
                WHERE p.institution_id > 0 AND p.code <> '' ORDER BY p.institution_id, p.code, p.n DESC
            )
            UPDATE yaoce.drug_code_map m SET valid_to = \(time) FROM last
            WHERE m.institution_id = last.institution_id AND m.hospital_drug_code = last.code
                AND m.valid_to IS NULL AND m.id <> last.id
            """)
    }
}
