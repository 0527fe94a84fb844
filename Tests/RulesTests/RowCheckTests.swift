import Core
import Rules
import TestNight
import Testing

/// Rows that break exactly one thing, and what is said of them: the rule and the column, nothing more.
@Suite struct `A row that breaks one thing` {
    struct Case: Sendable, CustomTestStringConvertible {
        var table: DataTable
        var column: String
        var cell: String
        var rule: String
        var severity: Severity?
        var testDescription: String { "\(rule) \(table.rawValue).\(column) '\(cell.prefix(30))'" }

        init(_ rule: String, _ table: DataTable, _ column: String, _ cell: String, _ severity: Severity? = nil) {
            self.table = table
            self.column = column
            self.cell = cell
            self.rule = rule
            self.severity = severity
        }
    }

    static let cases: [Case] = [
        Case("B01", .usage, "product_name", ""), Case("B01", .usage, "amount", " "), Case("B02", .usage, "ypid", ""),
        Case("B01 B03", .catalogue, "generic_name", ""), Case("B04", .catalogue, "manufacturer", "无"),
        Case("B04", .catalogue, "product_name", "NULL"), Case("B04", .catalogue, "manufacturer", "0"),
        Case("C01", .usage, "report_date", "2026/01/10"), Case("C01", .usage, "report_date", "45000"),
        Case("C02", .usage, "report_date", "20241231"), Case("C02", .usage, "report_date", "20260303"),
        Case("C03", .usage, "province_code", "6100"), Case("C04", .usage, "province_code", "990000"),
        Case("C07", .usage, "hospital_code", "12345"),
        Case("C12", .catalogue, "manufacturer", String(repeating: "厂", count: 201)),
        Case("C13", .usage, "product_name", " 阿莫西林胶囊"), Case("C13", .usage, "product_name", "阿莫\u{200B}西林胶囊"),
        Case("C14", .catalogue, "approval_number", "国药准字X1"), Case("C15", .catalogue, "is_essential", "是", .warning),
        Case("C15", .catalogue, "is_essential", "0", .warning), Case("C15", .catalogue, "is_essential", "3"),
        Case("C16", .usage, "amount", "12.5.0"), Case("C16", .usage, "amount", "abc"),
        Case("C16", .usage, "amount", "99999999999999999"), Case("C17", .usage, "amount", "￥1,250.00"),
        Case("C17", .usage, "report_date", "２０２６０１１０"), Case("C18", .usage, "hospital_drug_code", "1.2E+10"),
        Case("C18", .usage, "hospital_drug_code", "690123456789000"),
        Case("C19 C20", .catalogue, "conversion_factor", "0"),
        Case("C19 C20", .catalogue, "conversion_factor", "-1"), Case("C20", .catalogue, "conversion_factor", "1.5"),
        Case("C21", .catalogue, "conversion_factor", "10001"), Case("C22", .stockIn, "pack_quantity", "0"),
        Case("C22", .stockIn, "dose_quantity", "-1"), Case("C23", .stockIn, "amount", "-0.01"),
        Case("C24", .stockOut, "pack_quantity", "0"), Case("C25", .usage, "dose_quantity", "-1"),
        Case("C26", .usage, "amount", "-1"), Case("C27", .usage, "amount", "200000000.01"),
        Case("C28", .usage, "amount", "12.345"), Case("C28", .usage, "pack_quantity", "1.00001"),
        Case("C29", .institution, "bed_count", "100000"), Case("C29", .institution, "bed_count", "1.5"),
        Case("C29", .institution, "bed_count", "-1"), Case("C30", .institution, "annual_drug_income", "-1"),
        Case("C31", .institution, "annual_drug_income", "9999.99"), Case("C32", .institution, "bed_count", "0"),
        Case("C12 C33", .usage, "ypid", String(repeating: "X", count: 31)),
        Case("C12 C34", .usage, "procurement_code", String(repeating: "1", count: 51)),
        Case("C36", .catalogue, "pack_unit", "坨"), Case("A15", .usage, "product_name", "阿莫\u{FFFD}林"),
    ]

