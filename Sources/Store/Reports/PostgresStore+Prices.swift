public import Core
import Postgres

extension PostgresStore {
    /// How prices lie where rules question them, for so many drugs at most, those with the most questions first.
    ///
    /// An institution's price is all it paid over all its doses, as in the benchmark, but nobody is trimmed away here: who
    /// is questioned must be seen.
    public func priceDistributions(of period: Period, limit: Int) async throws -> [PriceDistribution] {
        try await read { connection in
            let rows = try connection.query(PriceRows.query(period, limit: limit), named: "price distributions")
            var prices: [PriceDistribution] = []
            for row in 0..<rows.count {
                guard let table = DataTable(number: try rows.value(row, 0)) else { continue }
                let key = PriceDistribution.Key(table: table, ypid: try rows.value(row, 1))
                if prices.last?.key != key {
                    prices.append(
                        PriceDistribution(
                            key: key, productName: try rows.value(row, 2),
                            benchmark: try PriceRows.benchmark(rows, row),
                            lowest: try rows.value(row, 3), highest: try rows.value(row, 4),
                            counts: Array(repeating: 0, count: PriceDistribution.classes)))
                }
                let place: Int = try rows.value(row, 5)
                guard (1...PriceDistribution.classes).contains(place) else { continue }
                prices[prices.count - 1].counts[place - 1] += try rows.value(row, 6, as: Int.self)
            }
            return prices
        }
    }
}

private enum PriceRows {
    /// The rules that set a price against the benchmark.
    static let rules = ["P01", "P02", "P03", "P04", "P05", "P06"]

    static func query(_ period: Period, limit: Int) -> SQL {
        let key = Int32(period.key)
        return """
            WITH scope AS MATERIALIZED (
                SELECT id AS submission_id FROM yaoce.submission
                WHERE period_key = \(key) AND is_current AND is_settled AND withdrawn_at IS NULL AND loaded_at IS NOT NULL
            ), questioned AS MATERIALIZED (
                SELECT f.table_no, yaoce.detail(f.details, 'ypid') AS ypid, count(*) AS questions
                FROM yaoce.finding f JOIN scope USING (submission_id)
                WHERE f.stage = 2 AND f.rule_id = ANY (\(rules)) AND f.table_no IN (3, 5)
                    AND yaoce.detail(f.details, 'ypid') IS NOT NULL
                GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT \(limit)
            ), drug AS MATERIALIZED (
                SELECT n.submission_id, n.drug_no, coalesce(n.matched_ypid, n.ypid) AS ypid, n.product_name
                FROM yaoce.named_drug n JOIN scope USING (submission_id)
                WHERE coalesce(n.matched_ypid, n.ypid) IN (SELECT ypid FROM questioned)
            ), moved AS (
                SELECT 3::smallint AS table_no, d.ypid, d.product_name, r.submission_id, r.amount, r.dose_quantity
                FROM yaoce.stock_in r JOIN drug d USING (submission_id, drug_no)
                WHERE r.period_key = \(key) AND r.amount > 0 AND r.dose_quantity > 0
                UNION ALL
                SELECT 5, d.ypid, d.product_name, r.submission_id, r.amount, r.dose_quantity
                FROM yaoce.usage r JOIN drug d USING (submission_id, drug_no)
                WHERE r.period_key = \(key) AND r.amount > 0 AND r.dose_quantity > 0
            ), price AS MATERIALIZED (
                SELECT q.table_no, q.ypid, max(q.questions) AS questions, min(m.product_name) AS product_name,
                    (sum(m.amount) * 100 / sum(m.dose_quantity))::float8 AS price
                FROM moved m JOIN questioned q USING (table_no, ypid) GROUP BY q.table_no, q.ypid, m.submission_id
            ), span AS (
                SELECT table_no, ypid, max(questions) AS questions, min(product_name) AS product_name, min(price) AS lowest,
                    max(price) AS highest
                FROM price GROUP BY 1, 2
            )
            SELECT s.table_no, s.ypid, s.product_name, s.lowest, s.highest,
                CASE WHEN s.highest > s.lowest THEN least(width_bucket(ln(p.price), ln(s.lowest), ln(s.highest),
                    \(Int32(PriceDistribution.classes))), \(Int32(PriceDistribution.classes))) ELSE 1 END AS place,
                count(*), b.institutions, b.median::float8, b.mean::float8, b.sd::float8, b.p5::float8, b.p95::float8
            FROM span s
            JOIN price p ON p.table_no = s.table_no AND p.ypid = s.ypid
            LEFT JOIN yaoce.price_benchmark b ON b.period_key = \(key) AND b.table_no = s.table_no AND b.ypid = s.ypid
                AND b.is_current AND b.median IS NOT NULL
            WHERE s.lowest > 0
            GROUP BY s.questions, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13
            ORDER BY s.questions DESC, 1, 2, 6
            """
    }

    static func benchmark(_ rows: borrowing QueryResult, _ row: Int) throws -> PriceDistribution.Benchmark? {
        guard let institutions: Int = try rows.value(row, 7), let median: Double = try rows.value(row, 8),
            let mean: Double = try rows.value(row, 9), let p5: Double = try rows.value(row, 11),
            let p95: Double = try rows.value(row, 12)
        else { return nil }
        return PriceDistribution.Benchmark(
            institutions: institutions, median: median, mean: mean, deviation: try rows.value(row, 10), p5: p5,
            p95: p95)
    }
}
