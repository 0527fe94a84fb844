extension DataSet {
    /// A comparison file: a catalogue in which any column may be missing, with two codes a catalogue does not have.
    public static let comparison = DataSet(
        .catalogue,
        own: catalogue.columns.dropFirst(SharedColumn.count) + [
            Column("standard_code", "药品本位码", .code, maximumLength: 50, aliases: ["本位码", "国家药品本位码"]),
            Column(
                "nhsa_code", "医保药品编码", .code, maximumLength: 50,
                aliases: ["国家医保药品代码", "医保药品代码", "国家医保编码", "医保编码"]),
        ])

    /// The columns of the comparison template, in their order.
    public static let comparisonTemplate = [
        "hospital_drug_code", "ypid", "approval_number", "standard_code", "nhsa_code", "generic_name", "product_name",
        "trade_name", "manufacturer", "dosage_form", "strength", "dosage_unit", "pack_unit", "conversion_factor",
    ]
}
