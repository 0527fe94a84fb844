import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `What officers are told` {
    /// Ten institutions in two cities of which some report odd things, and one that does not report.
    private static func night(_ province: Province) async throws -> [SubmissionID] {
        let cities = ["330102", "330203"]
        try await province.publish(
            (1...11).map { number in
                Province.institution(
                    number, level: number % 3 == 0 ? "1" : number % 2 == 0 ? "2" : "3",
                    [
                        "is_primary": number % 3 == 0 ? "1" : "0", "division_code": cities[number % 2],
                        "city": number % 2 == 0 ? "甲市" : "乙市", "county": "县 \(number)", "must_report": "1",
                    ])
            })
        var clinics = (1...10).map { Clinic($0) }
        clinics[0].lines[0].multiply([.usage], by: 300)
        clinics[1].lines[3].doses[.stockIn] = 77
        clinics[2].lines[2].amounts[.usage] = 0
        clinics[4].lines[5].multiply([.usage, .stockIn], by: 20)
        clinics[5].findings = [
            Finding(
                Observation("E05", at: Place(table: .institution, file: 0)), severity: .error,
                fingerprint: Fingerprint(high: 1, low: 1))
        ]
        let ids = try await province.load(clinics)
        try await province.judge()
        return ids
    }

    @Test func `counts are those of SQL`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let ids = try await Self.night(province)
            let period = try #require(Period("2025"))
            let summary = try await store.violationSummary(of: period)
            #expect(summary.submissions.map(\.submission) == ids)
            #expect(summary.earlier == nil)
            let told = summary.submissions.flatMap { item in
                item.counts.map { "\(item.submission) \($0.rule) \($0.severity.rawValue) \($0.count)" }
            }
            let counted = try await province.strings(
                """
                SELECT concat_ws(' ', submission_id, rule_id, severity, count(*)) FROM yaoce_api.finding
                GROUP BY submission_id, rule_id, severity
                """)
            #expect(told.sorted() == counted.sorted())
            #expect(!told.isEmpty)
            #expect(summary.submissions[0].city == "乙市" && summary.submissions[0].county == "县 1")
            #expect(summary.submissions[2].level == .primary)
            #expect(try await store.reports(on: [ids[1], ids[0]]).map(\.submission.id) == [ids[0], ids[1]])
            #expect(try await store.periodStates().keys.sorted() == [period])
        }
    }

    @Test func `scores and regions are the same in SQL and in the program`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            _ = try await Self.night(province)
            let period = try #require(Period("2025"))
            let weights = EvaluationWeights(thresholds: ["region.weight.match": 100_000])
            try await store.register(weights)
            func text(_ hundredths: Int?) -> String {
                hundredths.map { FixedPoint.text(Int64($0), decimals: 2) } ?? "-"
            }
            let scores = try await store.scores(of: period).map { item in
                let quality = item.quality
                return
                    ["\(item.submission)"]
                    + [quality.records.hundredths, quality.rules.hundredths, quality.checks.hundredths, quality.score]
                    .map(text)
            }
            let scoresOfSQL = try await province.strings(
                """
                SELECT concat_ws(' ', submission_id, coalesce(completeness::numeric(7, 2)::text, '-'),
                    coalesce(accuracy::numeric(7, 2)::text, '-'), coalesce(consistency::numeric(7, 2)::text, '-'),
                    coalesce(score::numeric(7, 2)::text, '-'))
                FROM yaoce_api.quality_score WHERE period = '2025' ORDER BY submission_id
                """)
            #expect(scores.map { $0.joined(separator: " ") } == scoresOfSQL)
            let regions = try await store.regions(of: period)
            let regionsOfSQL = try await province.strings(
                """
                SELECT concat_ws(' ', region_code, region_name, coalesce(coverage_rate::numeric(7, 2)::text, '-'),
                    coalesce(match_rate::numeric(7, 2)::text, '-'), coalesce(accuracy_rate::numeric(7, 2)::text, '-'),
                    coalesce(progress_rate::numeric(7, 2)::text, '-'), coalesce(score::numeric(7, 2)::text, '-'))
                FROM yaoce_api.region_evaluation WHERE period = '2025' ORDER BY region_code
                """)
            #expect(
                regions.map { region in
                    ([region.regionCode] + [region.name].compactMap { $0 }
                        + (region.dimensions + [region.score(weights)]).map(text)).joined(separator: " ")
                } == regionsOfSQL)
            #expect(regions.map(\.regionCode) == ["330000", "330100", "330200"])
            #expect(regions[0].coverage == Rate(10, of: 11))
            #expect(regions[1].coverage == Rate(5, of: 5) && regions[1].name == "甲市")
            #expect(regions[0].firstSubmitted == Rate(10, of: 11))
        }
    }

    @Test func `prices that are questioned are there with everybody's`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            _ = try await Self.night(province)
            let period = try #require(Period("2025"))
            let prices = try await store.priceDistributions(of: period, limit: 50)
            let odd = try #require(prices.first { $0.key == .init(table: .usage, ypid: "D0") })
            #expect(odd.counts.reduce(0, +) == 10)
            #expect(odd.counts.last == 1)
            #expect(odd.highest / odd.lowest > 290)
            let benchmark = try #require(odd.benchmark)
            #expect(benchmark.p5 <= benchmark.median && benchmark.median <= benchmark.p95)
            #expect(try await store.priceDistributions(of: period, limit: 1).count == 1)
        }
    }

    @Test func `rows of the table that names people are masked for those who show them`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let night = Night(store: store, run: province.run)
            let submission = try #require(try await night.receive([plan()]).first)
            var rows = FixtureRows()
            rows.quarantined = [DataTable.institution, .usage].enumerated().map { file, table in
                QuarantinedRow(
                    table: table, origin: RowOrigin(file: Int32(file), line: 2, row: 1), raw: Array("张三,1".utf8),
                    text: "张三,1", rules: ["C30"])
            }
            try await store.completePrecheck([judged(submission, rows, .partlyLoaded)], run: province.run)
            try await store.completeLoad([(submission, rows)], run: province.run)
            #expect(
                try await province.strings(
                    "SELECT table_name || raw || raw_masked FROM yaoce_api.quarantined_row ORDER BY file_no")
                    == ["institution张三,1‹***›", "usage张三,1张三,1"])
            #expect(
                try await store.quarantinedRows(of: [submission.id], limit: 1)[submission.id]?.map(\.table)
                    == [.institution])
        }
    }

    // MARK: What if

    @Test func `grades by other limits are those of a judgement by them`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            _ = try await Self.night(province)
            let period = try #require(Period("2025"))
            let organization = province.rules.organizationRules
            let stored = try await store.graded(in: period, organizationRules: organization)
            #expect(stored.count == 10)
            var random = Chance(state: 11)
            for _ in 0..<12 {
                var rules = province.rules
                for name in GradeLimits.names.values { rules.thresholds[name] = random.rate() }
                let limits = try #require(GradeLimits(thresholds: rules.thresholds))
                let judged = try await store.judgedAgain(in: period, by: rules)
                #expect(judged.map(\.basis) == stored.map(\.basis))
                #expect(judged.map(\.grade) == stored.map { limits.grade($0.basis) })
            }
            // Nothing of it stayed.
            #expect(try await store.graded(in: period, organizationRules: organization) == stored)
            #expect(try await store.waiting(for: .postcheck, limit: 9).isEmpty)
        }
    }

    @Test func `other thresholds of a rule change what a grade is decided by`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let ids = try await Self.night(province)
            let period = try #require(Period("2025"))
            var rules = province.rules
            let loosened = ["P01.", "P02.dev", "P04.", "P05.factor", "P08.", "P26.", "P31."]
            for name in rules.thresholds.keys where loosened.contains(where: { name.hasPrefix($0) }) {
                rules.thresholds[name] = 9_000_000_000
            }
            let before = try await store.graded(in: period, organizationRules: rules.organizationRules)
            let after = try await store.judgedAgain(in: period, by: rules)
            #expect(after[0].submission == ids[0])
            #expect(after[0].basis.anomalousRows < before[0].basis.anomalousRows)
            // A full judgement by the same thresholds comes to the same.
            try await store.sendBack(ids, to: .postcheck)
            while try await store.postcheck(rules, run: province.run) != nil {}
            let kept = try await store.graded(in: period, organizationRules: rules.organizationRules)
            #expect(kept == after)
        }
    }

    /// A thousand vectors against the statement that PostgreSQL grades by, over every kind of basis.
    @Test func `the pure grade equals PostgreSQL's for a thousand vectors of limits`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var random = Chance(state: 3)
            var wrong = 0
            for block in 0..<10 {
                var values: [String] = []
                var grades: [Grade] = []
                for _ in 0..<100 {
                    let names = Dictionary(
                        uniqueKeysWithValues: GradeLimits.names.values.sorted().map { ($0, random.rate()) })
                    let limits = try #require(GradeLimits(thresholds: names))
                    for _ in 0..<20 {
                        let level = InstitutionLevel.allCases[random.below(3)]
                        let all = random.below(3) == 0 ? random.below(30) : 10_000
                        // Often exactly at the limit, or one row beside it.
                        let edge = Int(limits[level]) * all / 10_000 + random.below(3) - 1
                        let rows = min(max(random.below(2) == 0 ? edge : random.below(all + 1), 0), all)
                        let basis = GradeBasis(
                            level: level, anomalousRows: rows, judgedRows: all, isForced: random.below(9) == 0,
                            isQuestioned: random.below(2) == 0)
                        grades.append(limits.grade(basis))
                        values.append(
                            "(\(values.count), \(rows), \(all), \(basis.isForced), \(basis.isQuestioned), \(FixedPoint.text(limits[level], decimals: 4)))"
                        )
                    }
                }
                let asked = try await province.strings(
                    SQL(
                        unchecked: """
                            SELECT CASE WHEN is_forced THEN 'forced_return'
                                WHEN anomalous::numeric / nullif(rows_loaded, 0) >= limit_rate THEN 'suggested_return'
                                WHEN is_questioned THEN 'review' ELSE 'pass' END
                            FROM (VALUES \(values.joined(separator: ", "))) AS r (number, anomalous, rows_loaded, is_forced,
                                is_questioned, limit_rate) ORDER BY number
                            """))
                wrong += zip(asked, grades).count { $0 != $1.rawValue }
                #expect(asked.count == 2_000, "block \(block)")
            }
            #expect(wrong == 0)
        }
    }

    /// The same numbers each time.
    private struct Chance {
        var state: UInt64

        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(limit))
        }

        /// A rate in ten-thousandths: mostly small, sometimes none or all.
        mutating func rate() -> Int64 {
            switch below(8) {
            case 0: 0
            case 1: 10_000
            case 2: Int64(below(10_001))
            default: Int64(below(2_000))
            }
        }
    }
}
