import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Rules about a submission's past` {
    @Test func `a use far above three earlier periods is an anomaly, one within their spread is not`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([Province.institution(1)])
            let used: [Int64] = [100, 120, 110]
            for (year, packs) in zip([2022, 2023, 2024], used) {
                var clinic = Clinic(1, year: year)
                clinic.lines = [
                    Clinic.Line(0, price: 2_000, used: packs), Clinic.Line(1, price: 3_000, used: packs),
                    Clinic.Line(2, price: 3_000, used: 100),
                ]
                try await province.load([clinic], period: "\(year)")
            }
            var clinic = Clinic(1)
            // The mean is 110 and the deviation 10, or a tenth of the mean: 143 is the limit.
            clinic.lines = [
                Clinic.Line(0, price: 2_000, used: 144), Clinic.Line(1, price: 3_000, used: 142),
                Clinic.Line(2, price: 3_000, used: 129),
            ]
            let id = try #require(try await province.load([clinic]).first)
            try await province.judge()
            #expect(try await province.found(id).filter { $0.hasPrefix("P14") } == ["P14 anomaly usage H0"])
            #expect(
                try await province.strings(
                    """
                    SELECT expected || ' ' || yaoce.detail(details, 'n') || ' ' || yaoce.detail(details, 'mean')
                    FROM yaoce_api.finding WHERE rule_id = 'P14'
                    """) == ["≤ 1430 3 1100"])
            #expect(
                try await province.strings(
                    "SELECT DISTINCT status FROM yaoce_api.rule_result WHERE rule_id = 'P14' AND submission_id <> \(id)"
                )
                    == ["not_applicable"])
        }
    }

    @Test func `months are missing only where there are figures by month`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var (whole, some, few) = (Clinic(1), Clinic(2), Clinic(3))
            whole.months = Array(1...12)
            some.months = [1, 2, 3, 4, 6, 7, 8, 9, 10, 12]
            few.months = [1, 12]
            let ids = try await province.load([whole, some, few])
            try await province.judge()
            #expect(
                try await province.strings(
                    """
                    SELECT r.status || coalesce(' ' || f.value, '') FROM yaoce_api.rule_result r
                    LEFT JOIN yaoce_api.finding f USING (submission_id, rule_id) WHERE rule_id = 'P39' ORDER BY submission_id
                    """) == ["passed", "passed_with_violations 5, 11", "not_applicable"])
            #expect(ids.count == 3)
        }
    }

    @Test func `after a return only what was to be corrected may change`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish((1...3).map { Province.institution($0) })
            func clinic(_ number: Int, isWrong: Bool) -> Clinic {
                var clinic = Clinic(number)
                if isWrong {
                    for drug in 0..<12 {
                        clinic.lines[drug].doses[.usage] = 0
                        clinic.lines[drug].packs[.usage] = 0
                        clinic.lines[drug].amounts[.usage] = 0
                    }
                }
                return clinic
            }
            try await province.load([clinic(1, isWrong: true), clinic(2, isWrong: true), clinic(3, isWrong: false)])
            try await province.judge()
            var (asTold, more, unasked) = (Clinic(1), Clinic(2), Clinic(3))
            asTold.lines[0].packs[.stockIn]? += 1
            for drug in 0..<3 { more.lines[drug].packs[.stockIn]? += 1 }
            for drug in 0..<3 { unasked.lines[drug].packs[.stockIn]? += 1 }
            let ids = try await province.load([asTold, more, unasked], version: 2)
            try await province.judge()
            #expect(
                try await province.strings(
                    """
                    SELECT r.status || coalesce(' ' || f.table_name || ' ' || f.value, '') FROM yaoce_api.rule_result r
                    LEFT JOIN yaoce_api.finding f USING (submission_id, rule_id)
                    WHERE rule_id = 'P40' AND r.submission_id = ANY (\(ids)) ORDER BY r.submission_id
                    """) == ["passed", "passed_with_violations stock_in 25 %", "not_applicable"])
        }
    }
}
