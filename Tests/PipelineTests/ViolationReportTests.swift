import Core
import Foundation
import Postgres
import Store
import TestDatabase
import TestNight
import Testing

@testable import Pipeline

@Suite(.enabled(if: TestCluster.isWanted, "PostgreSQL is not installed"))
struct `The officers' report of a night` {
    private static let folder = "reports/violations/2025"

    /// The records of a comma-separated file with quotes, without its header.
    private static func records(_ text: String) -> Int {
        var isQuoted = false
        var ends = 0
        for byte in text.utf8 {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if byte == 10, !isQuoted { ends += 1 }
        }
        return ends - 1
    }

    @Test func `counts what SQL counts, lists all of it, and names nobody`() async throws {
        try await withNight { night in
            try await night.publishLibraries()
            try night.addSampleNight()
            try await night.run()
            let folder = Self.folder
            func text(_ name: String) throws -> String {
                try String(contentsOfFile: night.folder.file("\(folder)/\(name)"), encoding: .utf8)
            }
            let total = try #require(
                try await night.rows(
                    "SELECT count(*) FROM yaoce_api.finding f JOIN yaoce_api.submission s USING (submission_id) WHERE s.is_current"
                ).first.flatMap { Int($0) })
            #expect(total > 50)
            let list = try text("violations.csv")
            #expect(try night.folder.bytes("\(folder)/violations.csv").starts(with: Array("\u{FEFF}医疗机构代码,".utf8)))
            #expect(Self.records(list) == total)
            let index = try text("index.html")
            #expect(index.contains("<dd>\(total)<"))
            let following = try await night.rows(
                """
                SELECT count(*) FROM yaoce_api.finding f JOIN yaoce_api.submission s USING (submission_id)
                WHERE s.is_current AND f.root <> f.fingerprint AND EXISTS (SELECT FROM yaoce_api.finding r
                    WHERE r.submission_id = f.submission_id AND r.fingerprint = f.root)
                """
            ).first.flatMap { Int($0) }
            #expect(try text("index.json").contains("\"causes\": \(total - (following ?? 0)),"))
            // Every rule and every institution has its page and its complete list.
            let byRule = try await night.rows(
                """
                SELECT rule_id, count(*), count(DISTINCT submission_id) FROM yaoce_api.finding f
                JOIN yaoce_api.submission s USING (submission_id) WHERE s.is_current GROUP BY 1
                """)
            for line in byRule {
                let parts = line.components(separatedBy: "|")
                #expect(Self.records(try text("rules/\(parts[0]).csv")) == Int(parts[1]))
                #expect(Self.records(try text("rules/\(parts[0])-institutions.csv")) == Int(parts[2]))
                #expect(try text("rules/\(parts[0]).html").contains("<dd>\(parts[1])</dd>"))
            }
            let bySubmission = try await night.rows(
                """
                SELECT s.hospital_code, count(*) FROM yaoce_api.finding f
                JOIN yaoce_api.submission s USING (submission_id) WHERE s.is_current GROUP BY 1
                """)
            for line in bySubmission {
                let parts = line.components(separatedBy: "|")
                #expect(Self.records(try text("institutions/\(parts[0]).csv")) == Int(parts[1]))
                #expect(try text("institutions.html").contains("institutions/\(parts[0]).html"))
            }
            #expect(Self.records(try text("institutions.csv")) == bySubmission.count)
            #expect(try text("../../index.html").contains("violations/2025/index.html"))

            // Names of people stand in no page and no list, though in the sample's institution tables.
            let people = try await night.rows(
                "SELECT DISTINCT unnest(ARRAY[unit_head, stats_head]) FROM yaoce_api.institution"
            ).filter { $0 != "-" && $0.count > 1 }
            #expect(!people.isEmpty)
            for name in night.folder.files(below: folder) {
                let paper = try text(name)
                for person in people { #expect(!paper.contains(person), "\(name) names a person") }
            }
        }
    }

    @Test func `is written again when something changed, and not otherwise`() async throws {
        try await withNight { night in
            try await night.publishLibraries()
            try night.addSampleNight { $0.hasPrefix("527") || $0.hasPrefix("YPJC_527") }
            try await night.run()
            let page = night.folder.file("\(Self.folder)/index.html")
            let first = try Data(contentsOf: URL(fileURLWithPath: page))
            try Data("mine".utf8).write(to: URL(fileURLWithPath: page))
            try await night.run()
            #expect(try Data(contentsOf: URL(fileURLWithPath: page)) == Data("mine".utf8))
            // A report that is lost, or was left half-way, is made anew and is the same.
            try FileManager.default.removeItem(atPath: night.folder.file(Self.folder))
            try FileManager.default.createDirectory(
                atPath: night.folder.file("\(Self.folder).new/rules"), withIntermediateDirectories: true)
            try await night.run()
            #expect(try Data(contentsOf: URL(fileURLWithPath: page)) == first)
            #expect(
                night.folder.files(below: "reports/violations").allSatisfy {
                    !$0.contains(".new/") && !$0.contains(".old/")
                })
        }
    }

    @Test func `never takes the place of something else`() async throws {
        try await withNight { night in
            _ = try night.folder.makeFolder("elsewhere")
            _ = try night.folder.write("keep me", to: "elsewhere/letter.txt")
            let store = try await night.database.store()
            let writer = ViolationReportWriter(
                store: store, settings: night.settings, rules: try TestRules.book.get(),
                businessDate: Night.businessDate)
            let period = try #require(Period("2025"))
            let refusal = await #expect(throws: ViolationReportWriter.Refusal.self) {
                _ = try await writer.write(period, to: night.folder.file("elsewhere"))
            }
            #expect(refusal != nil)
            #expect(night.folder.files(below: "elsewhere") == ["letter.txt"])
            // A period without anything in force is a report too, also where one was left half-way.
            _ = try night.folder.makeFolder("empty.new")
            _ = try night.folder.write("half", to: "empty.new/institutions.csv.tmp")
            let written = try await writer.write(period, to: night.folder.file("empty"))
            #expect(written.findings == 0 && written.submissions == 0)
            await store.close()
        }
    }
}
