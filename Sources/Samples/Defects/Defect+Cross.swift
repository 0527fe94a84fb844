import Core

extension Defect {
    /// What contradicts libraries or other cells of its row, beyond `laterDefects`.
    static let relationDefects: [Defect] = [
        cell(
            "C10", .stockIn, "hospital_code", .error, Phrase("医疗机构代码中的区划不存在", "a division that does not exist")
        ) { $0["hospital_code"].replacingScalars(9..<15, with: "619999") }.expecting([
            Expectation("C10", .warning, "hospital_code"), Expectation("D03", .error, "hospital_code"),
            Expectation("G04", .error, "hospital_code", root: "D03"),
        ]),
        cell(
            "C11", .stockOut, "hospital_code", .error, Phrase("医疗机构代码中的类别不存在", "a category that does not exist")
        ) { $0["hospital_code"].replacingScalars(17..<21, with: "ZZZZ") }.expecting([
            Expectation("C11", .warning, "hospital_code"), Expectation("D03", .error, "hospital_code"),
            Expectation("G04", .error, "hospital_code", root: "D03"),
        ]),
        cell(
            "D03", .usage, "hospital_code", .error, Phrase("机构库中没有的医疗机构代码", "a hospital that no library lists")
        ) { $0["hospital_code"].replacingScalars(15..<17, with: "12") }.expecting([
            Expectation("D03", .error, "hospital_code"), Expectation("G04", .error, "hospital_code", root: "D03"),
        ]),
        cell("C32", .institution, "bed_count", "0", .warning, Phrase("医院床位数为 0", "a hospital without beds")),
        cell(
            "D05", .institution, "hospital_name", "无名岭不存在医院", .warning,
            Phrase("机构名称与机构库不同", "a name other than the library's")),
        Defect(
            name: "D02", about: Phrase("国家药品编码已停用", "a national code that was disabled"),
            planting: .row(.usage) { .cell("ypid", $0.retiredYPID) },
            expected: [Expectation("D02", .warning, "ypid"), Expectation("G02", .error, "ypid")]),
        cell(
            "D15", .catalogue, "approval_number", "陕药制字Z20060001", .warning,
            Phrase("院内制剂填了国家药品编码", "a hospital preparation with a national code")
        ).expecting([Expectation("D15", .warning, "ypid"), Expectation("D06", .warning, "approval_number")]),
        cell(
            "F04", .stockIn, "pack_quantity", "0", .error, Phrase("包装数量为 0 而制剂数量不为 0", "no packs, but doses")
        ).expecting([
            Expectation("F04", .error, "pack_quantity"), Expectation("C22", .error, "pack_quantity"),
            Expectation("F01", .error, "dose_quantity", root: "F04"),
        ]),
        cell("F05", .usage, "dose_quantity", "1", .error, Phrase("制剂数量小于包装数量", "fewer doses than packs"))
            .expecting([
                Expectation("F05", .error, "dose_quantity"),
                Expectation("F01", .error, "dose_quantity", root: "F05"),
            ]),
        cell("F06", .catalogue, "pack_unit", .warning, Phrase("两个单位相同而系数不是 1", "one unit for both, factor not 1")) {
            $0["dosage_unit"]
        }.expecting([
            Expectation("F06", .warning, "conversion_factor", where: { $0["conversion_factor"] != "1" }),
            Expectation("D12", .warning, "pack_unit", where: { $0.hasTwoUnits }),
        ]),
        cell("F07", .catalogue, "conversion_factor", "1", .warning, Phrase("单位不同而系数为 1", "two units, factor 1"))
            .expecting([
                Expectation("F07", .warning, "conversion_factor", where: { $0.hasTwoUnits }),
                Expectation("D11", .error, "conversion_factor", where: { $0["conversion_factor"] != "1" }),
            ]),
        cell("F08", .usage, "amount", "0.01", .warning, Phrase("单价低得不可能", "a price that cannot be")),
        cell(
            "F10", .catalogue, "product_name", "样品甲素", .warning, Phrase("产品名称与通用名无共同之处", "two names that share nothing")
        ),
        cell(
            "F11", .catalogue, "approval_number", .warning, Phrase("批准文号字母与药品类别不符", "a letter of another category")
        ) {
            let number = $0["approval_number"]
            return number.contains("字Z") ? number.replacing("字Z", with: "字S") : "国药准字Z" + number.suffix(8)
        }.expecting([
            Expectation("F11", .warning, "approval_number"), Expectation("D06", .warning, "approval_number"),
        ]),
        cell("B02", .catalogue, "ypid", "", .warning, Phrase("国家药品编码和规格都空着", "no national code, no strength"))
            .named("B06") { RowChange(cells: ["ypid": "", "strength": "", "dosage_form": $0["dosage_form"]]) }
            .expecting([Expectation("B02", .warning, "ypid"), Expectation("B06", .warning, "strength")]),
        Defect(
            name: "F12", about: Phrase("合计行与明细不符", "a total line that is not the sum"),
            planting: .file(.usage, .wrongTotal), expected: [Expectation("F12", .warning, "amount")]),
    ]

