internal import Core
internal import Digests
internal import Foundation
internal import Pipeline
internal import Rules
internal import Store
internal import Synchronization

/// Runs examples through precheck, load and postcheck in a database: every example has institutions, drugs and a period
/// of its own, so that none sees another, and all of them are loaded at once.
struct PostcheckRunner {
    let rules: RuleBook
    let store: PostgresStore
    let checks: PrecheckRunner
    /// Half of 2026: a day on which today's thresholds are in force.
    private let time = Timestamp(microseconds: 1_782_000_000_000_000)

    /// A submission of an example on its way into the database.
    private struct Sent {
        var scenario: Int
        var isTheOne: Bool
        var submission: ExampleCase
        var files = FilePatch()
    }

    init(rules: RuleBook, store: PostgresStore, folder: String) {
        self.rules = rules
        self.store = store
        checks = PrecheckRunner(rules: rules, folder: folder)
    }

    /// What is found in the institution in question of each scenario.
    func findings(_ scenarios: [ExampleScenario]) async throws -> [[Finding]] {
        try await publish(scenarios)
        try await store.register(rules.sorted.map(\.stored), ruleSetHash: rules.hash)
        let run = try await store.beginRun(businessDate: time.shanghaiDay, startedAt: time)
        let sent = scenarios.enumerated().flatMap { index, scenario in
            let one = Sent(scenario: index, isTheOne: true, submission: scenario.submission, files: scenario.files)
            let earlier = [scenario.before].compactMap { $0 } + scenario.peersBefore
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
        var findings: [[Finding]] = []
        for index in scenarios.indices {
            let collected = Collected()
            if let id = ones[index] {
                try await store.forEachFinding(of: id) { collected.add($0) }
            }
            findings.append(collected.findings)
        }
        return findings
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
            sha256: digest(input.files.map { "\($0.name) \($0.sha256.hex)" }.joined(separator: "\n") + name),
            files: input.files.map { ArchivedFile(name: $0.name, sha256: $0.sha256, size: $0.size) },
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

    /// Rules that count what others found.
    private static let rulesAboutOthers: Set<RuleID> = ["P50", "P51"]

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
