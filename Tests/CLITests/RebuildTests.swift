import Core
import Foundation
import Postgres
import Samples
import TestDatabase
import TestNight
import Testing

/// The archive is the last line of defence: with its ledger it is enough to make the database again.
@Suite struct `A database that is made again from the archive` {
    private func program(_ night: Night) -> Program { History(night).program }

    private func importLibraries(_ night: Night, from folder: String, version: String) async throws {
        try await History(night).importLibraries(from: folder, version: version)
    }

    private func run(_ night: Night) async throws { try await History(night).run() }

    private func expectEqual(_ night: Night, _ other: TestDatabase, repeated: Int? = nil) async throws {
        let ended = try await program(night).run(
            "rebuild", "--from-archive", "--into", other.url, "--verify", "--lang", "en")
        #expect(ended.exitCode == 0, "\(ended.output) \(ended.errors)")
        #expect(ended.output.contains("every view equals the configured database's"))
        if let repeated { #expect(ended.output.contains("\(repeated) done again"), "\(ended.output)") }
    }

    @Test(.timeLimit(.minutes(10))) func `equals the original after the sample night`() async throws {
        try await withNight { night in
            try await program(night).expectDone("init", ".")
            try await importLibraries(night, from: "\(Repository.path)/SampleData/libraries", version: "v1")
            try night.addSampleNight()
            try await run(night)
            try await withDatabase { other in
                try await expectEqual(night, other)
                // What is there already is not done again; what came since is.
                try await program(night).expectDone("submission", "withdraw", "3", "--reason", "wrong year")
                try await expectEqual(night, other, repeated: 1)
            }
        }
    }

    @Test(.timeLimit(.minutes(10))) func `equals the original after decisions, withdrawals and new libraries`()
        async throws
    {
        try await withNight { night in
            try await History(night).make()
            try await withDatabase { other in try await expectEqual(night, other) }
        }
    }

    @Test func `is refused where something else is in it, and where there is no ledger`() async throws {
        try await withNight { night in
            let program = program(night)
            try await program.expectDone("init", ".")
            let none = try await program.run("rebuild", "--from-archive", "--lang", "en")
            #expect(none.exitCode == 1)
            #expect(none.errors.contains("no ledger"))
            try await importLibraries(night, from: "\(Repository.path)/SampleData/libraries", version: "v1")
            try await withNight { stranger in
                try await stranger.publishLibraries()
                let refused = try await program.run(
                    "rebuild", "--from-archive", "--into", stranger.database.url, "--lang", "en")
                #expect(refused.exitCode == 1)
                #expect(refused.errors.contains("no earlier state"))
            }
            // An older database than the archive is not carried on by accident.
            try await withDatabase { empty in
                var wrong = program
                wrong.environment["YAOCE_DATABASE_URL"] = empty.url
                let ended = try await wrong.run("run", "--lang", "en")
                #expect(ended.exitCode == 1)
                #expect(ended.errors.contains("rebuild --from-archive"), "\(ended.errors)")
            }
        }
    }
}
