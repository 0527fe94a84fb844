public import Core
import Postgres

extension PostgresStore {
    /// The weights by which regions are evaluated from now on, for views to use.
    public func register(_ weights: EvaluationWeights) async throws {
        // They hardly ever change, and a write waits for the disk even where nothing is written.
        let areKnown = try await read { connection in
            try connection.query(
                """
                SELECT NOT EXISTS (SELECT * FROM unnest(\(EvaluationWeights.names), \(weights.values))
                    EXCEPT SELECT name, value FROM yaoce.evaluation_weight)
                """
            ).single(Bool.self)
        }
        guard !areKnown else { return }
        try await write("register weights") { connection in
            try connection.query(
                """
                INSERT INTO yaoce.evaluation_weight (name, value)
                SELECT * FROM unnest(\(EvaluationWeights.names), \(weights.values))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE evaluation_weight.value <> excluded.value
                """)
        }
    }

    /// Cities and provinces, by code.
    public func regions(of period: Period) async throws -> [RegionEvaluation] {
        try await read { connection in
            try connection.withTransaction(named: "regions") { connection in
                try connection.readWholeTables(named: "regions")
                return try RegionRows.load(period.key, connection)
            }
        }
    }

    /// The submissions in force of a period with their quality, by number.
    public func scores(of period: Period) async throws -> [JudgedSubmission] {
        try await read { connection in
            try connection.withTransaction(named: "scores") { connection in
                try connection.readWholeTables(named: "scores")
                return try ViolationRows.submissions(of: period.key, connection)
            }
        }
    }
}

/// Regions as the database has them.
enum RegionRows {
    static func load(_ period: Int, _ connection: isolated Connection) throws -> [RegionEvaluation] {
        let rows = try connection.query(
            """
            SELECT region_code, region_name, reported, expected, matched_drugs, drugs, records - faulty_records, records,
                first_submitted, expected, resubmitted, must_resubmit, first_accurate, first_submitted
            FROM yaoce.region_counts(\(Int32(period))) ORDER BY region_code
            """, named: "regions")
        return try (0..<rows.count).map { row in
            func rate(_ column: Int) throws -> Rate {
                let part: Int = try rows.value(row, column)
                let whole: Int = try rows.value(row, column + 1)
                return Rate(part, of: whole)
            }
            return RegionEvaluation(
                regionCode: try rows.value(row, 0), name: try rows.value(row, 1), coverage: try rate(2),
                match: try rate(4), accuracy: try rate(6), firstSubmitted: try rate(8), resubmitted: try rate(10),
                firstAccurate: try rate(12))
        }
    }
}
