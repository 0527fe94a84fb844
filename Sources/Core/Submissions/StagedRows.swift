// What precheck leaves for load: rows that passed, already typed, their texts in dictionaries.
// Movement rows are 48 bytes and name their drug and their identification by ordinal, so that a fact table needs no text.

/// The identification columns of a row: what all rows of a file usually share.
public struct RowHeader: Sendable, Hashable {
    /// 数据上报日期
    public var reportDate: CalendarDay
    /// Six digits.
    public var provinceCode: String
    /// 组织机构代码
    public var orgCode: String
    /// 医疗机构代码
    public var hospitalCode: String
    /// 组织机构名称 / 医疗机构名称, where it was stated.
    public var hospitalName: String?

    /// An identification.
    public init(
        reportDate: CalendarDay, provinceCode: String, orgCode: String, hospitalCode: String, hospitalName: String?
    ) {
        self.reportDate = reportDate
        self.provinceCode = provinceCode
        self.orgCode = orgCode
        self.hospitalCode = hospitalCode
        self.hospitalName = hospitalName
    }
}

/// A drug as one or more rows of a submission name it, and what it was matched to.
public struct NamedDrug: Sendable, Hashable {
    /// 国家药品编码 as it came; `nil` where blank.
    public var ypid: String?
    /// 院内药品唯一码
    public var hospitalDrugCode: String
    /// 省级药品集中采购平台药品编码
    public var procurementCode: String?
    /// 产品名称
    public var productName: String
    /// The national code the comparison found; `nil` where there is none.
    public var matchedYPID: String?
    /// How it was found.
    public var matchMethod: String?
    /// 0 … 10 000, hundredths of a per cent.
    public var matchScore: Int?

    /// A drug.
    public init(
        ypid: String?, hospitalDrugCode: String, procurementCode: String?, productName: String,
        matchedYPID: String? = nil, matchMethod: String? = nil, matchScore: Int? = nil
    ) {
        self.ypid = ypid
        self.hospitalDrugCode = hospitalDrugCode
        self.procurementCode = procurementCode
        self.productName = productName
        self.matchedYPID = matchedYPID
        self.matchMethod = matchMethod
        self.matchScore = matchScore
    }
}

/// Where a loaded row came from.
public struct RowOrigin: Sendable, Hashable {
    /// The position of the file in the submission's list of file outcomes.
    public var file: Int32
    /// The physical line.
    public var line: Int32
    /// The ordinal of the data row in its file.
    public var row: Int32

    /// An origin.
    public init(file: Int32, line: Int32, row: Int32) {
        self.file = file
        self.line = line
        self.row = row
    }
}

/// A row of stock_in, stock_out or usage.
public struct MovementRow: Sendable, Hashable {
    /// Where it came from.
    public var origin: RowOrigin
    /// The ordinal of its `RowHeader` in the submission, from 0.
    public var header: Int32
    /// The ordinal of its `NamedDrug` in the submission, from 0.
    public var drug: Int32
    /// Fen; 0 in stock_out, which has no amount.
    public var amount: Int64
    /// Packs × 10⁴.
    public var packQuantity: Int64
    /// Dosage units × 10⁴.
    public var doseQuantity: Int64

    /// A movement.
    public init(
        origin: RowOrigin, header: Int32, drug: Int32, amount: Int64, packQuantity: Int64, doseQuantity: Int64
    ) {
        self.origin = origin
        self.header = header
        self.drug = drug
        self.amount = amount
        self.packQuantity = packQuantity
        self.doseQuantity = doseQuantity
    }
}

/// A row of the catalogue.
public struct CatalogueRow: Sendable, Hashable {
    /// Where it came from.
    public var origin: RowOrigin
    /// The ordinal of its `RowHeader`.
    public var header: Int32
    /// The ordinal of its `NamedDrug`.
    public var drug: Int32
    /// 通用名
    public var genericName: String
    /// 商品名
    public var tradeName: String?
    /// 商品名（英文）
    public var tradeNameEnglish: String?
    /// 批准文号
    public var approvalNumber: String
    /// 生产企业
    public var manufacturer: String
    /// 剂型名称
    public var dosageForm: String?
    /// 制剂规格
    public var strength: String?
    /// 制剂单位
    public var dosageUnit: String
    /// 最小销售包装单位
    public var packUnit: String
    /// Dosage units per pack × 10⁴.
    public var conversionFactor: Int64
    /// 1 yes, 2 no.
    public var isEssential: Int16?
    /// 1 yes, 2 no.
    public var isCentralProcurement: Int16?
    /// 1 yes, 2 no.
    public var isConsistencyEvaluated: Int16?

