import Core
import Foundation
import Postgres
import Samples
import TestDatabase
import TestNight
import Testing

/// The archive is the last line of defence: with its ledger it is enough to make the database again.
@Suite struct `A database that is made again from the archive` {
    private func program(_ night: Night) -> Program {
        Program(night.folder, environment: ["YAOCE_DATABASE_URL": night.database.url, "YAOCE_LOG_LEVEL": "error"])
    }

    private func importLibraries(_ night: Night, from folder: String, version: String) async throws {
        for kind in ["divisions", "institutions", "drugs"] {
            try await program(night).expectDone(
                "library", "import", kind, "\(folder)/\(kind).csv", "--version", version, "--publish")
        }
    }

    private func run(_ night: Night) async throws {
        try await program(night).expectDone("run", "--business-date", Night.businessDate.description)
    }

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
            let program = program(night)
            try await program.expectDone("init", ".")
            let generate = [
                "sample", "generate", "--kind", "night", "--institutions", "1,1,1,2", "--library-drugs", "600",
            ]
            _ = try await program.run(
                generate + ["--scale", "8", "--bad-per-mille", "20", night.folder.file("sample")])
            try await importLibraries(night, from: night.folder.file("sample/libraries"), version: "v1")
            try FileManager.default.removeItem(atPath: night.folder.file("inbox"))
            try FileManager.default.copyItem(
                atPath: night.folder.file("sample/inbox"), toPath: night.folder.file("inbox"))
            try await run(night)
            let open = try await night.rows(
                "SELECT item FROM yaoce_api.drug_code_map WHERE state IN ('proposed', 'no_match', 'approved') ORDER BY item LIMIT 4"
            )
            #expect(open.count == 4)
            try await program.expectDone("match", "decide", open[0], "--no-match", "not in use", "--by", "li")
            try await program.expectDone("match", "decide", open[1], "--ignore", "our own", "--by", "li")
            try await program.expectDone("match", "revoke", open[1], "--reason", "a mistake", "--by", "wang")
            let catalogue = try #require(
                night.folder.files(below: "sample/inbox").first { $0.hasSuffix("catalogue.csv") || $0.contains("目录") })
            try await program.expectDone(
                "match", "new", night.folder.file("sample/inbox/\(catalogue)"), "--by", "li")
            try await program.expectDone("submission", "withdraw", "2", "--reason", "wrong year")
            // A second version of the libraries, another night of the same institutions, and the withdrawn one once more.
            try await importLibraries(night, from: night.folder.file("sample/libraries"), version: "v2")
            _ = try await program.run(generate + ["--scale", "9", night.folder.file("again")])
            for name in ["sample", "again"] {
                _ = try await program.run("doctor")
                let source = night.folder.file("\(name)/inbox")
                for entry in try FileManager.default.contentsOfDirectory(atPath: source) {
                    try? FileManager.default.removeItem(atPath: night.folder.file("inbox/\(entry)"))
                    try FileManager.default.copyItem(
                        atPath: "\(source)/\(entry)", toPath: night.folder.file("inbox/\(entry)"))
                }
                try await run(night)
            }
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
