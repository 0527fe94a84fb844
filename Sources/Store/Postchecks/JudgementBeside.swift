import Core
import Dispatch
import Postgres
import Synchronization

/// What a large judgement has done on a second session while it makes the benchmark on its own: the stock ledger, the large
/// amounts of each level, and rules that need no price.
///
/// The ledger follows from what is loaded: it is committed there, and a judgement that dies afterwards writes it again. All else
/// is only read there and handed over as rows. Whatever does not come is done by the judgement itself.
final class JudgementBeside: Sendable {
    /// What is to be done.
    struct Order: Sendable {
        var night: PostcheckNight
        /// The rules, with what judges them.
        var rules: [(rule: StoredRule, check: PostCheck)]
        /// What tells whether both sessions look at the same submissions.
        var mark: String
    }

    /// What became of a rule.
    enum Judged: Sendable {
        /// It was judged, in so many seconds.
        case done(Double)
        /// What went wrong in it.
        case failed(String)
    }

    /// Violations of some rules, as rows of a text COPY.
    struct Violations: Sendable {
        var rows: [UInt8]
        var judged: [RuleID: Judged]
    }

    /// How much is handed over in memory; where there is more, the judgement does without.
    private static let most = 32 << 20

    private struct State {
        var hasLedger = false
        var amounts: [UInt8]?
        var violations: Violations?
    }

    private let state = Mutex(State())
    private let orders: AsyncStream<Order>
    private let order: AsyncStream<Order>.Continuation
    private let steps = (0..<3).map { _ in DispatchSemaphore(value: 0) }

    init() { (orders, order) = AsyncStream.makeStream() }

    // MARK: The judgement's side, on its session's thread

    /// Lets it begin.
    func begin(_ order: Order) {
        self.order.yield(order)
        self.order.finish()
    }

    /// Nothing is to be done, or nothing more.
    func finish() { order.finish() }

    /// Waits for the ledger; `false` where it was not written.
    func waitForLedger() -> Bool {
        steps[0].wait()
        return state.withLock(\.hasLedger)
    }

    /// Waits for the rows of `peer_amount`.
    func waitForAmounts() -> [UInt8]? {
        steps[1].wait()
        return state.withLock(\.amounts)
    }

    /// Waits for the violations.
    func waitForViolations() -> Violations? {
        steps[2].wait()
        return state.withLock(\.violations)
    }

    // MARK: The other side

    /// Does what it is told to, and returns when that is done or nothing comes.
    func run(_ store: PostgresStore) async {
        // Whoever waits goes on, whatever happened here.
        defer { for step in steps { step.signal() } }
        for await order in orders {
            // What is not there is made by the judgement, which meets what is wrong itself.
            try? await store.withOther { try await self.carry(order, $0) }
        }
    }

    private func carry(_ order: Order, _ store: PostgresStore) async throws {
        try await store.connection.perform { connection in
            try connection.withTransaction(named: "ledger beside") { connection in
                guard try begin(order, connection) else { throw NotTheSame() }
                let changed = try StockLedger.carry(order.night.key, connection)
                try order.night.judgeAgain(changed, connection)
                try WorkTables.end(connection)
            }
            state.withLock { $0.hasLedger = true }
            steps[0].signal()
            try connection.withTransaction(named: "rules beside") { connection in
                guard try begin(order, connection) else { throw NotTheSame() }
                try judge(order, connection)
                try WorkTables.end(connection)
            }
        }
    }

    private struct NotTheSame: Error {}

    /// Makes the table of submissions; `false` where it is not the judgement's.
    private func begin(_ order: Order, _ connection: isolated Connection) throws -> Bool {
        try WorkTables.begin(connection)
        // The judgement holds locks and waits for this session: what this one waits for would never come. Nor need a commit
        // wait for the disk: the judgement's own comes after it in the log, and without that all is done again.
        try connection.script(
            "SET LOCAL lock_timeout = '10s'; SET LOCAL synchronous_commit = off", named: "postcheck settings")
        try connection.script(SharedTables.submissions(order.night.key), named: "postcheck submissions")
        return try JudgementBeside.mark(connection) == order.mark
    }

    private func judge(_ order: Order, _ connection: isolated Connection) throws {
        try connection.script(Candidates.peerAmounts(order.night.key), named: "postcheck amounts of a level")
        let amounts = try rows(of: "peer_amount", connection)
        state.withLock { $0.amounts = amounts }
        steps[1].signal()
        try connection.script(SharedTables.narrow + Violation.table, named: "postcheck drugs")
        var judged: [RuleID: Judged] = [:]
        for (rule, check) in order.rules {
            let begin = ContinuousClock.now
            let error = try order.night.savepoint(rule) {
                try connection.withTransaction(
                    statementTimeout: check.timeLimit ?? PostcheckNight.timeLimit, named: "rule \(rule.id)"
                ) { try order.night.find(rule, check, $0) }
            }
            judged[rule.id] = error.map(Judged.failed) ?? .done(begin.seconds)
        }
        try connection.script("SET LOCAL statement_timeout TO DEFAULT", named: "postcheck settings")
        let found = Violations(rows: try rows(of: "violation", connection), judged: judged)
        state.withLock { $0.violations = found }
        steps[2].signal()
    }

    private struct TooMuch: Error {}

    private func rows(of table: String, _ connection: isolated Connection) throws -> [UInt8] {
        var bytes: [UInt8] = []
        try connection.copyOut(SQL(unchecked: "COPY \(table) TO STDOUT"), named: "rows of \(table)") { row in
            guard bytes.count + row.count <= JudgementBeside.most else { throw TooMuch() }
            for index in row.indices { bytes.append(row[index]) }
        }
        return bytes
    }

    /// A checksum of the submissions that are looked at, of their positions and of the library in force.
    static func mark(_ connection: isolated Connection) throws -> String {
        try connection.query(
            """
            SELECT md5(concat((SELECT string_agg(concat(c.*, t.build_no), ' ' ORDER BY submission_id) FROM checked c
                    LEFT JOIN yaoce.submission_total t USING (submission_id)),
                (SELECT max(id) FROM yaoce.library_version WHERE kind = 'drugs' AND is_current)))
            """, named: "postcheck submissions"
        ).single()
    }
}

extension ContinuousClock.Instant {
    /// Seconds since then.
    var seconds: Double {
        let elapsed = duration(to: .now).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }
}
