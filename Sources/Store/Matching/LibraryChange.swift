public import Core
import Postgres

extension PostgresStore {
    /// What publishing a version at a moment did, by institution; institutions without a change are left out.
    public func libraryImpact(ofVersion version: String, publishedAt time: Timestamp) async throws -> [LibraryImpact] {
        try await read { connection in
            try LibraryImpacts.load(
                """
                SELECT i.hospital_code, l.followed, l.requeued, l.changed, l.restored
                FROM yaoce.library_impact l JOIN yaoce.institution i ON i.id = l.institution_id
                WHERE l.library_version = \(version) AND l.published_at = \(time)
                ORDER BY i.hospital_code
                """, connection)
        }
    }

    /// What publishing a version would do, by institution. Nothing is changed.
    public func libraryImpact(ofPublishing version: String) async throws -> [LibraryImpact] {
        try await write { connection in
            let new = try LibraryDrugs.version(version, connection)
            let old = try LibraryVersions.current(.drugs, connection)
            guard old != new else { return [] }
            try LibraryChange.plan(from: old, to: new, version: version, connection)
            let impacts = try LibraryImpacts.load(
                """
                SELECT i.hospital_code, count(*) FILTER (WHERE m.action = 'rename')::integer,
                    count(*) FILTER (WHERE m.action = 'requeue')::integer,
                    count(*) FILTER (WHERE m.action = 'change')::integer,
                    count(*) FILTER (WHERE m.action = 'restore')::integer
                FROM moved m JOIN yaoce.institution i ON i.id = m.institution_id GROUP BY 1 ORDER BY 1
                """, connection)
            try connection.query("DROP TABLE gone, altered, moved")
            return impacts
        }
    }
}

private enum LibraryImpacts {
    static func load(_ sql: SQL, _ connection: isolated Connection) throws -> [LibraryImpact] {
        let rows = try connection.query(sql)
        return try (0..<rows.count).map { row in
            LibraryImpact(
                hospitalCode: try rows.value(row, 0), followed: try rows.value(row, 1),
                requeued: try rows.value(row, 2), changed: try rows.value(row, 3), restored: try rows.value(row, 4))
        }
    }
}

/// A new version of the drug library on what institutions' drugs are tied to.
///
/// A code that the new version no longer has in use names its successor there or, where it is gone altogether, in the
/// version before. One code with one successor that was not in use before was renamed: decisions follow it. Several
/// successors (`A;B`) are a split, a successor of several codes or one that was in use before is a merger, none is a
/// retirement: those decisions are queued again. So are decisions on a code that stays in use and now says something else.
enum LibraryChange {
    /// What of an entry makes it another drug; a new holder or price does not.
    private static let substance = [
        "product_name", "generic_name", "dosage_form", "strength", "conversion_factor", "approval_number",
    ]

    /// The columns of `substance` that differ between two entries, whatever width, case and blanks they are written in.
    private static var differences: SQL {
        let columns = substance.map { name in
            let written = { (entry: String) in
                "lower(regexp_replace(normalize(coalesce(\(entry).\(name)::text, ''), NFKC), '\\s', '', 'g'))"
            }
            return "CASE WHEN \(written("n")) <> \(written("o")) THEN '\(name)' END"
        }
        return SQL(unchecked: "array_remove(ARRAY[\(columns.joined(separator: ", "))], NULL)")
    }

