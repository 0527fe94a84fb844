import Core
import Postgres

extension PostcheckNight {
    /// Makes what all rules share; `false` where everything that waits was returned.
    func makeTables(_ connection: isolated Connection) throws -> Bool {
        try makeTables(PostCheck.all, beside: nil, connection)
    }

    /// Makes what some rules share; `false` where everything that waits was returned.
    /// - Parameter beside: what takes some of it on itself, where the night is a large one.
    func makeTables(
        _ checks: [PostCheck], beside: JudgementBeside?, _ connection: isolated Connection
    ) throws -> Bool {
        try connection.script(SharedTables.submissions(key), named: "postcheck submissions")
        let judged: Int = try connection.query("SELECT count(*) FROM checked WHERE is_judged").single()
        guard judged > 0 else { return false }
        // Nobody else sees positions that are made here.
        if try !Positions.make(of: SharedTables.wanted(key), connection), let beside {
            beside.begin(.init(night: self, rules: besides(checks), mark: try JudgementBeside.mark(connection)))
        } else {
            beside?.finish()
        }
        // A period of which everything was withdrawn again has none.
        try connection.query("SELECT yaoce.make_position_partition(\(key))")
        try connection.script(SharedTables.attributes, named: "postcheck attributes")
        try makeBenchmark(connection)
        try makeEarlier(connection)
        if beside?.waitForLedger() != true {
            try judgeAgain(try StockLedger.carry(key, connection), connection)
        }
        try connection.script(StockLedger.stock(key), named: "postcheck stock")
        let share = (try? thresholds["P18.share"]) ?? "0.01::numeric"
        try connection.script(
            SharedTables.scope(key, factorShare: share), named: "postcheck scope")
        if let rows = beside?.waitForAmounts() {
            try connection.script(Candidates.amountTable, named: "postcheck amounts of a level")
            try connection.copyIn("COPY peer_amount FROM STDIN", text: rows, named: "postcheck amounts of a level")
        } else {
            try connection.script(Candidates.peerAmounts(key), named: "postcheck amounts of a level")
        }
        try makeCandidates(checks, connection)
        try connection.script(Violation.table, named: "postcheck violations")
        return true
    }

    /// The rules that are judged beside.
    private func besides(_ checks: [PostCheck]) -> [(rule: StoredRule, check: PostCheck)] {
        checks.filter(\.needsNoPrices).compactMap { check in
            rules.rules.first { $0.id == check.rule && $0.stage == .post }.map { ($0, check) }
        }
    }

    private func makeBenchmark(_ connection: isolated Connection) throws {
        let trim = try thresholds["P00.trim"]
        let libraries: String = try connection.query(
            "SELECT coalesce(max(version), '') FROM yaoce.library_version WHERE kind = 'drugs' AND is_current"
        ).single()
        // A hash, so that no version's name is part of a statement.
        let inputs: String = try connection.query("SELECT md5(\(trim) || \(libraries))").single()
        let extent = try PriceBenchmark.extent(key, inputs: inputs, connection)
        try connection.script(SharedTables.drugs(key, extent), named: "postcheck drugs")
        let times = Double(FixedPoint.text(thresholds.values["P00.trim"] ?? 0, decimals: 4)) ?? 0
        try PriceBenchmark.make(key, extent, trim: times, inputs: inputs, connection)
        try connection.script(PriceBenchmark.inForce(key), named: "benchmark in force")
    }

    private func makeEarlier(_ connection: isolated Connection) throws {
        let periods: [Int32] = try connection.query("SELECT DISTINCT past_key FROM past ORDER BY 1").column()
        guard !periods.isEmpty else { return try connection.script(SharedTables.noEarlier, named: "postcheck earlier") }
        let before: Int32 = try connection.query("SELECT yaoce.period_before(\(key))").single()
        try connection.script(SharedTables.earlier(periods, before: before), named: "postcheck earlier")
    }

    /// Later submissions that were judged by another opening stock are judged again.
    func judgeAgain(_ submissions: [SubmissionID], _ connection: isolated Connection) throws {
        guard !submissions.isEmpty else { return }
        try connection.query(
            """
            UPDATE yaoce.submission SET waiting_for = \(Stage.postcheck.number)
            WHERE id = ANY (\(submissions)) AND (waiting_for IS NULL OR waiting_for > \(Stage.postcheck.number))
            """)
    }

    /// One look at all positions for all rules. Where a condition fails on some figure, everything is a candidate, and the
    /// rule that cannot bear the figure fails alone.
    private func makeCandidates(_ checks: [PostCheck], _ connection: isolated Connection) throws {
        let ids = Set(rules.rules.filter { $0.stage == .post }.map(\.id))
        let conditions = checks.filter { ids.contains($0.rule) }.compactMap { check in
            // A rule without its threshold says so when it is judged.
            try? check.candidates?(thresholds)
        }
        let placement = try Placement(connection)
        do {
            try connection.withTransaction(statementTimeout: PostcheckNight.timeLimit, named: "postcheck candidates") {
                try $0.script(Candidates.make(key, conditions, placement), named: "postcheck candidates")
            }
        } catch let error as PostgresError {
            if error.isUnavailable || Task.isCancelled { throw error }
            try connection.script(Candidates.makeWhole(key, placement), named: "postcheck candidates")
        }
        try connection.script(
            "SET LOCAL statement_timeout TO DEFAULT; " + Candidates.rows, named: "postcheck candidate rows")
    }
}
