import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

/// One thing wrong with one institution, and everything that must be found of it.
private struct Planted: Sendable {
    var name: String
    var expected: [String]
    var level = "3"
    var library: [String: String] = [:]
    /// What it reported a year earlier, where that matters.
    var before: (@Sendable (inout Clinic) -> Void)?
    var change: @Sendable (inout Clinic) -> Void

    init(
        _ name: String, _ expected: [String], level: String = "3", library: [String: String] = [:],
        before: (@Sendable (inout Clinic) -> Void)? = nil, _ change: @escaping @Sendable (inout Clinic) -> Void
    ) {
        self.name = name
        self.expected = expected
        self.level = level
        self.library = library
        self.before = before
        self.change = change
    }
}

private let planted: [Planted] = [
    Planted("clean", []) { _ in },
    Planted("clean with a year before", [], before: { _ in }) { _ in },
    Planted("a price three hundred times the usual", ["P01 anomaly usage H0"]) {
        $0.lines[0].multiply([.usage], by: 300)
    },
    Planted("a price an eighth off", ["P02 anomaly usage H1"]) { $0.lines[1].multiply([.usage], by: 1.125) },
    Planted("two and a half times the usual", ["P03 warning usage H2"]) { $0.lines[2].multiply([.usage], by: 2.5) },
    Planted("a third more", ["P04 anomaly stock_in H3"]) { $0.lines[3].multiply(by: 1.33) },
    Planted("packs for doses", ["P05 anomaly usage H4"]) { $0.lines[4].multiply([.usage], by: 10) },
    Planted("a slipped point", ["P06 anomaly usage H5"]) { $0.lines[5].multiply([.usage], by: 0.01) },
    Planted("ten thousand yuan", ["P07 forced usage"]) { clinic in
        for drug in clinic.lines.indices { clinic.lines[drug].multiply(by: 0.0001) }
    },
    Planted("sold dearer", ["P08 warning usage H6"]) { $0.lines[6].multiply([.usage], by: 1.08) },
    Planted("sold half as dear again", ["P08 anomaly usage H6"]) { $0.lines[6].multiply([.usage], by: 1.5) },
    Planted("one drug at two prices", ["P09 warning usage H0b"]) {
        $0.lines.append(Clinic.Line(0, price: 2_600, used: 50, code: "H0b"))
    },
    Planted("not the award price", ["P10 warning stock_in H11"]) { $0.lines[11].multiply([.stockIn], by: 0.97) },
    Planted("free of charge", ["P12 warning usage H7", "P13 warning stock_in H7"]) { $0.lines[7].multiply(by: 0) },
    Planted(
        "twice last year's price", ["P11 warning usage H8"], before: { $0.lines[8].multiply(by: 0.5) }
    ) { _ in },
    Planted("five times as much", ["P15 warning usage H8"], before: { _ in }) { clinic in
        for table in [DataTable.stockIn, .stockOut, .usage] {
            for line in [\Clinic.Line.packs, \.doses, \.amounts] {
                clinic.lines[8][keyPath: line][table] = (clinic.lines[8][keyPath: line][table] ?? 0) * 5
            }
        }
    },
    Planted(
        "most of the province's use", ["P17 anomaly usage H0"], level: "9", library: ["is_primary": "1"]
    ) { clinic in
        for line in [\Clinic.Line.packs, \.doses, \.amounts] {
            for (table, value) in clinic.lines[0][keyPath: line] { clinic.lines[0][keyPath: line][table] = value * 100 }
        }
    },
    Planted("a wrong factor", ["P18 anomaly stock_out H9"]) { $0.lines[9].doses[.stockOut]? += 500 },
    Planted("wrong factors throughout", ["P19 forced"]) { clinic in
        for drug in 0..<12 { clinic.lines[drug].doses = clinic.lines[drug].packs.mapValues { $0 * 12 } }
    },
    Planted("more used than issued", ["P21 warning usage H9"]) { clinic in
        clinic.lines[9].packs[.stockOut] = 150
        clinic.lines[9].doses[.stockOut] = 1_500
    },
    Planted("little issued", ["P22 warning stock_out"]) { clinic in
        for drug in 0..<12 {
            clinic.lines[drug].packs[.stockOut] = 20
            clinic.lines[drug].doses[.stockOut] = 200
        }
    },
    Planted("income off by a fifth", ["P26 warning institution"]) { $0.income = $0.sold * 12 / 10 },
    Planted("income off by half", ["P26 anomaly institution"]) { $0.income = $0.sold * 2 },
    Planted("a third of the income", ["P26 forced institution"]) { $0.income = $0.sold / 3 },
    Planted("not what was declared", ["P27 forced institution"], library: ["declared_income": "1000"]) { _ in },
    Planted("bought twice what was sold", ["P28 warning stock_in"]) { clinic in
        for drug in 0..<12 {
            for line in [\Clinic.Line.packs, \.doses, \.amounts] { clinic.lines[drug][keyPath: line][.stockIn]? *= 2 }
        }
    },
    Planted("few beds", ["P29 warning institution"]) { $0.beds = 5 },
    Planted("one drug for most of the money", ["P30 warning usage H10"]) { clinic in
        for line in [\Clinic.Line.packs, \.doses, \.amounts] {
            for (table, value) in clinic.lines[10][keyPath: line] { clinic.lines[10][keyPath: line][table] = value * 6 }
        }
    },
    Planted("nothing but noughts", ["P33 forced usage"]) { clinic in
        for drug in 0..<12 {
            clinic.lines[drug].packs[.usage] = 0
            clinic.lines[drug].doses[.usage] = 0
            clinic.lines[drug].amounts[.usage] = 0
        }
    },
    Planted("few varieties", ["P34 warning catalogue"], before: { $0.lines += $0.lines.map { more($0) } }) {
        $0.lines.removeLast()
    },
    Planted("codes unknown to the library", ["P35 warning catalogue"]) {
        $0.lines[3].ypid = nil
        $0.lines[4].ypid = "X"
    },
    Planted("another's figures", ["P36 forced"]) { $0.lines = Clinic(1).lines },
    Planted("last year's figures", ["P37 forced"], before: { $0.lines = Clinic($0.number).lines }) { _ in },
    Planted("round figures", ["P38 warning usage"]) { clinic in
        clinic.lines += clinic.lines.map { more($0) }
        for index in clinic.lines.indices {
            let price = (clinic.lines[index].amounts[.usage] ?? 0) / (clinic.lines[index].packs[.usage] ?? 1)
            let used = Int64(index % 5 + 2) * 100
            let (ypid, code) = (clinic.lines[index].ypid, clinic.lines[index].code)
            clinic.lines[index] = Clinic.Line(index % 12, price: price, used: used, code: code)
            clinic.lines[index].ypid = ypid
        }
    },
    Planted("few essential drugs", ["P41 info catalogue"]) { for drug in 0..<6 { $0.lines[drug].isEssential = false } },
    Planted("essential drugs in flux", ["P42 warning usage"], before: { $0.lines[11].amounts[.usage]? *= 8 }) {
        $0.lines[11].isEssential = false
    },
    Planted("a hundred times as much for a bed", ["P16 anomaly usage H3"]) { clinic in
        for line in [\Clinic.Line.packs, \.doses, \.amounts] {
            for (table, value) in clinic.lines[3][keyPath: line] { clinic.lines[3][keyPath: line][table] = value * 100 }
        }
    },
]

