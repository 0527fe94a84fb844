internal import Core
internal import Digests
internal import Foundation
internal import Pipeline
internal import Postgres
internal import Rules
internal import Store
internal import Synchronization

/// Runs examples through precheck, load and postcheck in a database: every example has institutions, drugs and a period
/// of its own, so that none sees another, and all of them are loaded at once.
struct PostcheckRunner {
    let rules: RuleBook
    let store: PostgresStore
    /// A session beside the store's, for what only the views tell.
    let connection: Connection
    let checks: PrecheckRunner
    /// Half of 2026: a day on which today's thresholds are in force.
    private let time = Timestamp(microseconds: 1_782_000_000_000_000)

    /// The day of the run: later than the deadline of every example's period.
    private let lastDay = CalendarDay(daysSince2000: 366_000)

    /// A submission of an example on its way into the database.
    private struct Sent {
        var scenario: Int
        var isTheOne: Bool
        var submission: ExampleCase
        var files = FilePatch()
    }

    init(rules: RuleBook, store: PostgresStore, connection: Connection, folder: String) {
        self.rules = rules
        self.store = store
        self.connection = connection
        checks = PrecheckRunner(rules: rules, folder: folder)
    }

    /// What is found in the institution in question of each scenario or in its period as a whole, and whether the rule
    /// could not judge it.
    func findings(_ scenarios: [ExampleScenario]) async throws -> [(findings: [Finding], isNotApplicable: Bool)] {
        try await publish(scenarios)
        try await store.register(rules.sorted.map(\.stored), ruleSetHash: rules.hash)
        let run = try await store.beginRun(businessDate: lastDay, startedAt: time)
        let sent = scenarios.enumerated().flatMap { index, scenario in
            let one = Sent(scenario: index, isTheOne: true, submission: scenario.submission, files: scenario.files)
            let earlier = scenario.earlier.reversed() + scenario.peersBefore
            return (earlier + scenario.peers).map { Sent(scenario: index, isTheOne: false, submission: $0) } + [one]
        }
        var ones: [Int: SubmissionID] = [:]
        for start in stride(from: 0, to: sent.count, by: 256) {
            let group = Array(sent[start..<min(start + 256, sent.count)])
            for (sent, id) in zip(group, try await load(group, run: run)) where sent.isTheOne {
                ones[sent.scenario] = id
            }
        }
        try await judge(scenarios, run: run)
        for (index, scenario) in scenarios.enumerated() {
            if let again = try await sendAgain(scenario, run: run) { ones[index] = again }
        }
        var found: [(findings: [Finding], isNotApplicable: Bool)] = []
        for (index, scenario) in scenarios.enumerated() {
            guard let id = ones[index] else {
                found.append(([], false))
                continue
            }
            let collected = Collected()
            try await store.forEachFinding(of: id) { collected.add($0) }
            let rule = scenario.example.rule
            let status = try await connection.perform { connection in
                try connection.query(
                    """
                    SELECT status FROM yaoce_api.rule_result WHERE submission_id = \(id.rawValue)
                        AND rule_id = \(rule.rawValue) ORDER BY run_id DESC
                    """
                ).column(0, as: String.self)
            }
            found.append(
                (collected.findings + (try await periodFindings(scenario)), status.first == "not_applicable"))
        }
        return found
    }

    /// What is said of the period as a whole; P51 when it is asked to be final.
    private func periodFindings(_ scenario: ExampleScenario) async throws -> [Finding] {
        let period = scenario.submission.period
        var report = try await store.report(on: period)
        if scenario.example.rule == "P51" { report = try await store.finalise(period, by: "yaoce", at: time) }
        return report.entries.map { entry in
            let table = DataTable(rawValue: entry.subject)
            return Finding(
                Observation(entry.rule, at: Place(table: table), value: entry.subject), severity: entry.severity,
                fingerprint: Fingerprint(high: 0, low: 0), stage: .post)
        }
    }

    /// Sends again what an example says, when its first version has been judged; gives the number of the new version.
    private func sendAgain(_ scenario: ExampleScenario, run: Int) async throws -> SubmissionID? {
        var newest: SubmissionID?
        for (submission, isNewest) in [(scenario.resentBefore, false), (scenario.resent, true)] {
            guard let submission else { continue }
            let sent = Sent(scenario: 0, isTheOne: isNewest, submission: submission)
            let ids = try await load([sent], run: run)
            if isNewest { newest = ids.first }
            while try await store.postcheck(postcheckRules(for: scenario), run: run) != nil {}
        }
        return newest
    }

