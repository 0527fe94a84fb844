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
    public var descriptionKey: String { String(decoding: descriptionKeyBytes, as: UTF8.self) }

    /// The same in UTF-8, made without a text in between.
    public var descriptionKeyBytes: [UInt8] {
        let fields = [
            productName, genericName, tradeName, strength, dosageForm, manufacturer, approvalNumber, standardCode,
            nhsaCode, conversionFactor, ypid,
        ]
        var bytes: [UInt8] = []
        bytes.reserveCapacity(320)
        for (place, field) in fields.enumerated() {
            if place > 0 { bytes.append(0x1F) }
            guard let field else { continue }
            Folding.forEach(in: field.utf8.span) { value in
                // Folded text has no surrogates.
                if value < 0x80 {
                    bytes.append(UInt8(value))
                } else if value < 0x800 {
                    bytes.append(0xC0 | UInt8(value >> 6))
                    bytes.append(0x80 | UInt8(value & 0x3F))
                } else {
                    bytes.append(0xE0 | UInt8(value >> 12))
                    bytes.append(0x80 | UInt8(value >> 6 & 0x3F))
                    bytes.append(0x80 | UInt8(value & 0x3F))
                }
            }
        }
        return bytes
    }
}
