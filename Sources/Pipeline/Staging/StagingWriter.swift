internal import Core

/// The kinds of record in a staging file.
enum StagingRecord: UInt8, CaseIterable {
    case finding = 1
    case quarantined, header, drug, institution, catalogue, stockIn, stockOut, usage
    /// Where the records of each kind lie: the last but one of a whole file.
    case extents = 98
    /// The last record of a whole file: without it the file was cut short.
    case end = 99

    static func movement(_ table: DataTable) -> StagingRecord {
        switch table {
        case .stockIn: .stockIn
        case .stockOut: .stockOut
        default: .usage
        }
    }
}

/// Writes what precheck finds in one submission to one file, in the order in which it is found.
///
/// A record is its kind, its length and its bytes. Nothing is kept in memory but a buffer of about a mebibyte and the
/// movement rows of the chunk at hand. The file is no source of truth: should it be lost, precheck makes it again.
struct StagingWriter: ~Copyable {
    private let path: String
    private var descriptor: Int32
    private var buffer: [UInt8] = []
    private var extents = StagingExtents()
    /// Bytes that are in the file or in the buffer.
    private var size = 0
    private var scratch = StagingEncoder()
    private var movements: [MovementRow] = []
    private var movementTable: DataTable = .stockIn

    private static let bufferBytes = 1 << 20
    private static let chunkRows = 4096

    init(path: String) throws {
        self.path = path
        do {
            // In place: what is made under another name and renamed leaves that name behind when it is killed in between.
            descriptor = try FileSystem.create(path)
        } catch {
            throw StagingError(problem: .system("\(error)"), path: path)
        }
    }

    deinit { if descriptor >= 0 { FileSystem.abandon(descriptor) } }

    mutating func append(_ finding: Finding) throws {
        scratch.removeAll()
        let observation = finding.observation
        let place = observation.place
        scratch.append(observation.rule.rawValue)
        scratch.append(finding.severity.rawValue)
        scratch.append(finding.stage.rawValue)
        scratch.append(finding.fingerprint.high)
        scratch.append(finding.fingerprint.low)
        scratch.append(finding.root?.high ?? 0)
        scratch.append(finding.root?.low ?? 0)
        scratch.append(place.table?.rawValue)
        scratch.append(place.file)
        scratch.append(place.line)
        scratch.append(place.row)
        scratch.append(place.column)
        scratch.append(place.byteOffset)
        scratch.append(observation.value)
        scratch.append(observation.expected)
        scratch.append(UInt32(observation.details.count))
        for (key, value) in observation.details.sorted(by: { $0.key < $1.key }) {
            scratch.append(key)
            scratch.append(value)
        }
        try flush(.finding)
    }

    mutating func append(_ row: QuarantinedRow) throws {
        scratch.removeAll()
        scratch.append(row.table.rawValue)
        scratch.append(row.origin)
        scratch.append(row.raw)
        scratch.append(row.text)
        scratch.append(row.rules.map(\.rawValue).joined(separator: ","))
        try flush(.quarantined)
    }

    mutating func append(_ header: RowHeader) throws {
        scratch.removeAll()
        scratch.append(header.reportDate.daysSince2000)
        scratch.append(header.provinceCode)
        scratch.append(header.orgCode)
        scratch.append(header.hospitalCode)
        scratch.append(header.hospitalName)
        try flush(.header)
    }

    mutating func append(_ drug: NamedDrug) throws {
        scratch.removeAll()
        scratch.append(drug.ypid)
        scratch.append(drug.hospitalDrugCode)
        scratch.append(drug.procurementCode)
        scratch.append(drug.productName)
        scratch.append(drug.matchedYPID)
        scratch.append(drug.matchMethod)
        scratch.append(drug.matchScore)
        try flush(.drug)
    }

    mutating func append(_ row: InstitutionRow) throws {
        scratch.removeAll()
        scratch.append(row.origin)
        scratch.append(row.header)
        scratch.append(row.annualDrugIncome)
        scratch.append(row.bedCount)
        scratch.append(row.unitHead)
        scratch.append(row.statsHead)
        try flush(.institution)
    }

    mutating func append(_ row: CatalogueRow) throws {
        scratch.removeAll()
        scratch.append(row.origin)
        scratch.append(row.header)
        scratch.append(row.drug)
        scratch.append(row.genericName)
        scratch.append(row.tradeName)
        scratch.append(row.tradeNameEnglish)
        scratch.append(row.approvalNumber)
        scratch.append(row.manufacturer)
        scratch.append(row.dosageForm)
        scratch.append(row.strength)
        scratch.append(row.dosageUnit)
        scratch.append(row.packUnit)
        scratch.append(row.conversionFactor)
        scratch.append(row.isEssential.map(Int.init))
        scratch.append(row.isCentralProcurement.map(Int.init))
        scratch.append(row.isConsistencyEvaluated.map(Int.init))
        try flush(.catalogue)
    }

    mutating func append(_ row: MovementRow, of table: DataTable) throws {
        if table != movementTable || movements.count >= StagingWriter.chunkRows { try flushMovements() }
        movementTable = table
        movements.append(row)
    }

    private mutating func flushMovements() throws {
        guard !movements.isEmpty else { return }
        scratch.removeAll()
        scratch.append(movements)
        movements.removeAll(keepingCapacity: true)
        try flush(.movement(movementTable))
    }

    private mutating func flush(_ kind: StagingRecord) throws {
        buffer.append(kind.rawValue)
        var length = UInt32(scratch.bytes.count).littleEndian
        unsafe withUnsafeBytes(of: &length) { unsafe buffer.append(contentsOf: $0) }
        buffer.append(contentsOf: scratch.bytes)
        let start = size
        size += 5 + scratch.bytes.count
        extents.note(kind, start..<size)
        if buffer.count >= StagingWriter.bufferBytes { try writeBuffer() }
    }

    private mutating func writeBuffer() throws {
        guard !buffer.isEmpty else { return }
        do {
            try FileSystem.put(buffer, to: descriptor, path)
        } catch {
            throw StagingError(problem: .system("\(error)"), path: path)
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes what is left and marks the file as whole.
    mutating func finish() throws {
        try flushMovements()
        scratch.removeAll()
        extents.encode(into: &scratch)
        try flush(.extents)
        scratch.removeAll()
        try flush(.end)
        try writeBuffer()
        let done = descriptor
        descriptor = -1
        do {
            try FileSystem.finish(done, path)
        } catch {
            throw StagingError(problem: .system("\(error)"), path: path)
        }
    }
}
