import Core
import Foundation
import Postgres
import RuleExamples
import Rules
import Store
import TestDatabase
import Testing

@Suite struct `Examples of the project's rules` {
    @Test func `every rule has an author, a day, a reason and examples of both kinds`() throws {
        let suite = try ProjectRules.suite()
        #expect(suite.rules.rules.count == 166)
        #expect(suite.mistakes.map(\.description) == [])
        #expect(suite.lacks.map { "\($0.rule): \($0.phrase.english)" } == [])
    }

    @Test func `the submission that examples change has nothing wrong with it`() async throws {
        var folder = SmallFolder()
        folder.examples = "examples:\n  C19:\n    - passes: {}\n"
        let suite = try RuleExampleSuite(
            rules: RuleBook(files: try ProjectRules.files()), files: [folder.files[1]])
        let outcomes = try await suite.runPrecheck()
        #expect(outcomes.map(\.others) == [[]])
    }

    @Test func `every negated condition is noticed by an example`() async throws {
        let outcome = try await ProjectRules.suite().runMutations()
        #expect(outcome.unnoticed == [])
        #expect(!outcome.negated.isEmpty)
    }

    @Test func `every id that the program names is a rule of the folder, and so has a page`() throws {
        let known = Set(try ProjectRules.suite().rules.rules.keys.map(\.rawValue))
        let sources = ProjectRules.folder.deletingLastPathComponent().appending(path: "Sources")
        let id = /"([A-G][0-9]{2}|P[0-9]{2})"/
        var named: Set<String> = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where name.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            for match in text.matches(of: id) { named.insert(String(match.1)) }
        }
        #expect(named.subtracting(known) == [])
        #expect(named.count > 100)
    }

    @Test func `every example before the load does what it says`() async throws {
        let outcomes = try await ProjectRules.suite().runPrecheck()
        #expect(outcomes.filter { !$0.holds }.map(described) == [])
        #expect(!outcomes.isEmpty)
    }

    @Test(.enabled(if: TestCluster.isWanted, "needs PostgreSQL's server programs"))
    func `every example after the load does what it says`() async throws {
        try await withDatabase(.empty) { database in
            let outcomes = try await ProjectRules.suite().runPostcheck(server: database.url)
            #expect(outcomes.filter { !$0.holds }.map(described) == [])
            #expect(!outcomes.isEmpty)
            let left = try await database.connect()
            let names = try await left.perform {
                try $0.query("SELECT datname FROM pg_database WHERE datname LIKE 'yaoce_rules_%'")
                    .column(0, as: String.self)
            }
            await left.close()
            #expect(names == [])
        }
    }

    private func described(_ outcome: ExampleOutcome) -> String {
        "\(outcome.example.rule) #\(outcome.number) \(outcome.example.file):\(outcome.example.line) "
            + (outcome.problem?.english ?? "") + " others: " + outcome.others.map(\.rawValue).joined(separator: " ")
    }
}
