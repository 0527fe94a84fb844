import Core
import Postgres

extension PostgresStore {
    /// Makes the positions of what waits before it is judged, half of them on a second session: a judgement is one session
    /// and leaves the server's other processors alone. They follow from the facts and stay whatever becomes of the
    /// judgement; what is missing here the judgement makes itself.
    /// - Parameter fewest: from how many submissions on a second session is worth opening.
    func makePositionsAhead(fewest: Int = 64) async throws {
        let halves = try await read { connection -> (low: Int32, high: Int32, middle: Int32, period: Int32)? in
            guard try !Placement(connection).isDistributed else { return nil }
            let rows = try connection.query(
                """
                SELECT s.id, s.period_key, coalesce((SELECT sum(rows_loaded) FROM yaoce.submission_file f
                    WHERE f.submission_id = s.id), 0)::bigint
                FROM yaoce.submission s
                WHERE s.waiting_for = 5 AND s.set_aside_reason IS NULL AND s.withdrawn_at IS NULL AND s.loaded_at IS NOT NULL
                    AND s.period_key = (SELECT min(period_key) FROM yaoce.submission
                        WHERE waiting_for = 5 AND set_aside_reason IS NULL AND withdrawn_at IS NULL)
                    AND NOT EXISTS (SELECT FROM yaoce.submission_total t WHERE t.submission_id = s.id)
                ORDER BY s.id
                """, named: "positions missing")
            guard rows.count >= fewest else { return nil }
            let sizes: [Int] = try rows.column(2)
            let all = sizes.reduce(0, +)
            var (middle, sum) = (0, 0)
            while middle < rows.count - 2, sum + sizes[middle] <= all / 2 {
                sum += sizes[middle]
                middle += 1
            }
            return (
                try rows.value(0, 0), try rows.value(rows.count - 1, 0), try rows.value(middle, 0), try rows.value(0, 1)
            )
        }
        guard let halves else { return }
        func wanted(_ low: Int32, _ high: Int32) -> String {
            """
            SELECT id, institution_id, period_key FROM yaoce.submission
            WHERE id BETWEEN \(low) AND \(high) AND period_key = \(halves.period) AND waiting_for = 5
                AND set_aside_reason IS NULL AND withdrawn_at IS NULL AND loaded_at IS NOT NULL
            """
        }
        let (first, second) = (wanted(halves.low, halves.middle), wanted(halves.middle + 1, halves.high))
        let everything = wanted(halves.low, halves.high)
        try await write("positions") { try Self.working($0) { try Positions.name(everything, $0) } }
        async let rest: Void = withOther { other in
            try await other.connection.perform { connection in
                try connection.withTransaction(named: "positions") {
                    try Self.working($0) { try Positions.make(of: second, areNamed: true, $0) }
                }
            }
        }
        try await write("positions") { try Self.working($0) { try Positions.make(of: first, areNamed: true, $0) } }
        try await rest
    }

    private static func working(
        _ connection: isolated Connection, _ body: (isolated Connection) throws -> Void
    ) throws {
        try WorkTables.begin(connection)
        // They are not logged; what is, the judgement's commit brings to the disk.
        try connection.script("SET LOCAL synchronous_commit = off", named: "postcheck settings")
        try body(connection)
        try WorkTables.end(connection)
    }
}
