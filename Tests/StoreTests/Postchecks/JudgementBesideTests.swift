import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `A judgement on two sessions` {
    /// Everything that a judgement leaves and somebody can see, without times.
    private static let left: SQL = """
        SELECT concat_ws(' ', 'finding', to_jsonb(f) - 'finding_id') FROM yaoce_api.finding f
        UNION ALL SELECT concat_ws(' ', 'result', to_jsonb(r) - ARRAY['seconds', 'run_id']) FROM yaoce_api.rule_result r
        UNION ALL SELECT concat_ws(' ', 'price', to_jsonb(b) - 'frozen_at') FROM yaoce_api.price_benchmark b
        UNION ALL SELECT concat_ws(' ', 'generic', to_jsonb(b)) FROM yaoce_api.generic_benchmark b
        UNION ALL SELECT concat_ws(' ', 'stock', to_jsonb(l)) FROM yaoce_api.stock_ledger l
        UNION ALL SELECT concat_ws(' ', 'grade', id, grade, anomalous_rows, judged_rows, waiting_for) FROM yaoce.submission
        ORDER BY 1
        """

    /// Two years of nine institutions with something wrong for rules of either session, and late corrections of the first.
    private static func history(_ province: Province, fewest: Int) async throws -> [String] {
        try await province.publish((1...9).map { Province.institution($0) }) { drug in
            drug < 3 ? ["generic_name": "阿莫西林", "dosage_form": "片剂", "strength": "0.5g"] : [:]
        }
        var clinics = (1...9).map { Clinic($0) }
        clinics[1].lines[4].multiply([.usage], by: 50)
        clinics[2].lines.append(Clinic.Line(0, price: 3_000, used: 60, code: "second"))
        clinics[3].lines[5].doses[.usage]? *= 400
        clinics[5].lines = clinics[4].lines
        for number in 4..<9 { clinics[number].lines[1].ypid = "D0" }
        try await province.load(clinics)
        try await province.judge(fewest: fewest)
        var next = (1...9).map { Clinic($0, year: 2026) }
        next[6].lines[3].doses[.stockOut] = (next[6].lines[3].doses[.stockIn] ?? 0) * 9
        try await province.load(next, period: "2026")
        try await province.judge(fewest: fewest)
        var corrected = clinics[0...5].map { $0 }
        for index in corrected.indices { corrected[index].lines[7].doses[.stockOut]? += 900 }
        try await province.load(corrected, version: 2)
        try await province.judge(fewest: fewest)
        return try await province.strings(left)
    }

    @Test func `leaves what one session leaves`() async throws {
        let alone = try await withStore { store, database in
            try await Self.history(try await Province(store, database), fewest: 64)
        }
        for rule in ["P09", "P36"] {
            #expect(alone.contains { $0.hasPrefix("finding") && $0.contains("\"\(rule)\"") }, "\(rule)")
        }
        for kind in ["price", "generic", "stock"] { #expect(alone.contains { $0.hasPrefix(kind) }, "\(kind)") }
        try await withStore { store, database in
            let both = try await Self.history(try await Province(store, database), fewest: 2)
            for (one, other) in zip(alone, both) where one != other { Issue.record("\(one)\n\(other)") }
            #expect(alone.count == both.count)
        }
    }

    @Test func `a rule that fails beside fails alone, with its error as its result`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let ids = try await province.load((1...4).map { Clinic($0) })
            let checks = PostCheck.all.map { check in
                guard check.rule == "P17" else { return check }
                return PostCheck("P17", evaluated: "1") { _ in
                    "SELECT \(Violation.whole("s", table: nil, value: "(1 / (s.submission_id - s.submission_id))::text", expected: "'1'")) FROM scope s"
                }.beside
            }
            let outcomes = try await province.judge(checks: checks, fewest: 2)
            #expect(outcomes.map(\.errors) == [["P17": "SQLSTATE 22012"]])
            #expect(
                try await province.strings(
                    "SELECT DISTINCT status FROM yaoce_api.rule_result WHERE rule_id = 'P17' AND submission_id = \(ids[0])"
                )
                    == ["error"])
            #expect(
                try await province.strings(
                    "SELECT DISTINCT status FROM yaoce_api.rule_result WHERE rule_id = 'P16' AND submission_id = \(ids[0])"
                )
                    != ["error"])
        }
    }

    @Test func `does without the second session where that sees other submissions`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let ids = try await province.load((1...4).map { Clinic($0) })
            try await store.makePositionsAhead(fewest: 2)
            let beside = JudgementBeside()
            async let other: Void = beside.run(store)
            let hasDone = try await store.write("beside") { connection -> [Bool] in
                let night = try #require(try PostcheckNight(province.rules, run: province.run, connection))
                beside.begin(.init(night: night, rules: [], mark: "of other submissions"))
                return [beside.waitForLedger(), beside.waitForAmounts() != nil, beside.waitForViolations() != nil]
            }
            await other
            #expect(hasDone == [false, false, false])
            #expect(try await province.strings("SELECT submission_id::text FROM yaoce_api.stock_ledger") == [])
            try await province.judge(fewest: 2)
            for id in ids { #expect(try await province.grade(id) != nil) }
        }
    }
}
