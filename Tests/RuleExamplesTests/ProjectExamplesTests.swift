import Core
import Postgres
import RuleExamples
import Rules
import Store
import TestDatabase
import Testing

@Suite struct `Examples of the project's rules` {
    @Test func `every example is understood`() throws {
        #expect(try ProjectRules.suite().mistakes.map(\.description) == [])
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
