public import Core
internal import Foundation
public import Rules

/// All examples of a rule set: looks whether every rule has what a rule must have, and runs what it has.
public struct RuleExampleSuite: Sendable {
    /// The rules.
    public let rules: RuleBook
    /// Their examples, in the order of rules.
    public let examples: [RuleExample]

    /// Reads the examples of a rule folder.
    /// - Throws: `RuleFolderError`, every mistake of the files of examples at once.
    public init(rules: RuleBook, files: [RuleBook.File]) throws {
        self.rules = rules
        examples = try rules.examples(in: files)
    }

    /// The examples of one rule with their positions, from 1.
    public func examples(of rule: RuleID) -> [(number: Int, example: RuleExample)] {
        examples.filter { $0.rule == rule }.enumerated().map { ($0.offset + 1, $0.element) }
    }

    /// Examples that cannot be understood, each with its place.
    public var mistakes: [ExampleError] {
        examples.compactMap { example -> ExampleError? in
            do throws(ExampleError) {
                _ = try ExampleScenario(example, slot: RuleExampleSuite.slot)
                return nil
            } catch { return error }
        }
    }

    /// Whether an example needs a database: what is judged after the load, and what only the inbox shows.
    public static func needsDatabase(_ rule: Rule) -> Bool { rule.stage == .post || rule.id == "A17" }

    private static let year: Period = {
        guard let year = Period(year: 2025) else { preconditionFailure("2025 is a year") }
        return year
    }()
    /// The slot of examples that run alone.
    static let slot = ExampleScenario.Slot(number: 0, period: RuleExampleSuite.year)

    /// Runs the examples of rules before the load; the answers keep the order of the examples.
    public func runPrecheck(only chosen: Set<RuleID>? = nil) async throws -> [ExampleOutcome] {
        let wanted = numbered(chosen) { !RuleExampleSuite.needsDatabase($0) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("yaoce-rules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try await run(wanted, PrecheckRunner(rules: rules, folder: folder.path))
    }

    /// Runs the examples that need a database, in one of their own on a server, which is dropped afterwards.
    public func runPostcheck(server url: String, only chosen: Set<RuleID>? = nil) async throws -> [ExampleOutcome] {
        let wanted = numbered(chosen) { RuleExampleSuite.needsDatabase($0) }
        guard !wanted.isEmpty else { return [] }
        let scenarios = try wanted.enumerated().map { index, entry in
            // Years that no example shares, five apart for the periods before; the calendar has room for them.
            let period = Period(year: 2030 + 5 * (index % 190)) ?? RuleExampleSuite.slot.period
            return try ExampleScenario(entry.example, slot: .init(number: index + 1, period: period))
        }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("yaoce-rules-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let findings = try await ScratchDatabase.with(server: url) { store, connection in
            try await PostcheckRunner(rules: rules, store: store, connection: connection, folder: folder.path)
                .findings(scenarios)
        }
        return zip(zip(scenarios, wanted), findings).map { known, found in
            ExampleJudgement.outcome(
                known.0, number: known.1.number, findings: found.findings,
                isNotApplicable: found.isNotApplicable)
        }
    }

    /// The examples of rules that are wanted, each with its position among those of its rule.
    func numbered(
        _ chosen: Set<RuleID>?, where isWanted: (Rule) -> Bool
    ) -> [(number: Int, example: RuleExample)] {
        var numbers: [RuleID: Int] = [:]
        return examples.compactMap { example in
            numbers[example.rule, default: 0] += 1
            guard let rule = rules.rules[example.rule], isWanted(rule), chosen?.contains(example.rule) ?? true else {
                return nil
            }
            return (numbers[example.rule] ?? 1, example)
        }
    }

    private func run(
        _ wanted: [(number: Int, example: RuleExample)], _ runner: PrecheckRunner
    ) async throws -> [ExampleOutcome] {
        try await withThrowingTaskGroup(of: [(Int, ExampleOutcome)].self) { tasks in
            let lanes = 2
            for lane in 0..<lanes {
                tasks.addTask {
                    try stride(from: lane, to: wanted.count, by: lanes).map { index in
                        let (number, example) = wanted[index]
                        let scenario = try ExampleScenario(example, slot: RuleExampleSuite.slot)
                        let found = try runner.findings(scenario)
                        return (
                            index,
                            ExampleJudgement.outcome(
                                scenario, number: number, findings: found.findings,
                                isNotApplicable: found.isNotApplicable)
                        )
                    }
                }
            }
            var outcomes: [(Int, ExampleOutcome)] = []
            for try await lane in tasks { outcomes += lane }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}