    /// A catalogue row.
    public init(
        origin: RowOrigin, header: Int32, drug: Int32, genericName: String, tradeName: String?,
        tradeNameEnglish: String?, approvalNumber: String, manufacturer: String, dosageForm: String?,
        strength: String?, dosageUnit: String, packUnit: String, conversionFactor: Int64, isEssential: Int16?,
        isCentralProcurement: Int16?, isConsistencyEvaluated: Int16?
    ) {
        self.origin = origin
        self.header = header
        self.drug = drug
        self.genericName = genericName
        self.tradeName = tradeName
        self.tradeNameEnglish = tradeNameEnglish
        self.approvalNumber = approvalNumber
        self.manufacturer = manufacturer
        self.dosageForm = dosageForm
        self.strength = strength
        self.dosageUnit = dosageUnit
        self.packUnit = packUnit
        self.conversionFactor = conversionFactor
        self.isEssential = isEssential
        self.isCentralProcurement = isCentralProcurement
        self.isConsistencyEvaluated = isConsistencyEvaluated
    }
}

/// A row of the institution table.
public struct InstitutionRow: Sendable, Hashable {
    /// Where it came from.
    public var origin: RowOrigin
    /// The ordinal of its `RowHeader`.
    public var header: Int32
    /// Fen.
    public var annualDrugIncome: Int64
    /// Beds.
    public var bedCount: Int32
    /// 单位负责人
    public var unitHead: String?
    /// 统计负责人
    public var statsHead: String?

    /// An institution row.
    public init(
        origin: RowOrigin, header: Int32, annualDrugIncome: Int64, bedCount: Int32, unitHead: String?,
        statsHead: String?
    ) {
        self.origin = origin
        self.header = header
        self.annualDrugIncome = annualDrugIncome
        self.bedCount = bedCount
        self.unitHead = unitHead
        self.statsHead = statsHead
    }
}

/// A row kept aside, whole as it came.
public struct QuarantinedRow: Sendable, Hashable {
    /// The table.
    public var table: DataTable
    /// Where it came from.
    public var origin: RowOrigin
    /// Its bytes as they came, in the file's encoding, without the line end.
    public var raw: [UInt8]
    /// The same as text; bytes that are not valid in the encoding stand as `\xHH`.
    public var text: String
    /// Every rule it broke, sorted, each once.
    public var rules: [RuleID]

    /// A row.
    public init(table: DataTable, origin: RowOrigin, raw: [UInt8], text: String, rules: [RuleID]) {
        self.table = table
        self.origin = origin
        self.raw = raw
        self.text = text
        self.rules = rules
    }
}

/// Everything precheck found in one submission, kept outside memory and read back in order.
///
/// Each function calls `body` for every element, in order, and may be called again. Chunks are bounded, so a reader of
/// two million rows holds a few thousand of them.
public protocol StagedRows: Sendable {
    /// Findings in the order files, rows, columns.
    func forEachFinding(_ body: (Finding) throws -> Void) throws
    /// The same, as they lie among staged bytes.
    func forEachStagedFinding(_ body: (StagedFinding) throws -> Void) throws
    /// Quarantined rows in the order of files and rows.
    func forEachQuarantinedRow(_ body: (QuarantinedRow) throws -> Void) throws
    /// The identifications; the first is ordinal 0.
    func forEachHeader(_ body: (RowHeader) throws -> Void) throws
    /// The named drugs; the first is ordinal 0.
    func forEachDrug(_ body: (NamedDrug) throws -> Void) throws
    /// Rows of the institution table that passed.
    func forEachInstitutionRow(_ body: (InstitutionRow) throws -> Void) throws
    /// Rows of the catalogue that passed.
    func forEachCatalogueRow(_ body: (CatalogueRow) throws -> Void) throws
    /// Rows of a movement table that passed, some thousands at a time.
    func forEachMovementChunk(of table: DataTable, _ body: ([MovementRow]) throws -> Void) throws
}

extension StagedRows {
    /// Each finding laid among bytes.
    public func forEachStagedFinding(_ body: (StagedFinding) throws -> Void) throws {
        try forEachFinding { try body(StagedFinding($0)) }
    }
}