    /// What shows in several rows or tables.
    static let crossDefects: [Defect] = [
        Defect(
            name: "B01-echo", about: Phrase("目录行被隔离，流水随之不能入库", "a catalogue row kept aside, and its movements"),
            planting: .drug([.catalogue: .changed { _ in .cell("manufacturer", "") }]),
            expected: [Expectation("B01", .error, "manufacturer", at: .rowOf(.catalogue))]
                + echoes("G01", .warning, "hospital_drug_code", root: "B01")),
        Defect(
            name: "D11-echo", about: Phrase("转换系数错误，流水随之不符", "a wrong factor, and what follows from it"),
            planting: .drug([
                .catalogue: .changed { .cell("conversion_factor", String((Int($0["conversion_factor"]) ?? 1) + 3)) }
            ]),
            expected: [
                Expectation("D11", .error, "conversion_factor", at: .rowOf(.catalogue)),
                Expectation("F06", .warning, "conversion_factor", at: .rowOf(.catalogue), where: { !$0.hasTwoUnits }),
            ]
                + echoes("G01", .warning, "hospital_drug_code", root: "D11")
                + echoes("F01", .error, "dose_quantity", root: "D11")),
        Defect(
            name: "G06", about: Phrase("有使用而无出库", "used and never issued"), planting: .drug([.stockOut: .missing]),
            expected: [Expectation("G06", .warning, "hospital_drug_code", at: .rowOf(.usage))]),
        Defect(
            name: "G08", about: Phrase("使用为出库的三倍", "three times as much used as issued"),
            planting: .drug([
                .usage: .changed { context in
                    func times(_ column: String) -> String {
                        let cell = context[column].split(separator: ".")
                        let whole = (Int(cell.first ?? "") ?? 0) * 3
                        return cell.count > 1 ? "\(whole + 1).5" : "\(whole)"
                    }
                    return RowChange(cells: [
                        "pack_quantity": times("pack_quantity"),
                        "dose_quantity": String((Int(context["dose_quantity"]) ?? 0) * 3),
                    ])
                }
            ]),
            expected: [Expectation("G08", .warning, "dose_quantity", at: .rowOf(.usage))]),
        Defect(
            name: "E03", about: Phrase("同一院内码在目录中有两个国家药品编码", "one drug code with two national codes"),
            planting: .row(.catalogue) { _ in RowChange(again: ["ypid": "199999999997"]) },
            expected: [
                Expectation("E01", .error, "hospital_drug_code"), Expectation("E03", .error, "ypid"),
                Expectation("E01", .error, "hospital_drug_code", at: .secondRow),
                Expectation("E03", .error, "ypid", at: .secondRow), Expectation("D01", .error, "ypid", at: .secondRow),
            ]),
        Defect(
            name: "E04", about: Phrase("一个国家药品编码用在四个院内码上", "one national code on four drug codes"),
            planting: .row(.catalogue) { _ in
                RowChange(
                    again: ["hospital_drug_code": "Z1000001"],
                    more: [["hospital_drug_code": "Z1000002"], ["hospital_drug_code": "Z1000003"]])
            },
            expected: [
                Expectation("E04", .warning, "ypid"), Expectation("E04", .warning, "ypid", at: .secondRow),
            ]),
        Defect(
            name: "E05", about: Phrase("机构基本情况表有两行", "an institution table of two rows"),
            planting: .row(.institution) { _ in RowChange(again: ["bed_count": "77"]) },
            expected: [
                Expectation("E01", .error, "hospital_code"), Expectation("E05", .error),
                Expectation("E01", .error, "hospital_code", at: .secondRow), Expectation("E05", .error, at: .secondRow),
            ]),
        Defect(
            name: "E06", about: Phrase("两个分卷互相矛盾", "two parts that contradict one another"),
            planting: .row(.stockIn) { _ in RowChange(later: ["amount": "12345.67"]) },
            expected: [
                Expectation("E01", .error, "hospital_drug_code"), Expectation("E06", .error, "hospital_drug_code"),
                Expectation("E01", .error, "hospital_drug_code", at: .laterRow),
                Expectation("E06", .error, "hospital_drug_code", at: .laterRow),
            ]),
        cell(
            "G04", .usage, "province_code", "61", .error, Phrase("两位省码与另一省", "the province of another")
        ).named("G04") { _ in .cell("org_code", "002977026") }.expecting([
            Expectation("C08", .error, "hospital_code"), Expectation("G04", .error, "org_code", root: "C08"),
        ]),
        whole("A18", .notExpected, .interrupt, Phrase("机构库写明不需报送", "the library says it need not report")),
        whole("D04", .expired, .warning, Phrase("机构已过有效期", "an institution that is no longer valid")),
        whole("B05", .sparse, .warning, Phrase("选填项大多空着", "what need not be filled in is blank")),
        whole("G05", .mostlyIdle, .warning, Phrase("目录大半没有流水", "most of the catalogue never moved")),
        whole("G09", .fewDrugs, .warning, Phrase("品种数太少", "too few drugs for the level")),
        cell(
            "G11", .institution, "annual_drug_income", .warning,
            Phrase("收入是使用金额的三倍", "an income of three times the usage")
        ) {
            let fen = Int($0["annual_drug_income"].replacing(".", with: "")) ?? 0
            return FixedPoint.text(Int64(fen * 3), decimals: 2)
        }.expecting([Expectation("G11", .warning, at: .submission)]),
        whole("G13", .copied, .warning, Phrase("三张流水表数量完全相同", "three tables with the same quantities")),
    ]