    /// Makes the tables `gone`, `altered` and `moved`: which codes are affected, and which decisions.
    static func plan(
        from older: Int32?, to newer: Int32, version: String, _ connection: isolated Connection
    ) throws {
        // A version put in force without one before it has no predecessors to compare with.
        let old = older ?? 0
        try connection.query(
            """
            CREATE TEMPORARY TABLE gone ON COMMIT DROP AS
            WITH RECURSIVE used AS (
                SELECT DISTINCT ypid FROM yaoce.drug_code_map
                WHERE institution_id > 0 AND ypid IS NOT NULL AND state IN ('approved', 'needs_second_reader')
            ), active AS MATERIALIZED (
                SELECT ypid FROM yaoce.library_drug
                WHERE version_id = \(newer) AND coalesce(status, 'active') NOT IN ('disabled', 'deleted')
            ), was_active AS MATERIALIZED (
                SELECT ypid FROM yaoce.library_drug
                WHERE version_id = \(old) AND coalesce(status, 'active') NOT IN ('disabled', 'deleted')
            ), link AS MATERIALIZED (
                SELECT coalesce(n.ypid, o.ypid) AS ypid, coalesce(n.successor_ypid, o.successor_ypid) AS successor
                FROM (SELECT * FROM yaoce.library_drug WHERE version_id = \(newer)) n
                FULL JOIN (SELECT * FROM yaoce.library_drug WHERE version_id = \(old)) o ON o.ypid = n.ypid
                WHERE coalesce(n.successor_ypid, o.successor_ypid) IS NOT NULL
                    AND coalesce(n.ypid, o.ypid) NOT IN (SELECT ypid FROM active)
            ), merged AS MATERIALIZED (
                SELECT successor FROM link GROUP BY successor HAVING count(*) > 1
                UNION SELECT ypid FROM was_active
            ), chain AS (
                SELECT u.ypid AS origin, u.ypid AS code, 0 AS steps FROM used u
                WHERE u.ypid NOT IN (SELECT ypid FROM active)
                UNION ALL
                SELECT c.origin, l.successor, c.steps + 1 FROM chain c JOIN link l ON l.ypid = c.code
                WHERE c.steps < 16 AND l.successor NOT IN (SELECT successor FROM merged)
            )
            SELECT origin AS ypid, max(code) FILTER (WHERE code IN (SELECT ypid FROM active)) AS successor
            FROM chain GROUP BY origin
            """)
        try connection.query(
            """
            CREATE TEMPORARY TABLE altered ON COMMIT DROP AS
            SELECT n.ypid, d.columns FROM yaoce.library_drug n
            JOIN yaoce.library_drug o ON o.version_id = \(old) AND o.ypid = n.ypid
            CROSS JOIN LATERAL (SELECT \(differences) AS columns) d
            WHERE n.version_id = \(newer) AND coalesce(n.status, 'active') NOT IN ('disabled', 'deleted')
                AND coalesce(o.status, 'active') NOT IN ('disabled', 'deleted') AND cardinality(d.columns) > 0
            """)
        try connection.query(
            """
            CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
            SELECT m.id, m.institution_id, m.state AS state_before, m.ypid AS ypid_before,
                m.decided_by AS decided_by_before, m.decided_at AS decided_at_before,
                CASE WHEN g.successor IS NULL THEN 'requeue' ELSE 'rename' END AS action,
                CASE WHEN g.successor IS NULL THEN 'invalid_target' ELSE m.state END AS state_after,
                coalesce(g.successor, m.ypid) AS ypid_after, 'library ' || \(version) AS reason
            FROM yaoce.drug_code_map m JOIN gone g ON g.ypid = m.ypid
            WHERE m.institution_id > 0 AND m.state IN ('approved', 'needs_second_reader')
            UNION ALL
            SELECT m.id, m.institution_id, m.state, m.ypid, m.decided_by, m.decided_at, 'restore', 'approved', m.ypid,
                'library ' || \(version)
            FROM yaoce.drug_code_map m JOIN yaoce.library_drug d ON d.version_id = \(newer) AND d.ypid = m.ypid
                AND coalesce(d.status, 'active') NOT IN ('disabled', 'deleted')
            WHERE m.institution_id > 0 AND m.state = 'invalid_target'
            UNION ALL
            SELECT m.id, m.institution_id, m.state, m.ypid, m.decided_by, m.decided_at, 'change', 'proposed', NULL,
                'library ' || \(version) || ': ' || m.ypid || ' ' || array_to_string(a.columns, ', ')
            FROM yaoce.drug_code_map m JOIN altered a ON a.ypid = m.ypid
            WHERE m.institution_id > 0 AND m.state IN ('approved', 'needs_second_reader')
            """)
    }

    static func apply(
        from older: Int32?, to newer: Int32, version: String, at time: Timestamp, _ connection: isolated Connection
    ) throws {
        try plan(from: older, to: newer, version: version, connection)
        try connection.query(
            """
            UPDATE yaoce.drug_code_map m SET state = v.state_after, ypid = v.ypid_after,
                -- What is queued again was compared with the version before: the next submission compares it anew.
                library_version = CASE WHEN v.action IN ('rename', 'restore') THEN \(version) ELSE m.library_version END,
                equivalence = CASE WHEN v.action <> 'change' THEN m.equivalence END,
                reason = CASE WHEN v.action IN ('requeue', 'change') THEN v.reason END,
                decided_by = CASE WHEN v.action = 'rename' THEN m.decided_by ELSE 'auto' END,
                decided_at = CASE WHEN v.action = 'rename' THEN m.decided_at ELSE \(time) END,
                candidates = CASE WHEN v.action = 'change'
                    AND NOT yaoce.candidates(m.candidates, d) @> jsonb_build_array(jsonb_build_object('ypid', v.ypid_before))
                    THEN jsonb_build_array(jsonb_build_object('ypid', v.ypid_before, 'score', coalesce(m.score, 0),
                        'vetoes', '[]'::jsonb)) || yaoce.candidates(m.candidates, d) ELSE m.candidates END,
                version = m.version + 1
            FROM moved v, yaoce.drug_description d WHERE v.id = m.id AND d.id = m.description_id
            """)
        try connection.query(
            """
            WITH resolved AS MATERIALIZED (
                SELECT * FROM yaoce.resolve_named_drugs((SELECT coalesce(array_agg(id), '{}') FROM moved))
            )
            INSERT INTO yaoce.drug_code_history (map_id, at, actor, action, state_before, ypid_before, decided_by_before,
                decided_at_before, state_after, ypid_after, reason, library_version, resolved)
            SELECT v.id, \(time), 'auto', v.action, v.state_before, v.ypid_before, v.decided_by_before,
                v.decided_at_before, v.state_after, v.ypid_after, v.reason, \(version),
                coalesce(r.resolved, 0)
            FROM moved v LEFT JOIN resolved r ON r.map_id = v.id ORDER BY v.id
            """)
        try connection.query(
            """
            INSERT INTO yaoce.library_impact (library_version, published_at, institution_id, followed, requeued, changed,
                restored)
            SELECT \(version), \(time), institution_id, count(*) FILTER (WHERE action = 'rename'),
                count(*) FILTER (WHERE action = 'requeue'), count(*) FILTER (WHERE action = 'change'),
                count(*) FILTER (WHERE action = 'restore')
            FROM moved GROUP BY institution_id ORDER BY institution_id
            """)
        try connection.query("DROP TABLE gone, altered, moved")
    }
}
