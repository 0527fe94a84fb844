/// A row of the published drug library (contract: reference libraries), with what comparing needs of it.
public struct LibraryDrug: Sendable, Hashable {
    /// The national code, an opaque key.
    public var ypid: String
    /// 医保药品编码.
    public var nhsaCode: String?
    /// 药品本位码.
    public var standardCode: String?
    /// 批准文号.
    public var approvalNumber: String?
    /// 通用名.
    public var genericName: String?
    /// 产品名称.
    public var productName: String
    /// 商品名.
    public var tradeName: String?
    /// 生产企业.
    public var manufacturer: String?
    /// 上市许可持有人.
    public var holder: String?
    /// `chemical`, `tcm` or `biological`.
    public var category: String?
    /// 剂型.
    public var dosageForm: String?
    /// 规格.
    public var strength: String?
    /// 制剂单位.
    public var dosageUnit: String?
    /// 最小销售包装单位.
    public var packUnit: String?
    /// 转换系数, as text.
    public var conversionFactor: String?
    /// `active`, `disabled` or `deleted`; missing means active.
    public var status: String?

    /// A drug of the library.
    public init(
        ypid: String, nhsaCode: String? = nil, standardCode: String? = nil, approvalNumber: String? = nil,
        genericName: String? = nil, productName: String, tradeName: String? = nil, manufacturer: String? = nil,
        holder: String? = nil, category: String? = nil, dosageForm: String? = nil, strength: String? = nil,
        dosageUnit: String? = nil, packUnit: String? = nil, conversionFactor: String? = nil, status: String? = nil
    ) {
        self.ypid = ypid
        self.nhsaCode = nhsaCode
        self.standardCode = standardCode
        self.approvalNumber = approvalNumber
        self.genericName = genericName
        self.productName = productName
        self.tradeName = tradeName
        self.manufacturer = manufacturer
        self.holder = holder
        self.category = category
        self.dosageForm = dosageForm
        self.strength = strength
        self.dosageUnit = dosageUnit
        self.packUnit = packUnit
        self.conversionFactor = conversionFactor
        self.status = status
    }

    /// A drug from the columns of a library file by their contract names; `nil` without `ypid` or `product_name`.
    public init?(columns: [String: String]) {
        guard let ypid = columns["ypid"], let productName = columns["product_name"] else { return nil }
        self.init(
            ypid: ypid, nhsaCode: columns["nhsa_code"], standardCode: columns["standard_code"],
            approvalNumber: columns["approval_number"], genericName: columns["generic_name"],
            productName: productName, tradeName: columns["trade_name"], manufacturer: columns["manufacturer"],
            holder: columns["holder"], category: columns["category"], dosageForm: columns["dosage_form"],
            strength: columns["strength"], dosageUnit: columns["dosage_unit"], packUnit: columns["pack_unit"],
            conversionFactor: columns["conversion_factor"], status: columns["status"])
    }
}
