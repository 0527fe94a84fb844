public import Core
import Foundation
import Postgres

extension PostgresStore {
    /// What the comparison of a period came to: of all institutions, or one.
    public func comparisonReport(of period: Period, hospitalCode: String?) async throws -> ComparisonReport {
        try await read { connection in
            try connection.withTransaction { connection in
                var found = try ComparisonCounts.institutions(period, hospitalCode, connection)
                try ComparisonCounts.addUse(period, &found, connection)
                try ComparisonCounts.addChanges(period, hospitalCode, &found, connection)
                return ComparisonReport(
                    period: period,
                    libraryVersion: try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first?
                        .version,
                    institutions: found.values.sorted { $0.hospitalCode < $1.hospitalCode })
            }
        }
    }

    /// Drugs that are new, gone, renamed or described otherwise than in the period before, by institution and code.
    public func forEachCatalogueChange(
        of period: Period, hospitalCode: String?, _ body: @escaping @Sendable (CatalogueChange) throws -> Void
    ) async throws {
        try await read { connection in
            try connection.withTransaction { connection in
                let decoder = JSONDecoder()
                func drug(_ text: String?) throws -> DrugDescription? {
                    guard let text else { return nil }
                    return DrugDescription(columns: try decoder.decode([String: String].self, from: Data(text.utf8)))
                }
                try connection.forEachBlock(
                    of: """
                        \(ComparisonCounts.changes(period, hospitalCode))
                        SELECT hospital_code, code, kind, before::text, after::text,
                            ARRAY(SELECT name FROM (SELECT jsonb_object_keys(before) UNION SELECT jsonb_object_keys(after))
                                AS names (name) WHERE before -> name IS DISTINCT FROM after -> name ORDER BY name)
                        FROM (SELECT c.hospital_code, c.code, c.kind,
                                CASE WHEN e.id IS NOT NULL THEN yaoce.described(c.code, e) END AS before,
                                CASE WHEN n.id IS NOT NULL THEN yaoce.described(c.code, n) END AS after
                            FROM changes c LEFT JOIN yaoce.drug_description e ON e.id = c.before
                            LEFT JOIN yaoce.drug_description n ON n.id = c.after OFFSET 0) worded
                        ORDER BY hospital_code COLLATE "C", code COLLATE "C"
                        """
                ) { rows in
                    for row in 0..<rows.count {
                        guard let kind = CatalogueChange.Kind(rawValue: try rows.value(row, 2)) else { continue }
                        let isPair = kind == .renamed || kind == .changed
                        try body(
                            CatalogueChange(
                                hospitalCode: try rows.value(row, 0), hospitalDrugCode: try rows.value(row, 1),
                                kind: kind, columns: isPair ? try rows.value(row, 5) : [],
                                before: try drug(try rows.value(row, 3)), after: try drug(try rows.value(row, 4))))
                    }
                }
            }
        }
    }
}

/// The counts of a comparison report, each in one statement for all institutions.
private enum ComparisonCounts {
    typealias Found = [SubmissionID: ComparisonReport.Institution]

    /// Current submissions of a period.
    private static func current(_ period: Period, _ hospitalCode: String?) -> SQL {
        """
        (SELECT s.id, s.institution_id, i.hospital_code FROM yaoce.current_submission s
        JOIN yaoce.institution i ON i.id = s.institution_id
        WHERE s.period_key = \(Int32(period.key))
            AND (\(hospitalCode)::text IS NULL OR i.hospital_code = \(hospitalCode)))
        """
    }

