import Core
import Foundation
import Postgres

/// Items as the database has them.
enum MatchRows {
    /// Whether `m` holds an answer of the comparison itself, not settled, under another library than this one.
    static func mayBeComparedAgain(_ libraryVersion: String?) -> SQL {
        """
        (\(libraryVersion)::text IS NOT NULL AND m.library_version IS DISTINCT FROM \(libraryVersion)
            AND coalesce(m.decided_by, 'auto') = 'auto'
            AND m.state IN ('unchecked', 'proposed', 'no_match', 'invalid_target'))
        """
    }

    /// Items `m` that meet a condition, which may also order and limit them; `d` is what they are said to be.
    static func load(
        from source: SQL = "yaoce.drug_code_map m", where condition: SQL, _ connection: isolated Connection
    )
        throws -> [MatchItem]
    {
        let rows = try connection.query(
            """
            SELECT m.id, i.hospital_code, yaoce.described(m.hospital_drug_code, d), m.state, m.ypid, m.method, m.level,
                m.score, m.reason, m.library_version, yaoce.candidates(m.candidates, d), e.evidence, m.decided_by,
                m.decided_at, m.version, m.rows, m.amount, m.equivalence
            FROM \(source) JOIN yaoce.drug_description d ON d.id = m.description_id
            JOIN yaoce.match_evidence e ON e.no = d.evidence_no
            LEFT JOIN yaoce.institution i ON i.id = m.institution_id
            WHERE \(condition)
            """)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        func decoded<Value: Decodable>(_ type: Value.Type, _ row: Int, _ column: Int) throws -> Value {
            try decoder.decode(Value.self, from: Data(try rows.value(row, column, as: String.self).utf8))
        }
        return try (0..<rows.count).compactMap { row in
            guard let state = MatchState(rawValue: try rows.value(row, 3)) else { return nil }
            let columns: [String: String] = try JSONDecoder().decode(
                [String: String].self, from: Data(try rows.value(row, 2, as: String.self).utf8))
            return MatchItem(
                item: try rows.value(row, 0), hospitalCode: try rows.value(row, 1),
                drug: DrugDescription(columns: columns), state: state, matchedYPID: try rows.value(row, 4),
                equivalence: try rows.value(row, 17, as: String?.self).flatMap(Equivalence.init(rawValue:)),
                method: try rows.value(row, 5), level: try rows.value(row, 6), score: try rows.value(row, 7),
                reason: try rows.value(row, 8), libraryVersion: try rows.value(row, 9),
                candidates: try decoded([MatchCandidate].self, row, 10),
                evidence: try JSONDecoder().decode(
                    [String: String].self, from: Data(try rows.value(row, 11, as: String.self).utf8)),
                decidedBy: try rows.value(row, 12), decidedAt: try rows.value(row, 13),
                version: try rows.value(row, 14),
                rows: try rows.value(row, 15), amount: try rows.value(row, 16))
        }
    }
}