    @Test(arguments: cases) func `gets the finding it deserves`(entry: Case) throws {
        let found = try observations(TestRow(entry.table).with(entry.column, entry.cell))
        #expect(found.map(\.rule.rawValue).joined(separator: " ") == entry.rule)
        #expect(found.first?.place.column == entry.column)
        #expect(found.first?.place.row == 1)
        #expect(found.first?.place.line == 7)
        if let severity = entry.severity { #expect(found.first?.severity == severity) }
    }

    static let right: [(DataTable, String, String)] = [
        (.usage, "report_date", "2026-01-10"), (.usage, "report_date", "20250101"), (.usage, "report_date", "20260302"),
        (.usage, "province_code", "61"), (.usage, "amount", "0"), (.usage, "amount", "200000000"),
        (.usage, "amount", "12.500000"), (.usage, "pack_quantity", "0"), (.usage, "procurement_code", ""),
        (.usage, "hospital_drug_code", "690123456789001"), (.usage, "hospital_drug_code", "E+10"),
        (.catalogue, "conversion_factor", "10000"), (.catalogue, "is_essential", ""), (.catalogue, "strength", "无"),
        (.catalogue, "manufacturer", String(repeating: "厂", count: 200)), (.catalogue, "pack_unit", "瓶"),
        (.institution, "annual_drug_income", "0"), (.institution, "annual_drug_income", "10000"),
        (.institution, "bed_count", "99999"), (.institution, "unit_head", ""), (.stockOut, "dose_quantity", "0.0001"),
    ]

    @Test(arguments: right) func `gets none at the edge of what is right`(
        table: DataTable, column: String, cell: String
    ) throws {
        #expect(try observations(TestRow(table).with(column, cell)).map(\.rule) == [])
    }

    @Test(arguments: DataTable.allCases) func `gets none where nothing is wrong`(table: DataTable) throws {
        #expect(try observations(TestRow(table)) == [])
    }

    @Test func `of another institution is told from one of none`() throws {
        let row = TestRow(.usage).with("hospital_code", TestRow.otherHospital).with("org_code", TestRow.otherOrg)
        #expect(try observations(row).map(\.rule) == ["A20"])
        var context = TestRow.context
        context.institutions = [TestRow.hospital: TestRow.entry(TestRow.hospital)]
        #expect(try observations(row, context).map(\.rule) == ["D03"])
        context.institutions?[TestRow.otherHospital] = TestRow.entry(TestRow.otherHospital)
        #expect(try observations(row, context).map(\.rule) == ["A20"])
        context.institutions?[TestRow.otherHospital]?.leadHospitalCode = TestRow.hospital
        #expect(try observations(row, context).map(\.rule) == [])
    }

    @Test func `of codes that contradict each other says which`() throws {
        #expect(try observations(TestRow(.usage).with("org_code", "12")).map(\.rule) == ["C05", "C08"])
        #expect(try observations(TestRow(.usage).with("org_code", TestRow.otherOrg)).map(\.rule) == ["C08"])
        let wrongCheck = String(TestRow.org.dropLast()) + (TestRow.org.hasSuffix("1") ? "2" : "1")
        #expect(try observations(TestRow(.usage).with("org_code", wrongCheck)).map(\.rule) == ["C06", "C08"])
        #expect(try observations(TestRow(.usage).with("province_code", "510000")).map(\.rule) == ["C09"])
        var context = TestRow.context
        context.province = 51
        #expect(try observations(TestRow(.usage), context).map(\.rule) == ["C04"])
        context = TestRow.context
        context.divisions = ["510104"]
        #expect(try observations(TestRow(.usage), context).map(\.rule) == ["C10"])
        let strange = TestRow.hospital.replacing("A100", with: "Z100")
        context = TestRow.context
        context.senderCode = strange
        #expect(try observations(TestRow(.usage).with("hospital_code", strange), context).map(\.rule) == ["C11"])
    }

    @Test func `without a national code needs form and strength`() throws {
        let row = TestRow(.catalogue).with("ypid", "").with("strength", "").with("dosage_form", "")
        #expect(try observations(row).map(\.rule) == ["B02", "B06", "B06"])
    }

    @Test func `that lacks a whole column is not told so in each row`() throws {
        let dataSet = DataSet.of(.usage)
        let position = try #require(dataSet.position(of: "product_name"))
        let present = Set(dataSet.columns.indices).subtracting([position])
        #expect(try observations(TestRow(.usage).with("product_name", ""), present: present) == [])
    }

    @Test func `and many things at once gets every finding, in the order of columns`() throws {
        let row = TestRow(.usage).with("report_date", "x").with("ypid", "").with("amount", "-1").with(
            "dose_quantity", "y")
        #expect(try observations(row).map(\.rule) == ["C01", "B02", "C26", "C16"])
    }

    @Test(arguments: [
        ("report_date", "x", "C01"), ("report_date", "20200101", "C02"), ("hospital_name", " 望舒医院", "C13"),
        ("province_code", "6100", "C03"), ("org_code", "12", "C05 C08"),
    ])
    func `is told so in each of the rows that repeat it`(column: String, cell: String, rules: String) throws {
        let wrong = TestRow(.usage).with(column, cell)
        let right = TestRow(.usage)
        for rows in [[wrong, wrong, wrong], [right, right, wrong, wrong, right], [wrong, right, wrong]] {
            var batch = TestRow.batch(of: rows)
            var typed = TypedBatch()
            var found: [Observation] = []
            typed.read(&batch) { found.append($0) }
            var checks = RowChecks(
                batch.dataSet, context: TestRow.context, parameters: try TestRules.book.get().parameters,
                present: Set(batch.dataSet.columns.indices))
            found += checks.observations(in: batch, typed)
            for (index, row) in rows.enumerated() {
                let said = found.filter { $0.place.row == index + 1 }.map(\.rule).sorted().map(\.rawValue)
                #expect(said.joined(separator: " ") == (row.cells == wrong.cells ? rules : ""))
                if index > 0 {
                    #expect(typed.repeatsIdentification(row: index) == (row.cells == rows[index - 1].cells))
                }
                #expect(typed.value(row: index, column: SharedColumn.reportDate) != nil || row.cells[0] == "x")
            }
        }
    }

    private func observations(
        _ row: TestRow, _ context: CheckContext = TestRow.context, present: Set<Int>? = nil
    ) throws -> [Observation] {
        var batch = row.batch
        var typed = TypedBatch()
        var found: [Observation] = []
        typed.read(&batch) { found.append($0) }
        var checks = RowChecks(
            batch.dataSet, context: context, parameters: try TestRules.book.get().parameters,
            present: present ?? Set(batch.dataSet.columns.indices))
        found += checks.observations(in: batch, typed)
        let dataSet = batch.dataSet
        return found.sorted {
            (dataSet.position(of: $0.place.column ?? "") ?? 0, $0.rule) < (
                dataSet.position(of: $1.place.column ?? "") ?? 0, $1.rule
            )
        }
    }
}

/// A row in which nothing is wrong, and the world in which that is so.
struct TestRow {
    static let org = "002977026"
    static let otherOrg = "11800850X"
    static let hospital = "00297702661010211A1001"
    static let otherHospital = otherOrg + "61010211A1001"

