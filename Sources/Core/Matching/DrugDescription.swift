/// A drug as a hospital describes it: a row of its catalogue or of a comparison file. Everything but the code may be
/// missing; the less is known, the less is decided.
public struct DrugDescription: Sendable, Hashable, Codable {
    /// 院内药品唯一码; empty where a comparison file left it blank.
    public var hospitalDrugCode: String
    /// The national code the hospital itself supplied.
    public var ypid: String?
    /// 批准文号
    public var approvalNumber: String?
    /// 药品本位码
    public var standardCode: String?
    /// 医保药品编码
    public var nhsaCode: String?
    /// 通用名
    public var genericName: String?
    /// 产品名称
    public var productName: String
    /// 商品名
    public var tradeName: String?
    /// 生产企业
    public var manufacturer: String?
    /// 剂型名称
    public var dosageForm: String?
    /// 制剂规格
    public var strength: String?
    /// 制剂单位
    public var dosageUnit: String?
    /// 最小销售包装单位
    public var packUnit: String?
    /// 转换系数, as it came.
    public var conversionFactor: String?

    /// A drug of which only code and name are known.
    public init(hospitalDrugCode: String, productName: String) {
        self.hospitalDrugCode = hospitalDrugCode
        self.productName = productName
    }

    /// A drug from values by English column name; blank values are absent.
    public init(columns: [String: String]) {
        func text(_ name: String) -> String? {
            guard let value = columns[name], !value.isEmpty else { return nil }
            return value
        }
        self.init(hospitalDrugCode: text("hospital_drug_code") ?? "", productName: text("product_name") ?? "")
        ypid = text("ypid")
        approvalNumber = text("approval_number")
        standardCode = text("standard_code")
        nhsaCode = text("nhsa_code")
        genericName = text("generic_name")
        tradeName = text("trade_name")
        manufacturer = text("manufacturer")
        dosageForm = text("dosage_form")
        strength = text("strength")
        dosageUnit = text("dosage_unit")
        packUnit = text("pack_unit")
        conversionFactor = text("conversion_factor")
    }
}
