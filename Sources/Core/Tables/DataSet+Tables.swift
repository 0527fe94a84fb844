// The five tables, column by column. Lengths and aliases: domain section 1.

extension DataSet {
    static func sharedColumns(of table: DataTable) -> [Column] {
        [
            Column("report_date", "数据上报日期", .date, isRequired: true, aliases: ["上报日期"]),
            Column("province_code", "省级行政区划代码", .code, isRequired: true, aliases: ["省级行政区划编码"]),
            Column("org_code", "组织机构代码", .code, isRequired: true),
            Column("hospital_code", "医疗机构代码", .code, isRequired: true, aliases: ["医疗卫生机构代码"]),
            Column(
                "hospital_name", table == .institution ? "组织机构名称" : "医疗机构名称", .text,
                isRequired: table == .institution, maximumLength: 100,
                aliases: [table == .institution ? "医疗机构名称" : "组织机构名称", "机构名称"]),
        ]
    }

    private static let ypid = Column(
        "ypid", "国家药品编码（YPID）", .code, isRequired: true, maximumLength: 30,
        aliases: ["国家药管平台药品编码", "YPID", "国家药品编码"])
    private static let hospitalDrugCode = Column(
        "hospital_drug_code", "院内药品唯一码", .code, isRequired: true, maximumLength: 50,
        aliases: ["院内唯一码", "院内药品编码", "院内药品唯一编码"])
    private static let procurementCode = Column(
        "procurement_code", "省级药品集中采购平台药品编码", .code, maximumLength: 50, aliases: ["省级药品编码"])
    private static let productName = Column(
        "product_name", "产品名称", .text, isRequired: true, maximumLength: 200, aliases: ["产品通用名"])

    static let institution = DataSet(
        .institution,
        own: [
            Column("annual_drug_income", "年度药品总收入（元）", .amount, isRequired: true),
            Column("bed_count", "实有床位数", .count, isRequired: true, aliases: ["实有床位"]),
            Column("unit_head", "单位负责人", .text, maximumLength: 50, isPersonal: true),
            Column("stats_head", "统计负责人", .text, maximumLength: 50, isPersonal: true),
        ])

    static let catalogue = DataSet(
        .catalogue,
        own: [
            ypid, hospitalDrugCode, procurementCode,
            Column("generic_name", "通用名", .text, isRequired: true, maximumLength: 200, aliases: ["品种通用名"]),
            productName,
            Column("trade_name", "商品名", .text, maximumLength: 100),
            Column("trade_name_en", "商品名（英文）", .text, maximumLength: 100, aliases: ["英文商品名"]),
            Column("approval_number", "批准文号", .code, isRequired: true, maximumLength: 50),
            Column("manufacturer", "生产企业", .text, isRequired: true, maximumLength: 200, aliases: ["生产企业名称", "生产厂家"]),
            Column("dosage_form", "剂型名称", .text, maximumLength: 50, aliases: ["剂型"]),
            Column("strength", "制剂规格", .text, maximumLength: 100, aliases: ["规格"]),
            Column("dosage_unit", "制剂单位", .text, isRequired: true, maximumLength: 20, aliases: ["最小制剂单位"]),
            Column("pack_unit", "最小销售包装单位", .text, isRequired: true, maximumLength: 20, aliases: ["包装单位"]),
            Column("conversion_factor", "转换系数", .factor, isRequired: true),
            Column("is_essential", "是否基本药物", .flag),
            Column("is_central_procurement", "是否网上集中采购药品", .flag),
            Column("is_consistency_evaluated", "是否通过一致性评价", .flag),
        ])

    static let stockIn = DataSet(
        .stockIn,
        own: [
            ypid, hospitalDrugCode, procurementCode, productName,
            Column("amount", "入库总金额（元）", .amount, isRequired: true, aliases: ["入库金额"]),
            Column("pack_quantity", "入库数量（最小销售包装单位）", .quantity, isRequired: true),
            Column("dose_quantity", "入库数量（最小制剂单位）", .quantity, isRequired: true),
        ])

    static let stockOut = DataSet(
        .stockOut,
        own: [
            ypid, hospitalDrugCode, procurementCode, productName,
            Column("pack_quantity", "出库数量（最小销售包装单位）", .quantity, isRequired: true),
            Column("dose_quantity", "出库数量（最小制剂单位）", .quantity, isRequired: true),
        ])

    static let usage = DataSet(
        .usage,
        own: [
            ypid, hospitalDrugCode, procurementCode, productName,
            Column("amount", "销售总金额（元）", .amount, isRequired: true, aliases: ["销售金额", "使用总金额（元）"]),
            Column("pack_quantity", "销售数量（最小销售包装单位）", .quantity, isRequired: true, aliases: ["使用数量（最小销售包装单位）"]),
            Column("dose_quantity", "销售数量（最小制剂单位）", .quantity, isRequired: true, aliases: ["使用数量（最小制剂单位）"]),
        ])
}
