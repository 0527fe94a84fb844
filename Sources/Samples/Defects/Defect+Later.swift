import Core

extension Defect {
    /// Rules that are checked later than the reading; planted where a plan names their rules.
    static let laterDefects: [Defect] = [
        cell(
            "C14", .catalogue, "approval_number", "国药准宇H2019", .warning,
            also: [Expectation("D06", .warning, "approval_number")],
            Phrase("批准文号格式不对", "an approval number of no known form")),
        cell(
            "C21", .catalogue, "conversion_factor", "12000", .warning,
            also: [
                Expectation("D11", .error, "conversion_factor"),
                Expectation("F06", .warning, "conversion_factor", where: { !$0.hasTwoUnits }),
            ], Phrase("转换系数大于 10000", "a factor above 10 000")),
        cell(
            "C31", .institution, "annual_drug_income", "8500.00", .warning,
            also: [Expectation("G11", .warning, at: .submission)],
            Phrase("年度药品总收入像是以万元填报", "an income that looks like units of ten thousand")),
        cell(
            "C36", .catalogue, "pack_unit", "箩筐", .warning, also: [Expectation("D12", .warning, "pack_unit")],
            Phrase("包装单位不在字典中", "a unit that no dictionary has")),
        cell(
            "D01", .catalogue, "ypid", "199999999999", .error,
            Phrase("国家药品编码不在药品库中", "a code that is not in the library")
        ),
        cell(
            "D11", .catalogue, "conversion_factor", .error,
            also: [Expectation("F06", .warning, "conversion_factor", where: { !$0.hasTwoUnits })],
            Phrase("转换系数与药品库不同", "a factor other than the library's")
        ) {
            String((Int($0["conversion_factor"]) ?? 1) + 3)
        },
        cell(
            "F01", .usage, "dose_quantity", .error, also: [Expectation("G08", .warning, "dose_quantity", root: "F01")],
            Phrase("包装数量 × 转换系数 ≠ 制剂数量", "packs × factor is not the dose quantity")
        ) { String((Int($0["dose_quantity"]) ?? 100) * 3 + 7) },
        cell("F02", .usage, "amount", "0.00", .warning, Phrase("金额为 0 而数量不为 0", "used without an amount")),
        cell(
            "G01", .usage, "hospital_drug_code", "Z0000000", .error,
            also: [Expectation("G06", .warning, "hospital_drug_code", root: "G01")],
            Phrase("院内码不在目录中", "a drug that is not in the catalogue")),
        cell(
            "G02", .usage, "ypid", "199999999998", .error, also: [Expectation("D01", .error, "ypid")],
            Phrase("国家药品编码与目录不同", "another national code than the catalogue's")),
        cell("B02", .catalogue, "ypid", "", .warning, Phrase("国家药品编码为空", "no national code")),
        cell(
            "D06", .catalogue, "approval_number", "国药准字H19850001", .warning,
            also: [Expectation("F11", .warning, "approval_number", where: { !$0["approval_number"].contains("字H") })],
            Phrase("批准文号与药品库不同", "an approval number other than the library's")),
        cell(
            "D07", .catalogue, "manufacturer", "无名岭不存在制药有限公司", .warning,
            Phrase("生产企业与药品库不同", "a manufacturer other than the library's")),
        cell(
            "D08", .catalogue, "generic_name", "样品甲素", .error, also: [Expectation("F10", .warning, "product_name")],
            Phrase("通用名与药品库不同", "a generic name other than the library's")),
        cell("D09", .catalogue, "dosage_form", .error, Phrase("剂型类别与药品库不同", "a form of another class")) {
            $0["dosage_form"].hasPrefix("注射") ? "片剂" : "注射液"
        },
        cell(
            "D10", .catalogue, "strength", "123mg", .warning, Phrase("规格与药品库不同", "a strength other than the library's")),
        cell(
            "D12", .catalogue, "dosage_unit", .warning, Phrase("制剂单位与药品库不同", "a unit other than the library's")
        ) { $0["dosage_unit"] == "片" ? "粒" : "片" },
        cell("D13", .catalogue, "is_essential", .warning, Phrase("基本药物标志与药品库不同", "another essential flag")) {
            $0["is_essential"] == "1" ? "2" : "1"
        },
        cell(
            "D14", .catalogue, "is_central_procurement", .warning,
            Phrase("集中采购标志与药品库不同", "another flag of central procurement")
        ) { $0["is_central_procurement"] == "1" ? "2" : "1" },
        Defect(
            name: "E01", about: Phrase("同一药品两行，数量不同", "one drug in two rows that differ"),
            planting: .row(.usage) { RowChange(again: ["amount": "1" + $0["amount"]]) },
            expected: [
                Expectation("E01", .error, "hospital_drug_code"),
                Expectation("E01", .error, "hospital_drug_code", at: .secondRow),
            ]),
        Defect(
            name: "E02", about: Phrase("整行重复", "the same row twice"),
            planting: .row(.stockOut) { _ in RowChange(again: [:]) },
            expected: [Expectation("E02", .warning, at: .secondRow)]),
        Defect(
            name: "F03", about: Phrase("有金额而数量都为 0", "an amount without quantities"),
            planting: .row(.usage) { _ in RowChange(cells: ["pack_quantity": "0", "dose_quantity": "0"]) },
            expected: [Expectation("F03", .error, "amount")]),
        cell(
            "G03", .usage, "product_name", "样品甲素注射液", .warning, Phrase("产品名称与目录不同", "another name than the catalogue's")
        ),
    ]
}
