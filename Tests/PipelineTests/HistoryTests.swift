import Core
import Foundation
import Postgres
import Samples
import TestNight
import Testing

@testable import Pipeline

/// What the checks are told of an institution's past.
@Suite struct `A second period` {
    private func send(_ year: Int, into night: Night) throws -> (hospital: String, folder: String) {
        var plan = NightPlan.institutions(
            [.primary: 1], seed: 20_260_101, period: try #require(Period(year: year)))
        plan.formats = .plain
        plan.libraryDrugs = 1_200
        plan.varieties = [.primary: 60]
        let sink = MemorySink()
        try SampleNight.write(plan, into: sink)
        var code = ""
        for (path, bytes) in sink.files where path.hasPrefix("inbox/") {
            try night.folder.write(bytes, to: path)
            code = String(path.split(separator: "/")[1])
        }
        return (code, "inbox/\(code)/\(year)")
    }

    @Test(.timeLimit(.minutes(10))) func `is held against the first, which is held against nothing`() async throws {
        try await withNight { night in
            try await night.publishLibraries()
            _ = try send(2024, into: night)
            #expect(try await night.run().isClean)
            let sent = try send(2025, into: night)
            let path = "\(sent.folder)/stock_out.csv"
            let lines = String(decoding: try night.folder.bytes(path), as: UTF8.self).split(separator: "\n")
            try night.folder.write(lines.prefix(21).joined(separator: "\n") + "\n", to: path)
            #expect(try await night.run().isClean)
            let statuses = try await night.rows(
                """
                SELECT s.period, r.rule_id, r.status, r.reason, r.evaluated, r.violated FROM yaoce_api.rule_result r
                JOIN yaoce_api.submission s USING (submission_id) WHERE r.rule_id IN ('G10', 'G12') ORDER BY 1, 2
                """)
            #expect(
                statuses == [
                    "2024|G10|passed|-|1|0", "2024|G12|not_applicable|first_period|0|0", "2025|G10|passed|-|1|0",
                    "2025|G12|passed_with_violations|-|4|1",
                ])
            let found = try await night.rows(
                "SELECT table_name, value FROM yaoce_api.finding WHERE rule_id = 'G12'")
            #expect(found == ["stock_out|20"])
        }
    }
}
