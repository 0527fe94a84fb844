import Core

extension Defect {
    /// Who reports, on what and when.
    static let identificationDefects: [Defect] = [
        Defect(
            name: "A20", about: Phrase("一行写成了另一家医疗机构", "a row of another institution"),
            planting: .row(.stockIn) {
                RowChange(cells: ["org_code": $0.other.orgCode, "hospital_code": $0.other.hospitalCode])
            },
            expected: [
                Expectation("A20", .interrupt, "hospital_code"), Expectation("A21", .interrupt, at: .submission),
                Expectation("G04", .error, "hospital_code"), Expectation("G01", .error, "hospital_drug_code"),
            ]),
        cell(
            "C01-day", .stockIn, "report_date", "2026-02-30", .error, Phrase("日期不存在", "a day that does not exist")),
        cell(
            "C01-serial", .usage, "report_date", "46052", .error,
            Phrase("日期成了表格软件的序列号", "a date that a spreadsheet turned into its number")),
        cell("C02-early", .stockIn, "report_date", .error, Phrase("日期早于报告期", "a date before the period")) {
            $0.period.start.adding(days: -1).description
        },
        cell(
            "C02-late", .usage, "report_date", .error,
            Phrase("日期晚于报告期末 180 天", "a date more than 180 days after the period")
        ) { $0.period.end.adding(days: 200).description },
        cell(
            "C03", .catalogue, "province_code", "61000", .error,
            Phrase("行政区划代码只有 5 位", "a province code of 5 digits")),
        cell(
            "C04", .stockOut, "province_code", "990000", .error, also: [Expectation("C09", .warning, "hospital_code")],
            Phrase("行政区划代码不存在", "a province that does not exist")),
        cell(
            "C05", .stockIn, "org_code", .error, also: [Expectation("C08", .error, "hospital_code")],
            Phrase("组织机构代码少一位", "an organization code of 8 characters")
        ) { String($0["org_code"].dropLast()) },
        cell(
            "C06", .usage, "org_code", .error, also: [Expectation("C08", .error, "hospital_code")],
            Phrase("组织机构代码校验位错误", "a wrong check character in the organization code")
        ) { $0["org_code"].dropLast() + ($0["org_code"].hasSuffix("7") ? "8" : "7") },
        cell(
            "C07", .stockOut, "hospital_code", .error, Phrase("医疗机构代码只有 21 位", "a hospital code of 21 characters")
        ) { String($0["hospital_code"].dropLast()) },
        cell(
            "C08", .catalogue, "org_code", .error, also: [],
            Phrase("组织机构代码与医疗机构代码前 9 位不同", "an organization code that is not the hospital code's")
        ) { $0.other.orgCode }.expecting([Expectation("C08", .error, "hospital_code")]),
    ]

    /// Cells that must not be blank.
    static let requiredDefects: [Defect] = [
        cell("B01-manufacturer", .catalogue, "manufacturer", "", .error, Phrase("生产企业为空", "no manufacturer")),
        cell("B01-product_name", .usage, "product_name", "", .error, Phrase("产品名称为空", "no product name")),
        cell("B01-pack_quantity", .stockOut, "pack_quantity", "", .error, Phrase("出库数量为空", "no pack quantity")),
        cell(
            "B03", .catalogue, "generic_name", "", .error, also: [Expectation("B01", .error, "generic_name")],
            Phrase("通用名为空", "no generic name")),
        cell(
            "B04-manufacturer", .catalogue, "manufacturer", "未知", .error,
            also: [Expectation("D07", .warning, "manufacturer")],
            Phrase("生产企业写成“未知”", "未知 (unknown) for a manufacturer")),
        cell(
            "B04-product_name", .stockIn, "product_name", "test", .error,
            also: [Expectation("G03", .warning, "product_name")],
            Phrase("产品名称写成 test", "test for a product name")),
    ]

    /// Texts and codes.
    static let textDefects: [Defect] = [
        cell(
            "C12-product_name", .stockOut, "product_name", String(repeating: "长", count: 201), .error,
            also: [Expectation("G03", .warning, "product_name")],
            Phrase("产品名称超过 200 字", "a product name of more than 200 characters")),
        cell(
            "C12-manufacturer", .catalogue, "manufacturer", String(repeating: "企业", count: 101), .error,
            also: [Expectation("D07", .warning, "manufacturer")],
            Phrase("生产企业超过 200 字", "a manufacturer of more than 200 characters")),
        cell(
            "C13-blank", .stockIn, "product_name", .warning, Phrase("产品名称末尾有空格", "a blank at the end of a name")
        ) { $0["product_name"] + " " },
        cell(
            "C13-zero-width", .usage, "product_name", .warning,
            Phrase("产品名称夹有零宽字符", "a character without width inside a name")
        ) { String($0["product_name"].prefix(1)) + "\u{200B}" + $0["product_name"].dropFirst() },
        cell("C15-error", .catalogue, "is_essential", "5", .error, Phrase("是否标志写成 5", "a flag of 5")),
        cell(
            "C15-word", .catalogue, "is_central_procurement", .warning, Phrase("是否标志写成“是/否”", "是 or 否 for a flag")
        ) { $0["is_central_procurement"] == "1" ? "是" : "否" },
        cell(
            "C18-exponent", .catalogue, "hospital_drug_code", "1.23457E+11", .error,
            Phrase("院内码被表格软件改成科学计数", "a drug code that a spreadsheet made a number of")),
        cell(
            "C18-zeros", .catalogue, "hospital_drug_code", "690012345678000", .error,
            Phrase("院内码被表格软件截断为 000 结尾", "a long drug code whose last digits a spreadsheet lost")),
        cell(
            "C33", .catalogue, "ypid", .error,
            also: [Expectation("C12", .error, "ypid"), Expectation("D01", .warning, "ypid")],
            Phrase("国家药品编码超过 30 位", "a national code of more than 30 characters")
        ) { $0["ypid"] + String(repeating: "0", count: 19) },
        cell(
            "C34", .stockIn, "procurement_code", .error, also: [Expectation("C12", .error, "procurement_code")],
            Phrase("省级药品编码超过 50 位", "a procurement code of more than 50 characters")
        ) { $0["procurement_code"] + String(repeating: "0", count: 39) },
    ]

    /// The same defect with other expectations.
    private func expecting(_ expected: [Expectation]) -> Defect {
        Defect(name: name, about: about, planting: planting, expected: expected)
    }
}
