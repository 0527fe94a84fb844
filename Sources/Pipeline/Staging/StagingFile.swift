internal import Core
internal import Foundation

/// A staging file read back: what load and the reports take from precheck.
struct StagingFile: StagedRows {
    let path: String

    private static let windowBytes = 1 << 20

    /// Whether the file is there and whole.
    var isWhole: Bool {
        guard let handle = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? handle.close() }
        // The end record is five bytes: its kind and a length of 0.
        guard let size = try? handle.seekToEnd(), size >= 5 else { return false }
        guard (try? handle.seek(toOffset: size - 5)) != nil, let tail = try? handle.read(upToCount: 5) else {
            return false
        }
        return Array(tail) == [StagingRecord.end.rawValue, 0, 0, 0, 0]
    }

    /// Calls `body` for every record of some kinds, in order. Records of other kinds are stepped over.
    private func forEach(
        _ kinds: StagingRecord..., body: (inout StagingDecoder) throws -> Void
    ) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw StagingError(problem: .damaged, path: path)
        }
        defer { try? handle.close() }
        var window: [UInt8] = []
        var offset = 0
        func fill(_ count: Int) throws -> Bool {
            guard window.count - offset < count else { return true }
            window.removeFirst(offset)
            offset = 0
            while window.count < count {
                guard let more = try handle.read(upToCount: max(StagingFile.windowBytes, count - window.count)),
                    !more.isEmpty
                else { return false }
                window.append(contentsOf: more)
            }
            return true
        }
        while true {
            guard try fill(5) else { throw StagingError(problem: .damaged, path: path) }
            guard let kind = StagingRecord(rawValue: window[offset]) else {
                throw StagingError(problem: .damaged, path: path)
            }
            let length = (1...4).reduce(0) { $0 | Int(window[offset + $1]) << (8 * ($1 - 1)) }
            offset += 5
            if kind == .end { return }
            guard try fill(length) else { throw StagingError(problem: .damaged, path: path) }
            if kinds.contains(kind) {
                var decoder = StagingDecoder(window, offset..<offset + length, name: path)
                try body(&decoder)
            }
            offset += length
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
