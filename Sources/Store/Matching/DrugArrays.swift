import Core
import Postgres

/// The drugs of a group as arrays, one for each column: what one statement takes for all of them.
struct DrugArrays {
    var submissions: [Int32] = []
    var codes: [String] = []
    var hashes: [Fingerprint] = []

    init(_ group: [SubmissionDrugs]) {
        let count = group.reduce(0) { $0 + $1.drugs.count }
        submissions.reserveCapacity(count)
        codes.reserveCapacity(count)
        hashes.reserveCapacity(count)
        for member in group {
            for drug in member.drugs {
                submissions.append(Int32(member.submission.rawValue))
                codes.append(drug.description.hospitalDrugCode)
                hashes.append(drug.hash)
            }
        }
    }

    /// `keys (submission_id, code, hash, n)`
    var unnested: SQL {
        "unnest(\(submissions), \(codes), \(hashes)) WITH ORDINALITY AS keys (submission_id, code, hash, n)"
    }
}

/// Proposals as arrays.
struct ProposalArrays {
    var codes: [String] = []
    var hashes: [Fingerprint] = []
    var descriptions: [String] = []
    var states: [String] = []
    var ypids: [String?] = []
    var methods: [String?] = []
    var levels: [String?] = []
    var scores: [Int16?] = []
    var reasons: [String?] = []
    var candidates: [String] = []
    var evidence: [String] = []

    mutating func append(_ drug: KeyedDrug, _ proposal: MatchProposal) {
        codes.append(drug.description.hospitalDrugCode)
        hashes.append(drug.hash)
        descriptions.append(JSONText.description(drug.description))
        states.append(proposal.state.rawValue)
        ypids.append(proposal.ypid)
        methods.append(proposal.method)
        levels.append(proposal.level)
        scores.append(proposal.score.map { Int16(clamping: $0) })
        reasons.append(proposal.reason)
        candidates.append(JSONText.candidates(proposal.candidates))
        evidence.append(JSONText.evidence(proposal.evidence))
    }

    /// Writes the proposals under institutions, given in the same order. What a person has decided is left alone; an
    /// answer of the comparison itself that is not settled is replaced, and its history says so.
    func write(
        institutions: [Int32], libraryVersion: String?, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        guard !codes.isEmpty else { return }
        try connection.query(
            """
            CREATE TEMPORARY TABLE proposal ON COMMIT DROP AS
            SELECT DISTINCT ON (institution_id, code, hash) * FROM unnest(\(institutions), \(codes), \(hashes),
                \(descriptions), \(states), \(ypids), \(methods), \(levels), \(scores), \(reasons), \(candidates),
                \(evidence)) WITH ORDINALITY AS t (institution_id, code, hash, description, state, ypid, method, level,
                score, reason, candidates, evidence, n)
            ORDER BY institution_id, code, hash, n
            """)
        let updated = try connection.query(
            """
            WITH before AS MATERIALIZED (
                SELECT m.id, m.state, m.ypid, m.decided_by, m.decided_at FROM proposal p
                JOIN yaoce.drug_code_map m ON m.institution_id = p.institution_id AND m.hospital_drug_code = p.code
                    AND m.description_hash = p.hash
                WHERE \(MatchRows.mayBeComparedAgain(libraryVersion)) FOR UPDATE OF m
            ), changed AS (
                UPDATE yaoce.drug_code_map m
                SET state = CASE WHEN m.state = 'invalid_target' AND p.state <> 'approved' THEN m.state ELSE p.state END,
                    ypid = CASE WHEN m.state = 'invalid_target' AND p.state <> 'approved' THEN m.ypid ELSE p.ypid END,
                    method = p.method, level = p.level, score = p.score, reason = p.reason,
                    candidates = p.candidates::jsonb, evidence = p.evidence::jsonb, library_version = \(libraryVersion),
                    decided_by = CASE WHEN p.state IN ('approved', 'ignored', 'no_match') THEN 'auto' END,
                    decided_at = \(time), version = m.version + 1
                FROM proposal p, before b
                WHERE m.id = b.id AND m.institution_id = p.institution_id AND m.hospital_drug_code = p.code
                    AND m.description_hash = p.hash
                RETURNING m.id, m.state, m.ypid, m.reason
            )
            INSERT INTO yaoce.drug_code_history (map_id, at, actor, action, state_before, ypid_before,
                decided_by_before, decided_at_before, state_after, ypid_after, reason, library_version)
            SELECT c.id, \(time), 'auto', 'compare', b.state, b.ypid, b.decided_by, b.decided_at, c.state, c.ypid,
                c.reason, \(libraryVersion)
            FROM changed c JOIN before b USING (id) WHERE c.state <> b.state OR c.ypid IS DISTINCT FROM b.ypid
            RETURNING map_id
            """)
        try connection.query("SELECT yaoce.resolve_named_drugs(\(try updated.column(0, as: Int.self)))")
        try connection.query(
            """
            WITH made AS (
                INSERT INTO yaoce.drug_code_map (institution_id, hospital_drug_code, description_hash, description, state,
                    ypid, library_version, method, level, score, reason, candidates, evidence, decided_by, decided_at,
                    valid_from)
                SELECT institution_id, code, hash, description::jsonb, state, ypid, \(libraryVersion), method, level,
                    score, reason, candidates::jsonb, evidence::jsonb,
                    CASE WHEN state IN ('approved', 'ignored', 'no_match') THEN 'auto' END,
                    CASE WHEN state IN ('approved', 'ignored', 'no_match') THEN \(time) END, \(time)
                FROM proposal ORDER BY n
                ON CONFLICT (institution_id, hospital_drug_code, description_hash) DO NOTHING
                RETURNING institution_id, hospital_drug_code, id
            )
            UPDATE yaoce.drug_code_map m SET valid_to = \(time) FROM made
            WHERE m.institution_id = made.institution_id AND m.hospital_drug_code = made.hospital_drug_code
                AND made.institution_id > 0 AND m.hospital_drug_code <> '' AND m.valid_to IS NULL AND m.id < made.id
            """)
        try connection.query("DROP TABLE proposal")
    }
}
