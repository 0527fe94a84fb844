import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

extension Clinic {
    /// What came, went out and was used of the first drug, in doses; `nil` where it has no row.
    fileprivate mutating func move(_ drug: Int = 0, received: Int64?, issued: Int64?, used: Int64? = nil) {
        for (table, doses) in [(DataTable.stockIn, received), (.stockOut, issued), (.usage, used ?? issued)] {
            lines[drug].doses[table] = doses
            lines[drug].packs[table] = doses.map { max(1, $0 / 10) }
            lines[drug].amounts[table] = doses.map { $0 * 200 }
        }
    }

    fileprivate static func moving(
        _ number: Int = 1, year: Int, received: Int64?, issued: Int64?, used: Int64? = nil
    ) -> Clinic {
        var clinic = Clinic(number, year: year)
        clinic.move(received: received, issued: issued, used: used)
        return clinic
    }
}

@Suite(.tags(.database), .needsDatabase) struct `The stock ledger` {
    private static let ledger: SQL = """
        SELECT concat_ws(' ', period, opening::float8, received::float8, issued::float8, closing::float8, is_first)
        FROM yaoce_api.stock_ledger WHERE hospital_drug_code = 'H0' ORDER BY period
        """

    @Test func `is carried from period to period, and a first period is not judged by it`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([Province.institution(1)])
            let first = try await province.load([.moving(year: 2023, received: 100, issued: 160)], period: "2023")
            let second = try await province.load([.moving(year: 2024, received: 50, issued: 20)], period: "2024")
            let third = try await province.load([.moving(year: 2025, received: 10, issued: 90)], period: "2025")
            try await province.judge()
            #expect(
                try await province.strings(Self.ledger) == [
                    "2023 60 100 160 0 t", "2024 0 50 20 30 f", "2025 30 10 90 -50 f",
                ])
            #expect(
                try await province.strings(
                    """
                    SELECT DISTINCT status FROM yaoce_api.rule_result WHERE submission_id = \(first[0])
                        AND rule_id IN ('P20', 'P23', 'P24', 'P25')
                    """) == ["not_applicable"])
            #expect(
                try await province.found(second[0]).filter { $0.hasPrefix("P20") || $0.hasPrefix("P23") } == [
                    "P23 warning stock_in H0"
                ])
            #expect(try await province.found(third[0]).contains("P20 anomaly stock_out H0"))
            // A missing receipt is said once: below nought nothing is carried on.
            let fourth = try await province.load([.moving(year: 2026, received: 40, issued: 39)], period: "2026")
            try await province.judge()
            #expect(try await province.strings(Self.ledger).last == "2026 0 40 39 1 f")
            #expect(try await !province.found(fourth[0]).contains { $0.hasPrefix("P20") })
        }
    }

    @Test func `knows stock that does not move and drugs that come from nowhere`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([Province.institution(1)])
            try await province.load([.moving(year: 2023, received: 100, issued: 20)], period: "2023")
            try await province.load([.moving(year: 2024, received: nil, issued: nil)], period: "2024")
            var clinic = Clinic.moving(year: 2025, received: nil, issued: 30)
            clinic.move(1, received: nil, issued: 30)
            let before = Clinic(1, year: 2024)
            #expect(before.lines[1].doses[.stockIn] != nil)
            clinic.lines.append(Clinic.Line(0, price: 2_000, used: 5, code: "new"))
            for table in [DataTable.stockIn] {
                clinic.lines[12].doses[table] = nil
                clinic.lines[12].packs[table] = nil
            }
            let last = try await province.load([clinic], period: "2025")
            try await province.judge()
            #expect(
                try await province.strings(Self.ledger) == [
                    "2023 0 100 20 80 t", "2024 80 0 0 80 f", "2025 80 0 30 50 f",
                ])
            let found = try await province.found(last[0]).filter { $0.hasPrefix("P25") }
            #expect(found == ["P25 anomaly usage new"])
        }
    }

    @Test func `an earlier period sent again changes the later ones, which are judged again and say so`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([Province.institution(1), Province.institution(2)])
            try await province.load(
                [.moving(year: 2023, received: 100, issued: 60), .moving(2, year: 2023, received: 9, issued: 8)],
                period: "2023")
            let second = try await province.load([.moving(year: 2024, received: 10, issued: 30)], period: "2024")
            let third = try await province.load([.moving(year: 2025, received: 10, issued: 70)], period: "2025")
            try await province.judge()
            #expect(try await province.found(third[0]).contains("P20 anomaly stock_out H0"))
            try await store.complete(.report, of: second + third, run: province.run)

            let again = try await province.load(
                [.moving(year: 2023, received: 160, issued: 60)], period: "2023", version: 2)
            let outcomes = try await province.judge()
            #expect(outcomes.map(\.period.year) == [2023, 2024, 2025])
            #expect(outcomes.map(\.submissions) == [1, 1, 1])
            #expect(
                try await province.strings(Self.ledger).filter { !$0.hasPrefix("2023 0 9") } == [
                    "2023 0 160 60 100 t", "2024 100 10 30 80 f", "2025 80 10 70 20 f",
                ])
            #expect(try await !province.found(again[0]).contains { $0.hasPrefix("P24") })
            for id in second + third {
                #expect(
                    try await province.strings(
                        "SELECT message_en FROM yaoce_api.finding WHERE submission_id = \(id) AND rule_id = 'P24'"
                    ).count == 1)
            }
            #expect(
                try await province.strings(
                    "SELECT message_en FROM yaoce_api.finding WHERE submission_id = \(third[0]) AND rule_id = 'P24'")
                    == [
                        "the opening stock of 1 drugs changed after an earlier period was sent again, such as H0: 20 → 80"
                    ])
            #expect(try await !province.found(third[0]).contains("P20 anomaly stock_out H0"))
            // It stays said however often the same submissions are judged, and is over when they are sent again.
            try await store.sendBack(second, to: .postcheck)
            try await province.judge()
            #expect(try await province.found(second[0]).contains { $0.hasPrefix("P24") })
            let newer = try await province.load(
                [.moving(year: 2024, received: 10, issued: 30)], period: "2024", version: 2)
            try await province.judge()
            #expect(try await !province.found(newer[0]).contains { $0.hasPrefix("P24") })
        }
    }

    @Test func `every line of three periods is what plain addition makes of it`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([Province.institution(1)])
            var state: UInt64 = 11
            func next(_ bound: UInt64) -> Int64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int64((state >> 33) % bound)
            }
            var closing: [String: Int64] = [:]
            var expected: Set<String> = []
            for year in [2023, 2024, 2025] {
                var clinic = Clinic(1, year: year)
                for drug in clinic.lines.indices where next(5) == 0 { clinic.lines[drug].code += "-\(year)" }
                for drug in clinic.lines.indices {
                    clinic.move(
                        drug, received: next(4) == 0 ? nil : 1 + next(900), issued: next(4) == 0 ? nil : 1 + next(900))
                }
                var now: [String: Int64] = [:]
                for line in clinic.lines where line.doses[.stockIn] != nil || line.doses[.stockOut] != nil {
                    let (received, issued) = (line.doses[.stockIn] ?? 0, line.doses[.stockOut] ?? 0)
                    let opening = year == 2023 ? max(0, issued - received) : max(0, closing[line.code] ?? 0)
                    now[line.code] = opening + received - issued
                    expected.insert("\(year) \(line.code) \(opening) \(received) \(issued)")
                }
                for (code, stock) in closing where now[code] == nil && stock > 0 {
                    now[code] = stock
                    expected.insert("\(year) \(code) \(stock) 0 0")
                }
                closing = now
                try await province.load([clinic], period: "\(year)")
                try await province.judge()
            }
            let found = try await province.strings(
                """
                SELECT concat_ws(' ', period, hospital_drug_code, opening::float8, received::float8, issued::float8)
                FROM yaoce_api.stock_ledger
                """)
            #expect(Set(found) == expected)
            #expect(found.count == expected.count)
        }
    }
}
