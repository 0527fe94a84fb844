/// A drug as a hospital describes it: a row of its catalogue or of a comparison file.
///
/// Everything but the product name may be missing; the less is known, the less is decided.
public struct LocalDrug: Sendable, Hashable {
    /// 院内药品唯一码.
    public var hospitalDrugCode: String?
    /// The national code the hospital itself supplied.
    public var ypid: String?
    /// 批准文号, as printed.
    public var approvalNumber: String?
    /// 药品本位码.
    public var standardCode: String?
    /// 医保药品编码.
    public var nhsaCode: String?
    /// 通用名.
    public var genericName: String?
    /// 产品名称.
    public var productName: String
    /// 商品名.
    public var tradeName: String?
    /// 生产企业.
    public var manufacturer: String?
    /// 剂型.
    public var dosageForm: String?
    /// 规格, which in practice also holds packing.
    public var strength: String?
    /// 制剂单位.
    public var dosageUnit: String?
    /// 最小销售包装单位.
    public var packUnit: String?
    /// 转换系数, as text.
    public var conversionFactor: String?

    /// A drug of a hospital.
    public init(
        hospitalDrugCode: String? = nil, ypid: String? = nil, approvalNumber: String? = nil,
        standardCode: String? = nil, nhsaCode: String? = nil, genericName: String? = nil, productName: String,
        tradeName: String? = nil, manufacturer: String? = nil, dosageForm: String? = nil, strength: String? = nil,
        dosageUnit: String? = nil, packUnit: String? = nil, conversionFactor: String? = nil
    ) {
        self.hospitalDrugCode = hospitalDrugCode
        self.ypid = ypid
        self.approvalNumber = approvalNumber
        self.standardCode = standardCode
        self.nhsaCode = nhsaCode
        self.genericName = genericName
        self.productName = productName
        self.tradeName = tradeName
        self.manufacturer = manufacturer
        self.dosageForm = dosageForm
        self.strength = strength
        self.dosageUnit = dosageUnit
        self.packUnit = packUnit
        self.conversionFactor = conversionFactor
    }
}

extension LocalDrug {
    /// What decisions are keyed by, beside institution and local code: every field that takes part in the comparison,
    /// in one spelling. A new width or bracket asks nobody again; a new strength does.
    public var descriptionKey: String {
        [
            productName, genericName, tradeName, strength, dosageForm, manufacturer, approvalNumber, standardCode,
            nhsaCode, conversionFactor, ypid,
        ].map { String(decoding: Folding.fold($0 ?? ""), as: UTF16.self) }.joined(separator: "\u{1F}")
    }
}
