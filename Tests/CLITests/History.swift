import Core
import Foundation
import Postgres
import TestDatabase
import TestNight
import Testing

/// Nights with everything that is recorded: bad rows, decisions, withdrawals, new libraries, what came again.
struct History {
    let night: Night

    init(_ night: Night) { self.night = night }

    var program: Program {
        Program(night.folder, environment: ["YAOCE_DATABASE_URL": night.database.url, "YAOCE_LOG_LEVEL": "error"])
    }

    func importLibraries(from folder: String, version: String) async throws {
        for kind in ["divisions", "institutions", "drugs"] {
            try await program.expectDone(
                "library", "import", kind, "\(folder)/\(kind).csv", "--version", version, "--publish")
        }
    }

    func run() async throws {
        try await program.expectDone("run", "--business-date", Night.businessDate.description)
    }

    func make() async throws {
        try await program.expectDone("init", ".")
        let generate = [
            "sample", "generate", "--kind", "night", "--institutions", "1,1,1,2", "--library-drugs", "600",
        ]
        _ = try await program.run(
            generate + ["--scale", "8", "--bad-per-mille", "20", night.folder.file("sample")])
        try await importLibraries(from: night.folder.file("sample/libraries"), version: "v1")
        try FileManager.default.removeItem(atPath: night.folder.file("inbox"))
        try FileManager.default.copyItem(
            atPath: night.folder.file("sample/inbox"), toPath: night.folder.file("inbox"))
        try await run()
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
        try await importLibraries(from: night.folder.file("sample/libraries"), version: "v2")
        _ = try await program.run(generate + ["--scale", "9", night.folder.file("again")])
        for name in ["sample", "again"] {
            _ = try await program.run("doctor")
            let source = night.folder.file("\(name)/inbox")
            for entry in try FileManager.default.contentsOfDirectory(atPath: source) {
                try? FileManager.default.removeItem(atPath: night.folder.file("inbox/\(entry)"))
                try FileManager.default.copyItem(
                    atPath: "\(source)/\(entry)", toPath: night.folder.file("inbox/\(entry)"))
            }
            try await run()
        }
    }
}
