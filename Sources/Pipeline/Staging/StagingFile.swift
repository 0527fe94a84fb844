internal import Core
internal import Synchronization

/// A staging file read back: what load and the reports take from precheck.
struct StagingFile: StagedRows {
    let path: String
    private let known = Known()

    init(path: String) { self.path = path }

    /// Where its records lie, read once.
    private final class Known: Sendable {
        let extents = Mutex<StagingExtents?>(nil)
    }

    /// Whether the file is there and whole.
    var isWhole: Bool { (try? extents()) != nil }

    private func extents() throws -> StagingExtents {
        try known.extents.withLock { extents in
            if let extents { return extents }
            guard let (tail, size) = try? FileSystem.end(of: path, StagingExtents.tailBytes),
                let found = StagingExtents(tail: tail, fileSize: size)
            else { throw StagingError(problem: .damaged, path: path) }
            extents = found
            return found
        }
    }

    /// Calls `body` for every record of a kind, in order. Records of other kinds that lie among them are stepped over.
    private func forEach(_ kind: StagingRecord, body: (inout StagingDecoder) throws -> Void) throws {
        let part = try extents()[kind]
        guard !part.isEmpty else { return }
        let descriptor: Int32
        do {
            descriptor = try FileSystem.openForReading(path)
        } catch {
            throw StagingError(problem: .damaged, path: path)
        }
        defer { FileSystem.abandon(descriptor) }
        var window = StagingWindow(part, of: descriptor, path)
        while !window.isAtEnd {
            try window.require(5)
            let start = window.start
            let length = (1...4).reduce(0) { $0 | Int(window.bytes[start + $1]) << (8 * ($1 - 1)) }
            guard window.bytes[start] == kind.rawValue else {
                try window.skip(5 + length)
                continue
            }
            try window.require(5 + length)
            let record = window.start + 5..<window.start + 5 + length
            do {
                var decoder = StagingDecoder(window.bytes, record, name: path)
                try body(&decoder)
            }
            try window.skip(5 + length)
        }
    }

    func forEachFinding(_ body: (Finding) throws -> Void) throws {
        try forEach(.finding) { record in
            let rule = try record.text()
            let severity = Severity(rawValue: try record.text()) ?? .error
            let stage = Finding.Stage(rawValue: try record.text()) ?? .pre
            let fingerprint = Fingerprint(high: try record.integer(), low: try record.integer())
            let root = Fingerprint(high: try record.integer(), low: try record.integer())
            let place = Place(
                table: try record.optionalText().flatMap(DataTable.init(rawValue:)),
                file: try record.optionalInteger(), line: try record.optionalInteger(),
                row: try record.optionalInteger(), column: try record.optionalText(),
                byteOffset: try record.optionalInteger())
            let value = try record.optionalText()
            let expected = try record.optionalText()
            var details: [String: String] = [:]
            for _ in 0..<(try record.integer(UInt32.self)) {
                let key = try record.text()
                details[key] = try record.text()
            }
            try body(
                Finding(
                    Observation(
                        RuleID(rule), at: place, value: value, expected: expected, details: details,
                        severity: severity),
                    severity: severity, fingerprint: fingerprint, stage: stage,
                    root: root.high == 0 && root.low == 0 ? nil : root))
        }
    }

    func forEachQuarantinedRow(_ body: (QuarantinedRow) throws -> Void) throws {
        try forEach(.quarantined) { record in
            let table = DataTable(rawValue: try record.text()) ?? .usage
            try body(
                QuarantinedRow(
                    table: table, origin: try record.origin(), raw: try record.blob(), text: try record.text(),
                    rules: try record.text().split(separator: ",").map { RuleID(String($0)) }))
        }
    }

    func forEachHeader(_ body: (RowHeader) throws -> Void) throws {
        try forEach(.header) { record in
            try body(
                RowHeader(
                    reportDate: CalendarDay(daysSince2000: try record.integer()), provinceCode: try record.text(),
                    orgCode: try record.text(), hospitalCode: try record.text(),
                    hospitalName: try record.optionalText()))
        }
    }

    func forEachDrug(_ body: (NamedDrug) throws -> Void) throws {
        try forEach(.drug) { record in
            try body(
                NamedDrug(
                    ypid: try record.optionalText(), hospitalDrugCode: try record.text(),
                    procurementCode: try record.optionalText(), productName: try record.text(),
                    matchedYPID: try record.optionalText(), matchMethod: try record.optionalText(),
                    matchScore: try record.optionalInteger()))
        }
    }

    func forEachInstitutionRow(_ body: (InstitutionRow) throws -> Void) throws {
        try forEach(.institution) { record in
            try body(
                InstitutionRow(
                    origin: try record.origin(), header: try record.integer(),
                    annualDrugIncome: try record.integer(), bedCount: try record.integer(),
                    unitHead: try record.optionalText(), statsHead: try record.optionalText()))
        }
    }

    func forEachCatalogueRow(_ body: (CatalogueRow) throws -> Void) throws {
        try forEach(.catalogue) { record in
            try body(
                CatalogueRow(
                    origin: try record.origin(), header: try record.integer(), drug: try record.integer(),
                    genericName: try record.text(), tradeName: try record.optionalText(),
                    tradeNameEnglish: try record.optionalText(), approvalNumber: try record.text(),
                    manufacturer: try record.text(), dosageForm: try record.optionalText(),
                    strength: try record.optionalText(), dosageUnit: try record.text(),
                    packUnit: try record.text(), conversionFactor: try record.integer(),
                    isEssential: try record.optionalFlag(),
                    isCentralProcurement: try record.optionalFlag(),
                    isConsistencyEvaluated: try record.optionalFlag()))
        }
    }

    func forEachMovementChunk(of table: DataTable, _ body: ([MovementRow]) throws -> Void) throws {
        try forEach(.movement(table)) { record in try body(try record.movements()) }
    }
}