private func more(_ line: Clinic.Line) -> Clinic.Line {
    var line = line
    line.code += "x"
    return line
}

@Suite(.tags(.database), .needsDatabase) struct `Rules after the load` {
    @Test func `each planted case is found where it stands, and a clean institution has no finding`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            let clean = (1...14).map { Clinic($0) }
            let odd = planted.enumerated().map { index, case_ in
                var clinic = Clinic(index + 20)
                case_.change(&clinic)
                return clinic
            }
            let earlier = planted.enumerated().compactMap { index, case_ -> Clinic? in
                guard let before = case_.before else { return nil }
                var clinic = Clinic(index + 20, year: 2024)
                before(&clinic)
                return clinic
            }
            try await province.publish(
                clean.map { Province.institution($0.number) }
                    + planted.enumerated().map { Province.institution($0 + 20, level: $1.level, $1.library) })
            try await province.load(earlier, period: "2024")
            let cleanIDs = try await province.load(clean)
            let oddIDs = try await province.load(odd)
            let outcomes = try await province.judge()
            #expect(outcomes.map(\.errors) == [[:], [:]])
            #expect(
                Set(PostCheck.all.map(\.rule) + ["P50"])
                    == Set(province.rules.rules.filter { $0.stage == .post }.map(\.id)))
            for id in cleanIDs.dropFirst() {
                #expect(try await province.found(id) == [])
                #expect(try await province.grade(id) == .pass)
            }
            for (case_, id) in zip(planted, oddIDs) {
                let found = try await province.found(id)
                for expected in case_.expected { #expect(found.contains(expected), "\(case_.name): \(found)") }
                if case_.expected.isEmpty { #expect(found == [], "\(case_.name)") }
                let isForced = case_.expected.contains { $0.contains("forced") }
                #expect(try await (province.grade(id) == .forcedReturn) == isForced, "\(case_.name)")
            }
        }
    }
}