    /// The libraries of all examples as one: their codes differ.
    private func publish(_ scenarios: [ExampleScenario]) async throws {
        var drugs: [String: [String: String]] = [:]
        var institutions: [String: [String: String]] = [:]
        var divisions: [String: [String: String]] = [:]
        func collect(_ sheet: ExampleSheet, by key: String, into rows: inout [String: [String: String]]) {
            for row in sheet.rows {
                guard let code = row[key], !code.isEmpty else { continue }
                rows[code] = row.filter { !$0.value.isEmpty }
            }
        }
        for scenario in scenarios {
            for peer in scenario.peers {
                if let own = peer.institutionLibrary.rows.first, let code = own["hospital_code"] {
                    institutions[code] = own.filter { !$0.value.isEmpty }
                }
            }
            collect(scenario.submission.drugLibrary, by: "ypid", into: &drugs)
            collect(scenario.submission.institutionLibrary, by: "hospital_code", into: &institutions)
            collect(scenario.submission.divisions, by: "division_code", into: &divisions)
        }
        for (kind, rows) in [
            (LibraryKind.drugs, drugs), (.institutions, institutions), (.divisions, divisions),
        ] where !rows.isEmpty {
            let sorted = rows.sorted { $0.key < $1.key }.enumerated().map {
                LibraryRow(line: $0.offset + 2, values: $0.element.value)
            }
            _ = try await store.importLibrary(
                kind, version: "examples", sha256: PostcheckRunner.digest("\(kind)"), at: time, publishing: true
            ) { each in try sorted.forEach(each) }
        }
    }

    /// Takes submissions through precheck and load, as the stages of a night do; gives their numbers.
    private func load(_ group: [Sent], run: Int) async throws -> [SubmissionID] {
        var checked: [(check: CheckOutcome, input: CheckInput, folder: String)] = []
        defer { for outcome in checked { try? FileManager.default.removeItem(atPath: outcome.folder) } }
        for sent in group { checked.append(try checks.outcome(sent.submission, sent.files)) }
        let plans = zip(group, checked).map { PostcheckRunner.plan($0, $1.input) }
        let submissions = try await receive(plans, run: run)
        try await store.complete(.compare, of: submissions.map(\.id), run: run)
        try await store.completePrecheck(
            zip(submissions, checked).map { submission, outcome in
                PrecheckResult(
                    submission: submission, files: outcome.check.files, verdict: outcome.check.verdict,
                    staged: outcome.check.staged, findingCounts: outcome.check.findingCounts,
                    ruleSetHash: rules.hash)
            }, run: run)
        try await store.completeLoad(
            zip(submissions, checked).map { (submission: $0, rows: $1.check.staged) }, run: run)
        return submissions.map(\.id)
    }

    private func receive(_ plans: [IntakePlan], run: Int) async throws -> [Submission] {
        let journal = try await store.journal(plans)
        return try await store.finishIntake(
            zip(journal, plans).map { (journal: $0, plan: $1) }, run: run, receivedAt: time)
    }

    private static func plan(_ sent: Sent, _ input: CheckInput) -> IntakePlan {
        let name = "\(input.hospitalCode)/\(input.period)"
        return IntakePlan(
            hospitalCode: input.hospitalCode, period: input.period, sourceName: name,
            sha256: digest(input.files.map { "\($0.name) \($0.sha256?.hex ?? "")" }.joined(separator: "\n") + name),
            files: input.files.compactMap { file in
                file.sha256.map { ArchivedFile(name: file.name, sha256: $0, size: file.size) }
            },
            paths: input.files.map { "\(name)/\($0.name)" }, markers: [], identicalTo: nil)
    }

    /// Judges period by period; each example has one of its own, and only its own rule is judged there, or every rule
    /// where its rule speaks of what others found. What is sent twice comes again then.
    private func judge(_ scenarios: [ExampleScenario], run: Int) async throws {
        var judged: [Int: ExampleScenario] = [:]
        for scenario in scenarios {
            for period in scenario.periods { judged[period.key] = scenario }
        }
        for (_, scenario) in judged.sorted(by: { $0.key < $1.key }) {
            _ = try await store.postcheck(postcheckRules(for: scenario), run: run)
        }
        for scenario in scenarios where scenario.isSentTwice {
            let again = try checks.outcome(scenario.submission, scenario.files)
            defer { try? FileManager.default.removeItem(atPath: again.folder) }
            var plan = PostcheckRunner.plan(
                Sent(scenario: 0, isTheOne: true, submission: scenario.submission), again.input)
            plan.identicalTo = try await store.submission(equalTo: plan, ruleSetHash: rules.hash)
            _ = try await receive([plan], run: run)
        }
    }

    private func postcheckRules(for scenario: ExampleScenario) -> PostcheckRules {
        let isWide = PostcheckRunner.rulesAboutOthers.contains(scenario.example.rule)
        var thresholds: [String: Int64] = [:]
        let day = time.shanghaiDay.description
        for name in rules.parameters.thresholds.keys {
            let value = rules.parameters.threshold(name, on: day, decimals: 4, default: .min)
            if value != .min { thresholds[name] = value }
        }
        return PostcheckRules(
            rules: rules.sorted.filter { isWide || $0.id == scenario.example.rule }.map(\.stored),
            ruleSetHash: rules.hash,
            organizationRules: rules.sorted.filter { $0.stage == .pre && $0.dimension == .organization }.map(\.id),
            thresholds: thresholds)
    }

    /// Rules that rest on what others found.
    private static let rulesAboutOthers: Set<RuleID> = ["P40", "P50", "P51"]

    private static func digest(_ text: String) -> SHA256Digest {
        SHA256Digest(bytes: SHA256Hasher.digest(of: Array(text.utf8)))
    }
}

/// Gathers findings from a closure that may run elsewhere.
private final class Collected: Sendable {
    private let list = Mutex<[Finding]>([])

    func add(_ finding: Finding) { list.withLock { $0.append(finding) } }

    var findings: [Finding] { list.withLock { $0 } }
}
