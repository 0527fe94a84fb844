import Core
import Foundation
import Postgres
import TestDatabase
import TestNight
import Testing

@Suite(.enabled(if: TestCluster.isWanted, "PostgreSQL is not installed"))
struct `Commands for officers` {
    private func withProgram(_ body: @Sendable (Program, Night) async throws -> Void) async throws {
        try await withNight { night in
            let program = Program(
                night.folder, environment: ["YAOCE_DATABASE_URL": night.database.url, "YAOCE_LOG_LEVEL": "error"])
            try await program.expectDone("init", ".")
            try await body(program, night)
        }
    }

    @Test func `report, score, evaluate and ask what if`() async throws {
        try await withProgram { program, night in
            try await night.publishLibraries()
            try night.addSampleNight { $0.contains("5271994906107") || $0.contains("21615823761100211") }
            try await program.expectDone("run", "--business-date", Night.businessDate.description)

            let report = try JSONValue(
                try await program.expectDone("report", "violations", "--period", "2025", "--out", "export", "--json")
                    .output)
            #expect(report["period"].string == "2025")
            #expect((report["findings"].int ?? 0) > 0)
            let folder = try #require(report["folder"].string)
            #expect(FileManager.default.fileExists(atPath: "\(folder)/violations.csv"))
            // The stage alone is still what `report` without more means.
            try await program.expectDone("report", "--json")

            let scores = try JSONValue(
                try await program.expectDone("report", "scores", "--period", "2025", "--json").output)
            #expect(scores.list.count == report["submissions"].int)
            #expect(scores.list.contains { $0["completeness"]["whole"].int ?? 0 > 0 })
            let regions = try JSONValue(
                try await program.expectDone("report", "regions", "--period", "2025", "--json").output)
            #expect(regions[0]["region_level"].string == "province")
            #expect(regions[0]["coverage"]["whole"].int ?? 0 > 0)

            for (setting, method) in [("P50.rate.level2=0", "stored_counts"), ("P03.low=0.9", "judged_again")] {
                let answer = try JSONValue(
                    try await program.expectDone("rules", "what-if", "--set", setting, "--json").output)
                #expect(answer["method"].string == method)
                #expect(answer["periods"][0]["period"].string == "2025")
                let graded = try await night.rows("SELECT count(*) FROM yaoce_api.submission WHERE grade IS NOT NULL")
                #expect(answer["periods"][0]["submissions"].int.map(String.init) == graded.first)
            }
            let text = try await program.expectDone("rules", "what-if", "--set", "P50.rate.level3=0", "--lang", "en")
            #expect(text.output.contains("grades would change"))
        }
    }

    @Test(arguments: [
        ["report", "violations"], ["report", "violations", "--period", "x"],
        ["report", "scores", "--period", "2025Q9"],
        ["rules", "what-if"], ["rules", "what-if", "--set", "P50.rate.level3"],
        ["rules", "what-if", "--set", "P99.nothing=1"], ["rules", "what-if", "--set", "P50.rate.level3=much"],
        ["rules", "what-if", "--set", "P50.rate.level3=-1"], ["rules", "what-if", "--set", "C31.income=1"],
    ])
    func `exit 2 when they are used wrongly`(arguments: [String]) async throws {
        try await withProgram { program, _ in
            let ended = try await program.expect(2, arguments)
            #expect(ended.output == "" && !ended.errors.isEmpty)
        }
    }
}