    static func institutions(
        _ period: Period, _ hospitalCode: String?, _ connection: isolated Connection
    ) throws -> Found {
        let rows = try connection.query(
            """
            SELECT s.id, s.hospital_code, l.name, m.state, m.method, m.reason, m.decided_by <> 'auto',
                count(m.id), coalesce(sum(m.score), 0)::bigint, count(m.score)
            FROM \(current(period, hospitalCode)) s
            LEFT JOIN yaoce.submission_comparison c ON c.submission_id = s.id
            LEFT JOIN LATERAL unnest(c.map_ids) AS u (id) ON true
            LEFT JOIN yaoce.drug_code_map m ON m.id = u.id
            LEFT JOIN yaoce.library_version v ON v.kind = 'institutions' AND v.is_current
            LEFT JOIN yaoce.library_institution l ON l.version_id = v.id AND l.hospital_code = s.hospital_code
            GROUP BY 1, 2, 3, 4, 5, 6, 7
            """)
        var found: Found = [:]
        for row in 0..<rows.count {
            let id: SubmissionID = try rows.value(row, 0)
            var entry =
                try found[id] ?? ComparisonReport.Institution(hospitalCode: rows.value(row, 1), submission: id)
            entry.name = try rows.value(row, 2)
            if let text: String = try rows.value(row, 3), let state = MatchState(rawValue: text) {
                let count: Int = try rows.value(row, 7)
                entry.drugs.states[state, default: 0] += count
                if state == .approved {
                    entry.drugs.methods[try rows.value(row, 4) ?? "manual", default: 0] += count
                    entry.drugs.scores.sum += try rows.value(row, 8)
                    entry.drugs.scores.count += try rows.value(row, 9)
                } else {
                    // What a person or a library's version wrote is a sentence of its own: one reason together.
                    let reason: String = try rows.value(row, 5) ?? ""
                    let isWord = reason.utf8.allSatisfy { $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0) }
                    entry.drugs.reasons[isWord && !reason.isEmpty ? reason : state.rawValue, default: 0] += count
                }
                if try rows.value(row, 6, as: Bool?.self) == true { entry.drugs.byPeople += count }
            }
            found[id] = entry
        }
        return found
    }

    static func addUse(_ period: Period, _ found: inout Found, _ connection: isolated Connection) throws {
        guard !found.isEmpty else { return }
        let together = SQL(unchecked: try Placement(connection).sameInstitution("d", "r"))
        let rows = try connection.query(
            """
            SELECT r.submission_id, count(*), count(d.matched_ypid), coalesce(sum(r.amount), 0)::bigint,
                coalesce(sum(r.amount) FILTER (WHERE d.matched_ypid IS NOT NULL), 0)::bigint
            FROM yaoce.usage r
            JOIN yaoce.named_drug d ON d.submission_id = r.submission_id AND d.drug_no = r.drug_no\(together)
            WHERE r.period_key = \(Int32(period.key)) AND r.submission_id = ANY (\(Array(found.keys)))
            GROUP BY 1
            """)
        for row in 0..<rows.count {
            let id: SubmissionID = try rows.value(row, 0)
            found[id]?.rows = try rows.value(row, 1)
            found[id]?.matchedRows = try rows.value(row, 2)
            found[id]?.amount = try rows.value(row, 3)
            found[id]?.matchedAmount = try rows.value(row, 4)
        }
    }

    static func addChanges(
        _ period: Period, _ hospitalCode: String?, _ found: inout Found, _ connection: isolated Connection
    ) throws {
        let rows = try connection.query(
            """
            \(changes(period, hospitalCode))
            SELECT p.id, p.previous_key, k.kind, count(k.kind) FROM pair p LEFT JOIN changes k ON k.id = p.id
            GROUP BY 1, 2, 3
            """)
        for row in 0..<rows.count {
            let id: SubmissionID = try rows.value(row, 0)
            found[id]?.previous = Period(key: try rows.value(row, 1))
            if let text: String = try rows.value(row, 2), let kind = CatalogueChange.Kind(rawValue: text) {
                found[id]?.changes[kind] = try rows.value(row, 3)
            }
        }
    }

    /// `pair` (a submission and the one of the period of the same length before it) and `changes` between the two.
    static func changes(_ period: Period, _ hospitalCode: String?) -> SQL {
        """
        WITH pair AS MATERIALIZED (
            SELECT s.id, s.hospital_code, o.id AS previous, o.period_key AS previous_key
            FROM \(current(period, hospitalCode)) s
            CROSS JOIN LATERAL (
                SELECT o.id, o.period_key FROM yaoce.current_submission o
                WHERE o.institution_id = s.institution_id AND o.period_key < \(Int32(period.key))
                    AND yaoce.period_length(o.period_key) = yaoce.period_length(\(Int32(period.key)))
                ORDER BY o.period_key DESC LIMIT 1) o
        ), now AS (
            SELECT p.id, p.hospital_code, m.hospital_drug_code AS code, m.description_hash, m.description_id
            FROM pair p JOIN yaoce.submission_comparison c ON c.submission_id = p.id
            CROSS JOIN LATERAL unnest(c.map_ids) AS u (id) JOIN yaoce.drug_code_map m ON m.id = u.id
        ), earlier AS (
            SELECT p.id, p.hospital_code, m.hospital_drug_code AS code, m.description_hash, m.description_id
            FROM pair p JOIN yaoce.submission_comparison c ON c.submission_id = p.previous
            CROSS JOIN LATERAL unnest(c.map_ids) AS u (id) JOIN yaoce.drug_code_map m ON m.id = u.id
        ), changes AS (
            SELECT c.id, c.hospital_code, c.code, c.before, c.after,
                CASE WHEN c.before IS NULL THEN 'new' WHEN c.after IS NULL THEN 'gone'
                    WHEN e.product_name IS DISTINCT FROM n.product_name THEN 'renamed' ELSE 'changed' END AS kind
            FROM (
                SELECT id, hospital_code, code, e.description_id AS before, n.description_id AS after
                FROM now n FULL JOIN earlier e USING (id, hospital_code, code)
                WHERE e.description_hash IS DISTINCT FROM n.description_hash) c
            LEFT JOIN yaoce.drug_description e ON e.id = c.before
            LEFT JOIN yaoce.drug_description n ON n.id = c.after
        )
        """
    }
}
