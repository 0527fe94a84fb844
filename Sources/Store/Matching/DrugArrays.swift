import Core
import Postgres

/// Drugs as arrays, one for each column: what one statement takes for all of them.
struct DrugArrays {
    var submissions: [Int32] = []
    var codes: [String] = []
    var hashes: [Fingerprint] = []

    init(_ drugs: [SubmissionDrug]) {
        submissions = drugs.map { Int32($0.submission.rawValue) }
        codes = drugs.map(\.drug.description.hospitalDrugCode)
        hashes = drugs.map(\.drug.hash)
    }

    /// `keys (submission_id, code, hash, n)`
    var unnested: SQL {
        "unnest(\(submissions), \(codes), \(hashes)) WITH ORDINALITY AS keys (submission_id, code, hash, n)"
    }
}

/// A proposal for a drug of an institution, or of a file that stands alone.
struct ProposalRow: Sendable {
    var institution: Int32
    var drug: KeyedDrug
    var proposal: MatchProposal
}

/// Writes proposals. They are staged in a table that only this connection sees, chunk by chunk and outside of any other
/// transaction; one transaction takes all of them over, so that their numbers are those of the transaction.
enum ProposalRows {
    /// Adds rows to those staged before; from 0 begins anew.
    static func stage(_ rows: [ProposalRow], from staged: Int, _ connection: isolated Connection) throws {
        let exists: Bool = try connection.query(
            "SELECT to_regclass('pg_temp.yaoce_proposal') IS NOT NULL"
        ).single()
        if !exists {
            try connection.query(
                """
                CREATE TEMPORARY TABLE yaoce_proposal (n bigint, institution_id integer, code text, hash uuid,
                    description jsonb, state text, ypid text, method text, level text, score smallint, reason text,
                    candidates jsonb, evidence jsonb)
                """)
        } else if staged == 0 {
            try connection.query("TRUNCATE pg_temp.yaoce_proposal")
        }
        guard !rows.isEmpty else { return }
        try copy(rows, from: staged, connection)
    }

    /// Takes so many staged rows over. What a person has decided is left alone; an answer of the comparison itself that is
    /// not settled is replaced, and its history says so.
    static func takeOver(
        _ staged: Int, libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        guard staged > 0 else { return }
        // A connection that was lost in between has lost its table with it.
        let found: Int = try connection.query(
            """
            SELECT CASE WHEN to_regclass('pg_temp.yaoce_proposal') IS NULL THEN 0 ELSE 1 END::bigint
            """
        ).single()
        var held = 0
        if found > 0 { held = try connection.query("SELECT count(*) FROM pg_temp.yaoce_proposal").single() }
        guard held == staged else {
            throw StoreError(problem: .copyMismatch(table: "drug_code_map", sent: staged, taken: held))
        }
        // Without statistics a plan may read the whole map for every proposal.
        try connection.query("ANALYZE pg_temp.yaoce_proposal")
        try replace(libraryVersion, at: time, connection)
        // A row that came twice in one list is inserted once.
        let made = try connection.query(
            """
            INSERT INTO yaoce.drug_code_map (institution_id, hospital_drug_code, description_hash, description, state,
                ypid, library_version, method, level, score, reason, candidates, evidence, decided_by, decided_at,
                valid_from, equivalence)
            SELECT institution_id, code, hash, description, state, ypid, \(libraryVersion), method, level,
                score, reason, candidates, evidence,
                CASE WHEN state IN ('approved', 'ignored', 'no_match') THEN 'auto' END,
                CASE WHEN state IN ('approved', 'ignored', 'no_match') THEN \(time) END, \(time),
                CASE WHEN state = 'approved' THEN 'equal' END
            FROM pg_temp.yaoce_proposal ORDER BY n
            ON CONFLICT (institution_id, hospital_drug_code, description_hash) DO NOTHING
            """
        ).affectedRows
        if made > 0 { try closeEarlier(at: time, connection) }
    }

    private static func copy(_ rows: [ProposalRow], from staged: Int, _ connection: isolated Connection) throws {
        let columns = [
            "n", "institution_id", "code", "hash", "description", "state", "ypid", "method", "level", "score", "reason",
            "candidates", "evidence",
        ]
        try connection.copyIn(into: "pg_temp.yaoce_proposal", columns: columns) { writer in
            var number = Int64(staged)
            for row in rows {
                number += 1
                let proposal = row.proposal
                writer.beginRow(fields: Int16(columns.count))
                writer.append(number)
                writer.append(row.institution)
                writer.append(row.drug.description.hospitalDrugCode)
                writer.appendEncoded(row.drug.hash)
                writer.append(jsonb: JSONText.description(row.drug.description))
                writer.append(proposal.state.rawValue)
                writer.append(proposal.ypid)
                writer.append(proposal.method)
                writer.append(proposal.level)
                writer.append(proposal.score.map { Int16(clamping: $0) })
                writer.append(proposal.reason)
                writer.append(jsonb: JSONText.candidates(proposal.candidates))
                writer.append(jsonb: JSONText.evidence(proposal.evidence))
            }
        }
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
                    candidates = p.candidates, evidence = p.evidence, library_version = \(libraryVersion),
                    decided_by = CASE WHEN p.state IN ('approved', 'ignored', 'no_match') THEN 'auto' END,
                    decided_at = \(time), version = m.version + 1,
                    equivalence = CASE WHEN p.state = 'approved' THEN 'equal' END
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
