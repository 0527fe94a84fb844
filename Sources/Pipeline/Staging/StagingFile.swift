internal import Core
internal import Foundation

/// A staging file read back: what load and the reports take from precheck.
struct StagingFile: StagedRows {
    let path: String

    /// How much is read at once: small enough that little of what is stepped over is read.
    private static let windowBytes = 256 << 10

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

    /// Calls `body` for every record of a kind, in order. Records of other kinds are stepped over.
    private func forEach(_ wanted: StagingRecord, body: (inout StagingDecoder) throws -> Void) throws {
        let outer = wanted.isNote ? StagingRecord.notes : wanted
        var window = try StagingWindow(path, bytes: StagingFile.windowBytes)
        while let (kind, length) = try window.next() {
            guard kind == outer else {
                try window.skip(length)
                continue
            }
            try window.fill(length)
            let record = window.offset..<window.offset + length
            if wanted.isNote {
                try forEach(wanted, in: window.bytes, record, body: body)
            } else {
                var decoder = StagingDecoder(window.bytes, record, name: path)
                try body(&decoder)
            }
            try window.skip(length)
        }
    }

    /// The same for what stands among some notes.
    private func forEach(
        _ wanted: StagingRecord, in bytes: [UInt8], _ notes: Range<Int>,
        body: (inout StagingDecoder) throws -> Void
    ) throws {
        var offset = notes.lowerBound
        while offset < notes.upperBound {
            guard let (kind, length) = StagingWindow.head(bytes, at: offset, before: notes.upperBound), kind.isNote
            else {
                throw StagingError(problem: .damaged, path: path)
            }
            offset += StagingWriter.headBytes
            guard length <= notes.upperBound - offset else { throw StagingError(problem: .damaged, path: path) }
            if kind == wanted {
                var decoder = StagingDecoder(bytes, offset..<offset + length, name: path)
                try body(&decoder)
            }
            offset += length
        }
    }

    func forEachFinding(_ body: (Finding) throws -> Void) throws {
        try forEachStagedFinding { try body($0.finding) }
    }

    func forEachStagedFinding(_ body: (StagedFinding) throws -> Void) throws {
        try forEach(.finding) { record in
            let rule = try record.extent()
            let rank: UInt8 = try record.integer()
            let stage: UInt8 = try record.integer()
            let fingerprint = Fingerprint(high: try record.integer(), low: try record.integer())
            let root = Fingerprint(high: try record.integer(), low: try record.integer())
            let table: UInt8 = try record.integer()
            var place = Place(
                table: DataTable(number: Int(table)), file: try record.optionalInteger(),
                line: try record.optionalInteger(), row: try record.optionalInteger())
            let column = try record.optionalExtent()
            place.byteOffset = try record.optionalInteger()
            let value = try record.optionalExtent()
            let expected = try record.optionalExtent()
            var details: [Range<Int>] = []
            for _ in 0..<(try record.integer(UInt32.self)) {
                details.append(try record.extent())
                details.append(try record.extent())
            }
            try body(
                StagedFinding(
                    in: record.bytes, severity: Severity(rank: Int(rank)) ?? .error, stage: stage == 2 ? .post : .pre,
                    fingerprint: fingerprint, root: root.high == 0 && root.low == 0 ? nil : root, place: place,
                    rule: rule, column: column, value: value, expected: expected, details: details))
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
