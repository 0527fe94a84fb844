import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Grades after the load` {
    /// A hundred loaded rows, of which some are used more than twice as much as was issued.
    private static func hundred(_ number: Int, anomalies: Int) -> FixtureRows {
        var clinic = Clinic(number)
        clinic.lines = (0..<49).map {
            Clinic.Line($0, price: 1_000 + Int64(number), used: Int64(211 + $0 * 3 + number))
        }
        for index in 0..<anomalies { clinic.lines[index].doses[.stockOut] = 100 }
        var rows = clinic.rows
        rows.institutions = []
        rows.catalogue = Array(rows.catalogue.prefix(1))
        rows.movements[.stockIn] = Array((rows.movements[.stockIn] ?? []).prefix(1))
        return rows
    }

    @Test(
        "the threshold of the level decides, to the row",
        arguments: [
            ("3", 0, 3, Grade.review), ("3", 0, 4, .suggestedReturn), ("2", 0, 3, .review),
            ("2", 0, 4, .suggestedReturn), ("9", 0, 4, .suggestedReturn), ("9", 1, 39, .review),
            ("1", 1, 40, .suggestedReturn),
        ])
    func thresholds(level: String, isPrimary: Int, anomalies: Int, expected: Grade) async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            _ = try await store.importLibrary(
                .institutions, version: "v1", sha256: digest(1), at: timestamp(0), publishing: true
            ) { try $0(Province.institution(1, level: level, ["is_primary": "\(isPrimary)"])) }
            let night = Night(store: store, run: province.run)
            let submission = try #require(try await night.receive([plan()]).first)
            let rows = Self.hundred(1, anomalies: anomalies)
            try await store.completePrecheck([judged(submission, rows)], run: province.run)
            try await store.completeLoad([(submission, rows)], run: province.run)
            try await province.judge()
            #expect(try await province.grade(submission.id) == expected)
            let told = try await province.strings(
                "SELECT value || ' ' || expected FROM yaoce_api.finding WHERE rule_id = 'P50'")
            #expect(told.count == (expected == .suggestedReturn ? 1 : 0))
            #expect(
                try await province.strings("SELECT anomalous_rows || '/' || judged_rows FROM yaoce.submission")
                    == ["\(anomalies)/100"])
        }
    }

    @Test func `an error about the whole submission keeps it from passing, and a returned one has no grade`()
        async throws
    {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var doubted = Clinic(1)
            doubted.findings = [
                Finding(
                    Observation("E05", at: Place(table: .institution, file: 0)), severity: .error,
                    fingerprint: Fingerprint(high: 1, low: 1))
            ]
            let ids = try await province.load([doubted, Clinic(2)])
            let night = Night(store: store, run: province.run)
            let returned = try #require(try await night.receive([plan(hospital: 3, bytes: 99)]).first)
            let nothing = FixtureRows()
            try await store.completePrecheck(
                [judged(returned, nothing, .returned, files: [])], run: province.run)
            try await store.completeLoad([(returned, nothing)], run: province.run)
            let outcomes = try await province.judge()
            #expect(outcomes.map(\.submissions) == [3])
            #expect(try await province.grade(ids[0]) == .review)
            #expect(try await province.grade(ids[1]) == .pass)
            #expect(try await province.grade(returned.id) == nil)
            #expect(try await store.waiting(for: .report, limit: 9).count == 3)
        }
    }

    @Test func `without rules for this stage submissions go on without a grade`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let ids = try await province.load([Clinic(1)])
            var none = province.rules
            none.rules = none.rules.filter { $0.stage == .pre }
            none.thresholds = [:]
            let outcome = try await store.postcheck(none, run: province.run)
            #expect(outcome?.submissions == 1)
            #expect(outcome?.errors == [:])
            #expect(try await province.grade(ids[0]) == nil)
            #expect(try await store.waiting(for: .report, limit: 9).map(\.id) == ids)
        }
    }

    @Test func `judging again gives the same findings, results and grades`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var odd = Clinic(1)
            odd.lines[0].multiply([.usage], by: 300)
            odd.lines[3].doses[.stockIn] = 77
            let ids = try await province.load([odd] + (2...9).map { Clinic($0) })
            let everything: SQL = """
                SELECT row(submission_id, rule_id, severity, table_name, file_name, line, row_number, value, expected,
                    details, fingerprint, message_zh)::text FROM yaoce_api.finding
                UNION ALL SELECT row(submission_id, rule_id, rule_hash, status, evaluated, violated, reason)::text
                    FROM yaoce_api.rule_result
                UNION ALL SELECT row(submission_id, grade)::text FROM yaoce_api.submission
                UNION ALL SELECT row(b.*)::text FROM yaoce.price_benchmark b
                UNION ALL SELECT row(c.*)::text FROM yaoce.finding_count c
                UNION ALL SELECT row(f.submission_id, f.file_no, f.findings)::text FROM yaoce.submission_file f ORDER BY 1
                """
            try await province.judge()
            let first = try await province.strings(everything)
            #expect(first.contains { $0.contains("P01,anomaly,usage,usage.csv,2,1") })
            #expect(first.contains { $0.contains("药 H0（H0）单价") })
            try await store.sendBack(ids, to: .postcheck)
            try await province.judge()
            #expect(try await province.strings(everything) == first)
            let report = try #require(try await store.report(on: ids[0]))
            #expect(report.files[4].findings["anomaly"] == 5)
        }
    }

    @Test func `a rule that fails is an error of its own and the others are judged`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var odd = Clinic(1)
            odd.lines[0].multiply([.usage], by: 300)
            let ids = try await province.load([odd] + (2...9).map { Clinic($0) })
            let checks =
                PostCheck.all.filter { !["P01", "P12"].contains($0.rule) } + [
                    PostCheck("P01", evaluated: "1") { _ in
                        "SELECT 1 / (s.submission_id - s.submission_id) FROM scope s"
                    },
                    PostCheck("P12", evaluated: "1") { "SELECT \(try $0["P12.nothing"])" },
                ]
            let outcomes = try await province.judge(checks: checks)
            #expect(outcomes.map { $0.errors.keys.sorted() } == [["P01", "P12"]])
            #expect(outcomes.first?.errors["P12"]?.contains("P12.nothing") == true)
            #expect(
                try await province.strings(
                    """
                    SELECT concat_ws(' ', rule_id, status, count(*)) FROM yaoce_api.rule_result
                    WHERE rule_id IN ('P01', 'P12', 'P13') GROUP BY rule_id, status ORDER BY 1
                    """) == ["P01 error 9", "P12 error 9", "P13 passed 9"])
            #expect(try await province.found(ids[0]).contains("P03 warning usage H0"))
            #expect(try await province.grade(ids[0]) != nil)
        }
    }
}
