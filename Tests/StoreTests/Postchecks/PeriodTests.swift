import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Rules about a period as a whole` {
    private static let results: SQL = """
        SELECT concat_ws(' ', r.rule_id, r.status, r.evaluated, f.subject, f.value) FROM yaoce_api.period_result r
        LEFT JOIN yaoce_api.period_finding f USING (period, rule_id) WHERE r.period = '2025' ORDER BY 1
        """

    @Test func `who has not reported is named when the deadline has passed, and cities fall behind`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([
                Province.institution(1, ["city": "甲市"]), Province.institution(2, ["city": "乙市"]),
                Province.institution(3, ["city": "乙市"]), Province.institution(4, ["city": "乙市", "must_report": "0"]),
            ])
            try await province.load([Clinic(1), Clinic(2)])
            try await province.judge()
            // The run's day is in the year that is reported.
            let early = try await province.strings(Self.results)
            #expect(early.contains("P32 not_applicable 0"))
            #expect(early.contains("P47 passed_with_violations 2 乙市 50 %"))
            #expect(early.contains("P46 not_applicable 0"))
            #expect(early.contains("P48 not_applicable 0"))
            #expect(early.contains("P51 not_applicable 0"))
            let late = try await Province(store, database, day: 9_900)
            try await late.load([Clinic(1)], version: 2)
            try await late.judge()
            #expect(try await late.strings(Self.results).contains("P32 passed_with_violations 3 \(code(3))"))
            let report = try await store.report(on: try #require(Period("2025")))
            #expect(report.submissions == 2)
            #expect(report.entries.map(\.rule) == ["P32", "P47"])
            #expect(report.entries[0].message[.english].contains("医院 3 (\(code(3)), 乙市"))
        }
    }

    @Test func `a class of drugs is compared with the year before, over those who reported both`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish((1...3).map { Province.institution($0) }) { drug in
                drug < 2 ? ["atc": "J01CA04"] : drug < 4 ? ["atc": "A02BC01"] : [:]
            }
            try await province.load([1, 2].map { Clinic($0, year: 2024) }, period: "2024")
            let grown = (1...3).map { number in
                var clinic = Clinic(number)
                for drug in 0..<2 { clinic.lines[drug].multiply([.usage], by: 2) }
                return clinic
            }
            try await province.load(grown)
            try await province.judge()
            let found = try await province.strings(Self.results).filter { $0.hasPrefix("P46") }
            #expect(found.count == 1)
            #expect(found[0].hasPrefix("P46 passed_with_violations 2 J01"))
        }
    }

    @Test func `a benchmark that moved as a whole, and what is still open, keep a period from being made final`()
        async throws
    {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish((1...6).map { Province.institution($0) })
            let period = try #require(Period("2025"))
            try await province.load((1...5).map { Clinic($0, year: 2024) }, period: "2024")
            let dear = (1...5).map { number in
                var clinic = Clinic(number)
                for drug in 0..<3 { clinic.lines[drug].multiply(by: 1.7) }
                clinic.income = clinic.sold
                return clinic
            }
            try await province.load(dear)
            let waiting = try await store.finalise(period, by: "王敏", at: timestamp(5))
            #expect(waiting.finalisedAt == nil)
            #expect(waiting.open == 5)
            #expect(waiting.entries.map(\.rule) == Array(repeating: "P51", count: 5))
            try await province.judge()
            let moved = try await store.finalise(period, by: "王敏", at: timestamp(6))
            #expect(moved.finalisedAt == nil)
            #expect(Set(moved.entries.map(\.rule)).isSuperset(of: ["P48"]))
            #expect(moved.open == 0)

            try await province.load((1...5).map { Clinic($0) }, version: 2)
            try await province.judge()
            let final = try await store.finalise(period, by: "王敏", at: timestamp(7))
            #expect(final.finalisedAt == timestamp(7))
            #expect(final.finalisedBy == "王敏")
            let versions: SQL =
                "SELECT DISTINCT max(benchmark_version) FROM yaoce_api.price_benchmark WHERE period = '2025'"
            let before = try await province.strings(versions)
            // What comes late is judged by the figures that are final.
            try await province.load([Clinic(6)])
            try await province.judge()
            #expect(try await province.strings(versions) == before)
            #expect(try await store.reopen(period, by: "王敏", reason: "one came late", at: timestamp(8)))
            #expect(try await !store.reopen(period, by: "王敏", reason: "again", at: timestamp(9)))
            try await province.load([Clinic(6)], version: 2)
            try await province.judge()
            #expect(try await province.strings(versions) != before)
            #expect(
                try await province.strings("SELECT action FROM yaoce.final_period_log ORDER BY id")
                    == ["refuse", "refuse", "finalise", "reopen"])
        }
    }
}