    /// All rules before the load.
    public static let precheckRules: [String] = [
        ("A", 25), ("B", 6), ("C", 36), ("D", 16), ("E", 6), ("F", 12), ("G", 14),
    ]
    .flatMap { group, count in (1...count).map { group + $0.digits(2) } }

    private static func whole(_ name: String, _ change: WholeChange, _ severity: Severity, _ about: Phrase) -> Defect {
        Defect(
            name: name, about: about, planting: .whole(change),
            expected: [Expectation(name, severity, at: .submission)])
    }

    /// The same of a drug's rows in all three movement tables.
    private static func echoes(
        _ rule: String, _ severity: Severity, _ column: String, root: String
    ) -> [Expectation] {
        DataTable.allCases.filter(\.isMovement).map {
            Expectation(rule, severity, column, at: .rowOf($0), root: root)
        }
    }

    /// The same defect with other expectations.
    fileprivate func expecting(_ expected: [Expectation]) -> Defect {
        Defect(name: name, about: about, planting: planting, expected: expected)
    }

    /// Another change of the same table's row, under another name.
    fileprivate func named(_ name: String, _ change: @escaping @Sendable (RowContext) -> RowChange) -> Defect {
        guard case .row(let table, _) = planting else { return self }
        return Defect(name: name, about: about, planting: .row(table, change), expected: expected)
    }
}

extension RowContext {
    /// Whether pack and dosage unit of the catalogue row differ, as in all drugs but those of one dose a pack.
    var hasTwoUnits: Bool { self["dosage_unit"] != self["pack_unit"] }
}

extension String {
    /// The text with some of its characters replaced by others, as many.
    fileprivate func replacingScalars(_ range: Range<Int>, with other: String) -> String {
        let scalars = Array(unicodeScalars)
        guard scalars.count >= range.upperBound else { return self }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars[..<range.lowerBound])
        view.append(contentsOf: other.unicodeScalars)
        view.append(contentsOf: scalars[range.upperBound...])
        return String(view)
    }
}
