public import Core
import Postgres

extension PostgresStore {
    /// How prices lie where rules question them, for so many drugs at most, those with the most questions first.
    ///
    /// An institution's price is all it paid over all its doses, as in the benchmark, but nobody is trimmed away here: who
    /// is questioned must be seen.
    public func priceDistributions(of period: Period, limit: Int) async throws -> [PriceDistribution] {
        try await read { connection in
            try connection.withTransaction(named: "price distributions") { connection in
                try connection.readWholeTables(named: "price distributions")
                guard try PriceRows.prepare(period, limit: limit, connection) else { return [] }
                return try PriceRows.read(
                    connection.query(PriceRows.distributions(period), named: "price distributions"))
            }
        }
    }
}

/// Prices as the database has them.
enum PriceRows {
    /// The rules that set a price against the benchmark.
    static let rules = ["P01", "P02", "P03", "P04", "P05", "P06"]

    /// Writes down what is questioned and which drugs of which submissions that is; `false` where nothing is.
    ///
    /// The lists that steer the joins with the big tables are tables of their own, whose size is known: each big table is
    /// read once, whatever it holds.
    static func prepare(_ period: Period, limit: Int, _ connection: isolated Connection) throws -> Bool {
        let submissions: [SubmissionID] = try connection.query(
            """
            SELECT id FROM yaoce.submission
            WHERE period_key = \(Int32(period.key)) AND is_current AND is_settled AND withdrawn_at IS NULL
                AND loaded_at IS NOT NULL
            """
        ).column()
        try connection.script(
            """
            CREATE TEMP TABLE price_question (table_no smallint, ypid text, questions bigint) ON COMMIT DROP;
            CREATE TEMP TABLE questioned_drug (table_no smallint, ypid text, questions bigint, submission_id integer,
                drug_no integer, product_name text) ON COMMIT DROP;
            """, named: "price questions")
        let asked = try connection.query(questions(of: submissions, limit: limit), named: "price questions")
            .affectedRows
        guard asked > 0 else { return false }
        try connection.script("ANALYZE price_question", named: "price questions")
        try connection.query(drugs(of: submissions), named: "questioned drugs")
        try connection.script("ANALYZE questioned_drug", named: "questioned drugs")
        return true
    }

    static func questions(of submissions: [SubmissionID], limit: Int) -> SQL {
        """
        INSERT INTO price_question
        SELECT f.table_no, yaoce.detail(f.details, 'ypid') AS ypid, count(*) AS questions
        FROM yaoce.finding f
        WHERE f.submission_id = ANY (\(submissions)) AND f.stage = 2 AND f.rule_id = ANY (\(rules))
            AND f.table_no IN (3, 5) AND yaoce.detail(f.details, 'ypid') IS NOT NULL
        GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT \(limit)
        """
    }

    static func drugs(of submissions: [SubmissionID]) -> SQL {
        """
        INSERT INTO questioned_drug
        SELECT q.table_no, q.ypid, q.questions, n.submission_id, n.drug_no, n.product_name
        FROM price_question q JOIN yaoce.named_drug n ON coalesce(n.matched_ypid, n.ypid) = q.ypid
        WHERE n.submission_id = ANY (\(submissions))
        """
    }

    static func distributions(_ period: Period) -> SQL {
        let key = Int32(period.key)
        return """
            WITH moved AS (
                SELECT d.*, r.amount, r.dose_quantity
                FROM yaoce.stock_in r JOIN questioned_drug d USING (submission_id, drug_no)
                WHERE d.table_no = 3 AND r.period_key = \(key) AND r.amount > 0 AND r.dose_quantity > 0
                UNION ALL
                SELECT d.*, r.amount, r.dose_quantity
                FROM yaoce.usage r JOIN questioned_drug d USING (submission_id, drug_no)
                WHERE d.table_no = 5 AND r.period_key = \(key) AND r.amount > 0 AND r.dose_quantity > 0
            ), price AS (
                SELECT table_no, ypid, questions, min(product_name) AS product_name,
                    (sum(amount) * 100 / sum(dose_quantity))::float8 AS price
                FROM moved GROUP BY table_no, ypid, questions, submission_id
            ), spread AS (
                SELECT table_no, ypid, questions, price, min(product_name) OVER drug AS product_name,
                    min(price) OVER drug AS lowest, max(price) OVER drug AS highest
                FROM price WINDOW drug AS (PARTITION BY table_no, ypid)
            )
            SELECT p.table_no, p.ypid, p.product_name, p.lowest, p.highest,
                CASE WHEN p.highest > p.lowest THEN least(width_bucket(ln(p.price), ln(p.lowest), ln(p.highest),
                    \(Int32(PriceDistribution.classes))), \(Int32(PriceDistribution.classes))) ELSE 1 END AS place,
                count(*), b.institutions, b.median::float8, b.mean::float8, b.sd::float8, b.p5::float8, b.p95::float8
            FROM spread p
            LEFT JOIN yaoce.price_benchmark b ON b.period_key = \(key) AND b.table_no = p.table_no AND b.ypid = p.ypid
                AND b.is_current AND b.median IS NOT NULL
            WHERE p.lowest > 0
            GROUP BY p.questions, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13
            ORDER BY p.questions DESC, 1, 2, 6
            """
    }

    static func read(_ rows: borrowing QueryResult) throws -> [PriceDistribution] {
        var prices: [PriceDistribution] = []
        for row in 0..<rows.count {
            guard let table = DataTable(number: try rows.value(row, 0)) else { continue }
            let key = PriceDistribution.Key(table: table, ypid: try rows.value(row, 1))
            if prices.last?.key != key {
                prices.append(
                    PriceDistribution(
                        key: key, productName: try rows.value(row, 2),
                        benchmark: try benchmark(rows, row),
                        lowest: try rows.value(row, 3), highest: try rows.value(row, 4),
                        counts: Array(repeating: 0, count: PriceDistribution.classes)))
            }
            let place: Int = try rows.value(row, 5)
            guard (1...PriceDistribution.classes).contains(place) else { continue }
            prices[prices.count - 1].counts[place - 1] += try rows.value(row, 6, as: Int.self)
        }
        return prices
    }

    private static func benchmark(_ rows: borrowing QueryResult, _ row: Int) throws -> PriceDistribution.Benchmark? {
        guard let institutions: Int = try rows.value(row, 7), let median: Double = try rows.value(row, 8),
            let mean: Double = try rows.value(row, 9), let p5: Double = try rows.value(row, 11),
            let p95: Double = try rows.value(row, 12)
        else { return nil }
        return PriceDistribution.Benchmark(
            institutions: institutions, median: median, mean: mean, deviation: try rows.value(row, 10), p5: p5,
            p95: p95)
    }
}
