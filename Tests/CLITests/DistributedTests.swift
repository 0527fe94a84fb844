import Foundation
import Postgres
import TestDatabase
import TestNight
import Testing

/// One server and several come to the same: what every public view shows is compared, by checksum, after everything that
/// was recorded is done again on the other.
@Suite(.enabled(if: CitusServer.coordinator != nil, Comment(rawValue: CitusServer.isMissing)), .serialized)
struct `A distributed database` {
    /// The coordinator alone, and with workers where there are some.
    static let clusters = CitusServer.workers.isEmpty ? [false] : [false, true]

    private func expectEqual(_ night: Night, _ other: TestDatabase) async throws {
        let ended = try await History(night).program.run(
            "rebuild", "--from-archive", "--into", other.url, "--verify", "--lang", "en")
        #expect(ended.exitCode == 0, "\(ended.output) \(ended.errors)")
        #expect(ended.output.contains("every view equals the configured database's"))
    }

    @Test(.timeLimit(.minutes(10)), arguments: clusters)
    func `comes to the same as one server, with bad rows, decisions, withdrawals and new libraries`(
        workers: Bool
    ) async throws {
        try await withNight { night in
            try await History(night).make()
            try await withCitusDatabase(workers: workers) { other in try await expectEqual(night, other) }
        }
    }

    @Test(.timeLimit(.minutes(10)), arguments: clusters)
    func `is made of a full database, and carries on as it was`(workers: Bool) async throws {
        try await withCitusDatabase(workers: workers, distributed: false) { database in
            try await withFolder { folder in
                let night = try Night(folder, database)
                let history = History(night)
                let program = history.program
                try await program.expectDone("init", ".")
                try await program.expectDone("db", "migrate")
                try await history.importLibraries(from: "\(Repository.path)/SampleData/libraries", version: "v1")
                // The last institutions come in the second night.
                try night.addSampleNight { !$0.hasPrefix("9") }
                try await history.run()
                let before = try await program.expectDone("db", "checksum").output
                // Killed somewhere, and done again.
                _ = try await program.run("db", "migrate", "--distributed", killedAfter: .milliseconds(600))
                try await program.expectDone("db", "migrate", "--distributed")
                try await program.expectDone("db", "migrate", "--distributed")
                try await program.expectDone("db", "migrate")
                #expect(try await program.expectDone("db", "checksum").output == before)
                #expect(try await night.rows("SELECT count(*) FROM citus_tables") != ["0"])

                try night.addSampleNight { $0.hasPrefix("9") }
                try await history.run()
                let open = try await night.rows(
                    "SELECT item FROM yaoce_api.drug_code_map WHERE state IN ('proposed', 'no_match') ORDER BY item LIMIT 2"
                )
                try await program.expectDone("match", "decide", open[0], "--no-match", "not in use", "--by", "li")
                try await program.expectDone("match", "decide", open[1], "--ignore", "our own", "--by", "li")
                try await program.expectDone("match", "revoke", open[1], "--reason", "a mistake", "--by", "wang")
                try await program.expectDone("submission", "withdraw", "3", "--reason", "wrong year")
                try await history.run()
                try await program.expectDone("doctor")
                try await withDatabase { other in
                    try await expectEqual(night, other)
                    // What only reads says the same of both.
                    var plain = program
                    plain.environment["YAOCE_DATABASE_URL"] = other.url
                    for words in [
                        ["report", "violations", "--period", "2025", "--out", "export", "--json"],
                        ["report", "scores", "--period", "2025"], ["report", "regions", "--period", "2025"],
                        ["period", "show", "2025"], ["match", "report", "--period", "2025"],
                        ["rules", "what-if", "--set", "P50.rate.level2=0"],
                        ["rules", "what-if", "--set", "P03.low=0.9"],
                        ["submission", "list"], ["submission", "show", "14"], ["status"],
                    ] {
                        let (here, there) = (try await program.run(words), try await plain.run(words))
                        #expect(here.exitCode == 0, "\(words) \(here.errors)")
                        #expect(here.output == there.output, "\(words)")
                    }
                }
            }
        }
    }
}

/// What is said where there is no such cluster.
@Suite(.enabled(if: TestCluster.isWanted, "PostgreSQL is not installed"))
struct `A server without Citus` {
    @Test func `says what it lacks, and stays as it was`() async throws {
        try await withNight { night in
            let program = History(night).program
            try await program.expectDone("init", ".")
            let ended = try await program.run("db", "migrate", "--distributed", "--lang", "en")
            #expect(ended.exitCode == 2)
            #expect(ended.errors.contains("shared_preload_libraries"), "\(ended.errors)")
            try await program.expectDone("db", "migrate")
        }
    }
}
