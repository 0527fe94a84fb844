import Core
import Glibc
import Postgres
import TestDatabase
import Testing

@testable import Store

/// The figures once more, in plain arithmetic.
private struct Figures {
    var n: Int
    var median, mean, sd, madLog, p5, p95: Double

    init(_ prices: [Double]) {
        let middle = Figures.percentile(prices, 0.5)
        let kept = prices.filter { $0 >= middle / 20 && $0 <= middle * 20 }
        n = kept.count
        median = Figures.percentile(kept, 0.5)
        let mean = kept.reduce(0, +) / Double(n)
        self.mean = mean
        sd = (kept.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n - 1)).squareRoot()
        let center = log(median)
        madLog = max(0.01, Figures.percentile(kept.map { abs(log($0) - center) }, 0.5))
        p5 = Figures.percentile(kept, 0.05)
        p95 = Figures.percentile(kept, 0.95)
    }

    static func percentile(_ values: [Double], _ share: Double) -> Double {
        let sorted = values.sorted()
        let place = share * Double(sorted.count - 1)
        let low = Int(place)
        let high = min(low + 1, sorted.count - 1)
        return sorted[low] + (sorted[high] - sorted[low]) * (place - Double(low))
    }
}

@Suite(.tags(.database), .needsDatabase) struct `The price benchmark` {
    @Test func `its figures are those of plain arithmetic, over institutions, trimmed`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            var state: UInt64 = 7
            func next(_ bound: UInt64) -> Int64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Int64((state >> 33) % bound)
            }
            let clinics = (1...23).map { number in
                var clinic = Clinic(number)
                for drug in clinic.lines.indices {
                    clinic.lines[drug].amounts[.usage] = 1_000 + next(90_000) + (number == 5 ? 90_000_000 : 0)
                    clinic.lines[drug].doses[.usage] = 300 + next(4_000)
                }
                // Two codes of one drug are one price of the institution.
                clinic.lines.append(Clinic.Line(0, price: 3_000, used: 40 + next(50), code: "second"))
                return clinic
            }
            try await province.load(clinics)
            try await province.judge()
            for drug in 0..<12 {
                let prices = clinics.map { clinic -> Double in
                    let lines = clinic.lines.filter { $0.ypid == "D\(drug)" }
                    let paid = lines.reduce(0) { $0 + ($1.amounts[.usage] ?? 0) }
                    return Double(paid) / 100 / Double(lines.reduce(0) { $0 + ($1.doses[.usage] ?? 0) })
                }
                let expected = Figures(prices)
                #expect(expected.n < 23)
                let row = try await province.strings(
                    """
                    SELECT unnest(ARRAY[median, mean, sd, mad_log, p5, p95, institutions]::text[])
                    FROM yaoce_api.price_benchmark WHERE ypid = \("D\(drug)") AND table_name = 'usage' AND is_current
                    """
                ).compactMap { Double($0) }
                let figures = [
                    expected.median, expected.mean, expected.sd, expected.madLog, expected.p5, expected.p95,
                    Double(expected.n),
                ]
                #expect(row.count == figures.count)
                for (found, figure) in zip(row, figures) { #expect(abs(found - figure) < 2e-8 * max(1, figure)) }
            }
        }
    }

    @Test func `the mode is the price of most doses`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let clinics = (1...5).map { number in
                var clinic = Clinic(number)
                clinic.lines[0] = Clinic.Line(0, price: number < 4 ? 2_000 : 2_100, used: number < 4 ? 10 : 100)
                return clinic
            }
            try await province.load(clinics)
            try await province.judge()
            #expect(
                try await province.strings(
                    "SELECT mode::text FROM yaoce_api.price_benchmark WHERE ypid = 'D0' AND table_name = 'usage'")
                    == ["2.1000"])
        }
    }

    @Test func `where everybody pays the same, the rounding of a price is no deviation`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            // 19.99 yuan for seven: no decimal fraction, and rounded to the fen in another way by each.
            let clinics = (1...12).map { number in
                var clinic = Clinic(number)
                for table in [DataTable.stockIn, .usage] {
                    let doses = Int64(701 + number * 31)
                    clinic.lines[0].doses[table] = doses
                    clinic.lines[0].amounts[table] = (doses * 1_999 + 3) / 7
                }
                return clinic
            }
            let ids = try await province.load(clinics)
            try await province.judge()
            for id in ids { #expect(try await province.found(id).filter { $0.hasPrefix("P0") } == []) }
        }
    }

    @Test func `the same data makes no new version, other data does only where figures change`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let first = try await province.load((1...6).map { Clinic($0) })
            try await province.judge()
            let count: SQL = """
                SELECT benchmark_version || ' ' || count(*) || ' ' || count(*) FILTER (WHERE is_current)
                FROM yaoce_api.price_benchmark GROUP BY benchmark_version ORDER BY 1
                """
            #expect(try await province.strings(count) == ["2025.1 24 24"])
            try await store.sendBack(first, to: .postcheck)
            try await province.judge()
            #expect(try await province.strings(count) == ["2025.1 24 24"])
            var late = Clinic(7)
            late.lines = Array(late.lines.prefix(2))
            try await province.load([late])
            try await province.judge()
            #expect(try await province.strings(count) == ["2025.1 24 20", "2025.2 4 4"])
        }
    }

    @Test func `few institutions fall back on the year before, and without one there is no judgement`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.load((1...6).map { Clinic($0, year: 2024) }, period: "2024")
            var dear = Clinic(7)
            dear.lines[0].multiply([.usage], by: 3)
            dear.lines[1].ypid = "rare"
            let id = try #require(try await province.load([dear]).first)
            try await province.judge()
            #expect(
                try await province.strings(
                    """
                    SELECT DISTINCT yaoce.detail(details, 'benchmark_version') FROM yaoce_api.finding
                    WHERE submission_id = \(id) AND rule_id = 'P03'
                    """) == ["2024.1"])
            #expect(
                try await province.strings(
                    """
                    SELECT status || ' ' || evaluated || ' ' || reason FROM yaoce_api.rule_result
                    WHERE submission_id = \(id) AND rule_id = 'P01'
                    """) == ["passed 22 2 行无标尺 · rows without a benchmark"])
            #expect(
                try await province.strings(
                    """
                    SELECT status || ' ' || evaluated FROM yaoce_api.rule_result
                    WHERE submission_id = \(id) AND rule_id = 'P02'
                    """) == ["not_applicable 0"])
        }
    }

    @Test func `rows that precheck doubted do not make prices`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let clinics = (1...6).map { number in
                var clinic = Clinic(number)
                if number == 6 {
                    clinic.findings = [
                        Finding(
                            Observation("F01", at: Place(table: .usage, file: 4, line: 2, row: 1)), severity: .warning,
                            fingerprint: Fingerprint(high: 1, low: 1)),
                        Finding(
                            Observation("D11", at: Place(table: .catalogue, file: 1, line: 3, row: 2)),
                            severity: .warning, fingerprint: Fingerprint(high: 1, low: 2)),
                    ]
                }
                return clinic
            }
            try await province.load(clinics)
            try await province.judge()
            #expect(
                try await province.strings(
                    """
                    SELECT concat_ws(' ', ypid, table_name, institutions) FROM yaoce_api.price_benchmark
                    WHERE institutions < 6 ORDER BY 1
                    """) == ["D0 usage 5", "D1 stock_in 5", "D1 usage 5"])
        }
    }
}
