import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Prices of a night that was loaded a moment ago` {
    /// 40 submissions of 200 drugs each, 2 000 findings on prices, and nobody has looked at the tables yet.
    private static func fill(_ connection: isolated Connection) throws {
        try connection.script(
            """
            SELECT yaoce.make_partitions(202500);
            ALTER TABLE yaoce.named_drug SET (autovacuum_enabled = off);
            ALTER TABLE yaoce.finding SET (autovacuum_enabled = off);
            ALTER TABLE yaoce.stock_in_202500 SET (autovacuum_enabled = off);
            ALTER TABLE yaoce.usage_202500 SET (autovacuum_enabled = off);
            INSERT INTO yaoce.named_drug (submission_id, institution_id, drug_no, ypid, hospital_drug_code, product_name)
            SELECT s, s, d, 'D' || d, 'H' || d, 'drug ' || d FROM generate_series(1, 40) s, generate_series(1, 200) d;
            INSERT INTO yaoce.usage (amount, pack_quantity, dose_quantity, institution_id, period_key, submission_id,
                header_no, drug_no, file_no, line, row_number)
            SELECT 100 * (d + s), 10000, 10000, s, 202500, s, 0, d, 0, d + 1, d
            FROM generate_series(1, 40) s, generate_series(1, 200) d;
            INSERT INTO yaoce.stock_in SELECT * FROM yaoce.usage;
            INSERT INTO yaoce.finding (finding_id, submission_id, institution_id, stage, severity, table_no, fingerprint,
                rule_id, details)
            SELECT row_number() OVER (), s, s, 2, 3, 3 + 2 * (s % 2), gen_random_uuid(), 'P01',
                ARRAY['price', '1', 'ypid', 'D' || d]
            FROM generate_series(1, 40) s, generate_series(1, 50) d;
            """, named: "fill")
    }

    private static func plan(_ sql: SQL, _ connection: isolated Connection) throws -> String {
        try connection.query("EXPLAIN (ANALYZE, TIMING OFF, COSTS OFF) \(sql)").column(0, as: String.self).joined(
            separator: "\n")
    }

    @Test func `no statement goes through a table once for each drug`() async throws {
        try await withStore { store, _ in
            let period = try #require(Period("2025"))
            let ids = (1...40).map { SubmissionID($0) }
            let plans = try await store.read { connection in
                try connection.withTransaction { connection in
                    try connection.readWholeTables(named: "test")
                    try Self.fill(connection)
                    _ = try PriceRows.prepare(period, limit: 1, connection)
                    var plans = [try Self.plan(PriceRows.questions(of: ids, limit: 500), connection)]
                    try connection.script("ANALYZE price_question", named: "test")
                    plans.append(try Self.plan(PriceRows.drugs(of: ids), connection))
                    try connection.script("ANALYZE questioned_drug", named: "test")
                    plans.append(try Self.plan(PriceRows.distributions(period), connection))
                    let prices = try PriceRows.read(connection.query(PriceRows.distributions(period)))
                    #expect(prices.count == 100)
                    #expect(prices.allSatisfy { $0.counts.reduce(0, +) == 40 })
                    return plans
                }
            }
            for plan in plans {
                #expect(!plan.contains("Nested Loop"), "\(plan)")
                #expect(!plan.contains("Rows Removed by Join Filter"), "\(plan)")
            }
        }
    }
}