    var cells: [String]
    let dataSet: DataSet

    init(_ table: DataTable) {
        dataSet = DataSet.of(table)
        let values = [
            "report_date": "20260110", "province_code": "610000", "org_code": TestRow.org,
            "hospital_code": TestRow.hospital, "hospital_name": "望舒医院", "annual_drug_income": "1250000.00",
            "bed_count": "120", "unit_head": "样本甲", "stats_head": "样本乙", "ypid": "XA01ABF391S0060101",
            "hospital_drug_code": "Y1000001", "procurement_code": "6100001", "generic_name": "阿莫西林",
            "product_name": "阿莫西林胶囊", "trade_name": "", "trade_name_en": "", "approval_number": "国药准字H20053710",
            "manufacturer": "晴川制药有限公司", "dosage_form": "胶囊剂", "strength": "0.25g", "dosage_unit": "粒",
            "pack_unit": "盒", "conversion_factor": "24", "is_essential": "1", "is_central_procurement": "2",
            "is_consistency_evaluated": "2", "amount": "1250.50", "pack_quantity": "100", "dose_quantity": "2400",
        ]
        cells = dataSet.columns.map { values[$0.name] ?? "" }
    }

    func with(_ column: String, _ cell: String) -> TestRow {
        var changed = self
        if let position = dataSet.position(of: column) { changed.cells[position] = cell }
        return changed
    }

    var batch: RowBatch { TestRow.batch(of: [self]) }

    /// Rows of one table, from line 7 on.
    static func batch(of rows: [TestRow]) -> RowBatch {
        var batch = RowBatch(rows[0].dataSet)
        for (index, row) in rows.enumerated() {
            let start = batch.bytes.count
            for cell in row.cells {
                let bytes = Array(cell.utf8)
                batch.cells.append(RowBatch.Extent(start: batch.bytes.count, count: bytes.count))
                batch.bytes += bytes
            }
            let raw = RowBatch.Extent(start: start, count: batch.bytes.count - start)
            batch.rows.append(RowBatch.Row(number: index + 1, line: index + 7, byteOffset: start, raw: raw))
        }
        return batch
    }

    static let context = CheckContext(
        period: Period(year: 2025) ?? Period.fallback, businessDate: Night.businessDate, senderCode: hospital)

    static func entry(_ code: String) -> InstitutionEntry {
        InstitutionEntry(
            hospitalCode: code, orgCode: String(code.prefix(9)), name: "医院", level: 3, divisionCode: "610102")
    }
}

extension Period {
    static var fallback: Period { preconditionFailure("2025 is a year") }
}
