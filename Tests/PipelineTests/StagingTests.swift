import Core
import Samples
import TestNight
import Testing

@testable import Pipeline

@Suite struct `Staging files` {
    /// Everything that precheck can find, at random.
    struct Content: Equatable {
        var findings: [Finding] = []
        var quarantined: [QuarantinedRow] = []
        var headers: [RowHeader] = []
        var drugs: [NamedDrug] = []
        var institutions: [InstitutionRow] = []
        var catalogue: [CatalogueRow] = []
        var movements: [DataTable: [MovementRow]] = [:]

        init() {}

        init(readFrom file: StagingFile) throws {
            try file.forEachFinding { findings.append($0) }
            try file.forEachQuarantinedRow { quarantined.append($0) }
            try file.forEachHeader { headers.append($0) }
            try file.forEachDrug { drugs.append($0) }
            try file.forEachInstitutionRow { institutions.append($0) }
            try file.forEachCatalogueRow { catalogue.append($0) }
            for table in [DataTable.stockIn, .stockOut, .usage] {
                try file.forEachMovementChunk(of: table) { movements[table, default: []] += $0 }
            }
        }
    }

    @Test(arguments: UInt64(0)..<6) func `give back what was written`(seed: UInt64) throws {
        try withFolder { folder in
            var random = SeededGenerator(seed: 31, path: seed)
            let path = folder.file("1.staged")
            let content = try write(to: path, count: [0, 1, 50, 400, 2_000, 6_000][Int(seed)], using: &random)
            let file = StagingFile(path: path)
            #expect(file.isWhole)
            #expect(try Content(readFrom: file) == content)
            // Again, from the start.
            #expect(try Content(readFrom: file) == content)
        }
    }

    @Test func `that are damaged are told or read, and never crash`() throws {
        try withFolder { folder in
            var random = SeededGenerator(seed: 32)
            _ = try write(to: folder.file("good"), count: 60, using: &random)
            let good = try folder.bytes("good")
            for _ in 0..<600 {
                let (bytes, _) = Mutation.bytes(good, using: &random)
                try folder.write(bytes, to: "bad")
                do {
                    _ = try Content(readFrom: StagingFile(path: folder.file("bad")))
                } catch is StagingError {
                    continue
                }
            }
        }
    }

    @Test func `that are cut short anywhere are not whole`() throws {
        try withFolder { folder in
            var random = SeededGenerator(seed: 33)
            _ = try write(to: folder.file("good"), count: 5, using: &random)
            let good = try folder.bytes("good")
            for count in 0..<good.count {
                try folder.write(Array(good.prefix(count)), to: "cut")
                let file = StagingFile(path: folder.file("cut"))
                #expect(throws: StagingError.self, "\(count) bytes") { _ = try Content(readFrom: file) }
            }
            #expect(!StagingFile(path: folder.file("none")).isWhole)
            #expect(throws: StagingError.self) { try StagingFile(path: folder.file("none")).forEachHeader { _ in } }
        }
    }

    @Test func `that cannot be made say so`() {
        #expect(throws: StagingError.self) { _ = try StagingWriter(path: "/proc/nothing/1.staged") }
    }

    private func write(to path: String, count: Int, using random: inout SeededGenerator) throws -> Content {
        var content = Content()
        var writer = try StagingWriter(path: path)
        var make = Making(random)
        for _ in 0..<count {
            switch make.random.below(9) {
            case 0:
                let finding = make.finding()
                content.findings.append(finding)
                try writer.append(finding)
            case 1:
                let row = QuarantinedRow(
                    table: make.table(), origin: make.origin(), raw: Array(make.text().utf8) + [0xFF, 0],
                    text: make.text(),
                    rules: ["A15", "C16"])
                content.quarantined.append(row)
                try writer.append(row)
            case 2:
                let header = RowHeader(
                    reportDate: CalendarDay(daysSince2000: Int32(make.random.below(20_000)) - 5_000),
                    provinceCode: make.text(), orgCode: make.text(), hospitalCode: make.text(),
                    hospitalName: make.optional())
                content.headers.append(header)
                try writer.append(header)
            case 3:
                let drug = NamedDrug(
                    ypid: make.optional(), hospitalDrugCode: make.text(), procurementCode: make.optional(),
                    productName: make.text(), matchedYPID: make.optional(), matchMethod: make.optional(),
                    matchScore: make.number())
                content.drugs.append(drug)
                try writer.append(drug)
            case 4:
                let row = InstitutionRow(
                    origin: make.origin(), header: make.int32(), annualDrugIncome: make.int64(), bedCount: make.int32(),
                    unitHead: make.optional(), statsHead: make.optional())
                content.institutions.append(row)
                try writer.append(row)
            case 5:
                let row = make.catalogue()
                content.catalogue.append(row)
                try writer.append(row)
            default:
                let table = make.random.pick([DataTable.stockIn, .stockOut, .usage])
                let row = MovementRow(
                    origin: make.origin(), header: make.int32(), drug: make.int32(), amount: make.int64(),
                    packQuantity: make.int64(), doseQuantity: make.int64())
                content.movements[table, default: []].append(row)
                try writer.append(row, of: table)
            }
        }
        try writer.finish()
        return content
    }
}

private struct Making {
    var random: SeededGenerator

    init(_ random: SeededGenerator) { self.random = random }

    mutating func text() -> String {
        (0..<random.below(random.happens(perMille: 20) ? 5_000 : 12)).map { _ in
            random.pick(["a", "药", "\u{0}", "🙂", "\n", "\""])
        }
        .joined()
    }
    mutating func optional() -> String? { random.happens(perMille: 300) ? nil : text() }
    mutating func int64() -> Int64 { Int64(bitPattern: random.next()) }
    mutating func int32() -> Int32 { Int32(truncatingIfNeeded: random.next()) }
    mutating func number() -> Int? { random.happens(perMille: 300) ? nil : Int(random.below(1_000_000)) - 500 }
    mutating func table() -> DataTable { random.pick(DataTable.allCases) }
    mutating func origin() -> RowOrigin { RowOrigin(file: int32(), line: int32(), row: int32()) }

    mutating func finding() -> Finding {
        let place = Place(
            table: random.happens(perMille: 500) ? table() : nil, file: number(), line: number(), row: number(),
            column: optional(), byteOffset: number())
        var details: [String: String] = [:]
        for _ in 0..<random.below(4) { details[text()] = text() }
        let observation = Observation(
            "C16", at: place, value: optional(), expected: optional(), details: details, severity: .warning)
        return Finding(
            observation, severity: .warning, fingerprint: Fingerprint(high: random.next(), low: random.next()),
            stage: random.pick([.pre, .post]))
    }

    mutating func catalogue() -> CatalogueRow {
        CatalogueRow(
            origin: origin(), header: int32(), drug: int32(), genericName: text(), tradeName: optional(),
            tradeNameEnglish: optional(), approvalNumber: text(), manufacturer: text(), dosageForm: optional(),
            strength: optional(), dosageUnit: text(), packUnit: text(), conversionFactor: int64(), isEssential: 1,
            isCentralProcurement: nil, isConsistencyEvaluated: 2)
    }
}
