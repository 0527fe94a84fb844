public import Core
import Postgres

extension PostgresStore {
    /// What publishing a version at a moment did, by institution; institutions without a change are left out.
    public func libraryImpact(ofVersion version: String, publishedAt time: Timestamp) async throws -> [LibraryImpact] {
        try await read { connection in
            let rows = try connection.query(
                """
                SELECT i.hospital_code, l.followed, l.requeued, l.restored
                FROM yaoce.library_impact l JOIN yaoce.institution i ON i.id = l.institution_id
                WHERE l.library_version = \(version) AND l.published_at = \(time)
                ORDER BY i.hospital_code
                """)
            return try (0..<rows.count).map { row in
                LibraryImpact(
                    hospitalCode: try rows.value(row, 0), followed: try rows.value(row, 1),
                    requeued: try rows.value(row, 2), restored: try rows.value(row, 3))
            }
        }
    }
}

/// A new version of the drug library on what institutions' drugs are tied to.
///
/// A code that the new version no longer has in use names its successor there or, where it is gone altogether, in the
/// version before. One code with one successor that was not in use before was renamed: decisions follow it. Several
/// successors (`A;B`) are a split, a successor of several codes or one that was in use before is a merger, none is a
/// retirement: those decisions are queued again.
enum LibraryChange {
    static func apply(
        from older: Int32?, to newer: Int32, version: String, at time: Timestamp, _ connection: isolated Connection
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
            CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
            SELECT m.id, m.institution_id, m.state AS state_before, m.ypid AS ypid_before,
                m.decided_by AS decided_by_before, m.decided_at AS decided_at_before,
                CASE WHEN g.successor IS NULL THEN 'requeue' ELSE 'rename' END AS action,
                CASE WHEN g.successor IS NULL THEN 'invalid_target' ELSE m.state END AS state_after,
                coalesce(g.successor, m.ypid) AS ypid_after
            FROM yaoce.drug_code_map m JOIN gone g ON g.ypid = m.ypid
            WHERE m.institution_id > 0 AND m.state IN ('approved', 'needs_second_reader')
            UNION ALL
            SELECT m.id, m.institution_id, m.state, m.ypid, m.decided_by, m.decided_at, 'restore', 'approved', m.ypid
            FROM yaoce.drug_code_map m JOIN yaoce.library_drug d ON d.version_id = \(newer) AND d.ypid = m.ypid
                AND coalesce(d.status, 'active') NOT IN ('disabled', 'deleted')
            WHERE m.institution_id > 0 AND m.state = 'invalid_target'
            """)
        try connection.query(
            """
            UPDATE yaoce.drug_code_map m SET state = v.state_after, ypid = v.ypid_after, library_version = \(version),
                reason = CASE WHEN v.action = 'requeue' THEN 'library ' || \(version) ELSE NULL END,
                decided_by = CASE v.action WHEN 'requeue' THEN 'auto' WHEN 'restore' THEN 'auto' ELSE m.decided_by END,
                decided_at = CASE v.action WHEN 'rename' THEN m.decided_at ELSE \(time) END, version = m.version + 1
            FROM moved v WHERE v.id = m.id
            """)
        try connection.query(
            """
            WITH resolved AS MATERIALIZED (
                SELECT * FROM yaoce.resolve_named_drugs((SELECT coalesce(array_agg(id), '{}') FROM moved))
            )
            INSERT INTO yaoce.drug_code_history (map_id, at, actor, action, state_before, ypid_before, decided_by_before,
                decided_at_before, state_after, ypid_after, reason, library_version, resolved)
            SELECT v.id, \(time), 'auto', v.action, v.state_before, v.ypid_before, v.decided_by_before,
                v.decided_at_before, v.state_after, v.ypid_after, 'library ' || \(version), \(version),
                coalesce(r.resolved, 0)
            FROM moved v LEFT JOIN resolved r ON r.map_id = v.id ORDER BY v.id
            """)
        try connection.query(
            """
            INSERT INTO yaoce.library_impact (library_version, published_at, institution_id, followed, requeued, restored)
            SELECT \(version), \(time), institution_id, count(*) FILTER (WHERE action = 'rename'),
                count(*) FILTER (WHERE action = 'requeue'), count(*) FILTER (WHERE action = 'restore')
            FROM moved GROUP BY institution_id ORDER BY institution_id
            """)
        try connection.query("DROP TABLE gone, moved")
    }
}
