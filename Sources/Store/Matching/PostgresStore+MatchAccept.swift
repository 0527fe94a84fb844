public import Core
import Postgres

extension PostgresStore {
    /// Accepts the first candidate of every proposal that meets a condition, has nothing against it and is in use in the
    /// library in force. Each is a decision of its own, with its line in the history.
    ///
    /// - Parameter dryRun: only gives what would be accepted.
    /// - Returns: the items, the likeliest first; as they were for a dry run.
    public func acceptMatches(
        _ acceptance: MatchAcceptance, by name: String, at time: Timestamp, dryRun: Bool
    ) async throws -> [MatchItem] {
        guard !name.isEmpty else {
            throw MatchError(problem: .missing(Phrase("请写明是谁作的决定（--by）", "say who decides (--by)")))
        }
        guard try await publishedDrugLibrary() != nil else { throw MatchError(problem: .noLibrary) }
        let condition: SQL = """
            m.state = 'proposed' AND m.institution_id > 0 AND m.valid_to IS NULL AND m.score >= \(acceptance.minimumScore)
            AND (\(acceptance.methods)::text[] IS NULL OR m.method = ANY (\(acceptance.methods)))
            AND (\(acceptance.hospitalCode)::text IS NULL OR i.hospital_code = \(acceptance.hospitalCode))
            AND jsonb_array_length(yaoce.candidates(m.candidates, d) -> 0 -> 'vetoes') = 0
            AND EXISTS (SELECT FROM yaoce.library_drug l JOIN yaoce.library_version v ON v.id = l.version_id
                WHERE v.kind = 'drugs' AND v.is_current AND l.ypid = yaoce.candidates(m.candidates, d) -> 0 ->> 'ypid'
                    AND coalesce(l.status, 'active') NOT IN ('disabled', 'deleted'))
            ORDER BY m.score DESC, m.id LIMIT \(acceptance.limit)
            """
        if dryRun { return try await read { try MatchRows.load(where: condition, $0) } }
        return try await write(
            recording: { $0.isEmpty ? nil : .accepted(acceptance, by: name, at: time) }
        ) { connection in
            // Whoever decides one of them meanwhile waits, and is then told.
            let items = try MatchRows.load(where: "\(condition) FOR UPDATE OF m", connection)
            guard !items.isEmpty else { return [] }
            let ids = items.map(\.item)
            let codes = items.map { $0.candidates.first?.ypid ?? "" }
            try connection.query(
                """
                UPDATE yaoce.drug_code_map m
                SET state = 'approved', ypid = t.ypid, equivalence = 'equal', reason = NULL, decided_by = \(name),
                    decided_at = \(time), version = version + 1
                FROM unnest(\(ids), \(codes)) AS t (id, ypid) WHERE m.id = t.id
                """)
            try connection.query(
                """
                WITH resolved AS MATERIALIZED (SELECT * FROM yaoce.resolve_named_drugs(\(ids)))
                INSERT INTO yaoce.drug_code_history (map_id, at, actor, action, state_before, ypid_before,
                    decided_by_before, decided_at_before, state_after, ypid_after, reason, library_version, resolved,
                    equivalence_after)
                SELECT t.id, \(time), \(name), 'accept', 'proposed', NULL, t.by, t.at, 'approved', t.ypid,
                    'score >= ' || trim_scale(\(acceptance.minimumScore) * 0.01), t.library, coalesce(r.resolved, 0), 'equal'
                FROM unnest(\(ids), \(codes), \(items.map(\.decidedBy)), \(items.map(\.decidedAt)),
                    \(items.map(\.libraryVersion))) WITH ORDINALITY AS t (id, ypid, by, at, library, n)
                LEFT JOIN resolved r ON r.map_id = t.id ORDER BY t.n
                """)
            let now = Dictionary(
                uniqueKeysWithValues: try MatchRows.load(where: "m.id = ANY (\(ids))", connection).map { ($0.item, $0) }
            )
            return ids.compactMap { now[$0] }
        }
    }
}
