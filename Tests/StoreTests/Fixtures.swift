import Core
import Testing

/// Staged rows in memory.
struct FixtureRows: StagedRows {
    var findings: [Finding] = []
    var quarantined: [QuarantinedRow] = []
    var headers: [RowHeader] = [.fixture]
    var drugs: [NamedDrug] = []
    var institutions: [InstitutionRow] = []
    var catalogue: [CatalogueRow] = []
    var movements: [DataTable: [MovementRow]] = [:]

    func forEachFinding(_ body: (Finding) throws -> Void) throws { try findings.forEach(body) }
    func forEachQuarantinedRow(_ body: (QuarantinedRow) throws -> Void) throws { try quarantined.forEach(body) }
    func forEachHeader(_ body: (RowHeader) throws -> Void) throws { try headers.forEach(body) }
    func forEachDrug(_ body: (NamedDrug) throws -> Void) throws { try drugs.forEach(body) }
    func forEachInstitutionRow(_ body: (InstitutionRow) throws -> Void) throws { try institutions.forEach(body) }
    func forEachCatalogueRow(_ body: (CatalogueRow) throws -> Void) throws { try catalogue.forEach(body) }
    func forEachMovementChunk(of table: DataTable, _ body: ([MovementRow]) throws -> Void) throws {
        if let rows = movements[table] { try body(rows) }
    }
}

extension RowHeader {
    static let fixture = RowHeader(
        reportDate: CalendarDay(daysSince2000: 9_343), provinceCode: "330000", orgCode: "470012345",
        hospitalCode: code(1), hospitalName: "第一人民医院")
}

/// A hospital's code, good enough for a store that does not check it.
func code(_ number: Int) -> String { "4700\(10_000 + number)330102111A1001" }

/// A digest that no other number gives.
func digest(_ number: Int) -> SHA256Digest {
    SHA256Digest(bytes: (0..<32).map { $0 < 24 ? 0 : UInt8(truncatingIfNeeded: number >> (8 * (31 - $0))) })
}

func timestamp(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: (1_753_930_800 + seconds) * 1_000_000) }

func plan(
    hospital: Int = 1, period: String = "2025", bytes: Int = 1, identicalTo: SubmissionID? = nil
) throws -> IntakePlan {
    let period = try #require(Period(period))
    let files = [ArchivedFile(name: "usage.csv", sha256: digest(bytes + 1_000), size: 7)]
    return IntakePlan(
        hospitalCode: code(hospital), period: period, sourceName: "\(code(hospital))/\(period)", sha256: digest(bytes),
        files: files, paths: ["\(code(hospital))/\(period)/usage.csv"],
        markers: ["\(code(hospital))/\(period)/submission.ok"], identicalTo: identicalTo)
}

/// Rows of all five tables: as many of each movement as named.
func rows(drugs: Int = 2, amount: Int64 = 1_250) -> FixtureRows {
    var rows = FixtureRows()
    rows.drugs = (0..<drugs).map { number in
        NamedDrug(
            ypid: number % 2 == 0 ? "YP\(number)" : nil, hospitalDrugCode: "H\(number)", procurementCode: nil,
            productName: "阿莫西林胶囊 \(number)", matchedYPID: "YP\(number)", matchMethod: "code", matchScore: 9_950)
    }
    rows.institutions = [
        InstitutionRow(
            origin: RowOrigin(file: 0, line: 2, row: 1), header: 0, annualDrugIncome: 123_456_789, bedCount: 500,
            unitHead: "张三", statsHead: nil)
    ]
    rows.catalogue = (0..<drugs).map { number in
        CatalogueRow(
            origin: RowOrigin(file: 1, line: Int32(number + 2), row: Int32(number + 1)), header: 0, drug: Int32(number),
            genericName: "阿莫西林", tradeName: nil, tradeNameEnglish: nil, approvalNumber: "国药准字H20000001",
            manufacturer: "某制药", dosageForm: "胶囊剂", strength: "0.25g", dosageUnit: "粒", packUnit: "盒",
            conversionFactor: 240_000, isEssential: 1, isCentralProcurement: nil, isConsistencyEvaluated: 2)
    }
    for (index, table) in DataTable.allCases.filter(\.isMovement).enumerated() {
        rows.movements[table] = (0..<drugs).map { number in
            MovementRow(
                origin: RowOrigin(file: Int32(index + 2), line: Int32(number + 2), row: Int32(number + 1)), header: 0,
                drug: Int32(number), amount: table == .stockOut ? 0 : amount, packQuantity: 15_000,
                doseQuantity: -240_001)
        }
    }
    return rows
}

/// Files whose counts are those of the rows.
func files(_ rows: FixtureRows) -> [FileOutcome] {
    DataTable.allCases.enumerated().map { index, table in
        var file = FileOutcome(
            name: "\(table.rawValue).csv", member: nil, table: table, sha256: digest(index).hex, size: 10)
        switch table {
        case .institution: file.rowsLoaded = rows.institutions.count
        case .catalogue: file.rowsLoaded = rows.catalogue.count
        case .stockIn, .stockOut, .usage: file.rowsLoaded = rows.movements[table]?.count ?? 0
        }
        file.encoding = "GB18030"
        file.delimiter = ","
        file.headers = [
            HeaderMapping(header: "院内码", column: "hospital_drug_code"), HeaderMapping(header: "备注", column: nil),
        ]
        file.normalised = ["amount": ["thousands": 2, "full_width": 1]]
        file.rowsQuarantined = rows.quarantined.count { $0.table == table }
        file.rowsSkipped = table == .usage ? ["total_line": 1] : [:]
        file.rowsRead = file.rowsLoaded + file.rowsQuarantined + file.rowsSkippedTotal
        return file
    }
}

func judged(
    _ submission: Submission, _ rows: FixtureRows, _ verdict: Verdict = .passed, files given: [FileOutcome]? = nil
) -> PrecheckResult {
    var counts: [Severity: Int] = [:]
    for finding in rows.findings { counts[finding.severity, default: 0] += 1 }
    return PrecheckResult(
        submission: submission, files: given ?? files(rows), verdict: verdict, staged: rows, findingCounts: counts,
        ruleSetHash: "rules-1")
}
