import Core
import Readers
import Testing

struct InspectionTests {
    @Test func `a table of ours is recognised`() throws {
        let text = """
            某医院 2025 年度\n
            序号;数据上报日期;医疗机构代码;年度药品总收入(元);实有床位数;单位负责人;备注
            1;20250131;H0001;1,234.50;120;张三;好
            2;2025-02-28;H0002;88;7;李四;\n
            """
        let inspection = try Inspection.of(TestSource("\u{FEFF}" + text))
        #expect(inspection.table == .institution)
        #expect(inspection.encoding == "UTF-8")
        #expect(inspection.hasByteOrderMark)
        #expect(inspection.delimiter == ";")
        #expect(inspection.headerLine == 3)
        #expect(
            inspection.columns.map(\.name) == [
                nil, "report_date", "hospital_code", "annual_drug_income", "bed_count", "unit_head", nil,
            ])
        #expect(inspection.columns.map(\.kind) == [.integer, .date, .code, .number, .integer, .text, .text])
        #expect(inspection.columns.last?.blank == 1)
        #expect(inspection.missing == ["province_code", "org_code", "hospital_name"])
        #expect(inspection.rows.first == ["1", "20250131", "H0001", "1,234.50", "120", "", "好"])
        #expect(inspection.rowsLookedAt == 2)
        #expect(inspection.isWhole)
    }

    @Test(arguments: [DataTable.stockIn, .usage]) func `the name decides between tables with the same headers`(
        table: DataTable
    ) throws {
        let text = DataSet.of(.usage).columns.map(\.name).joined(separator: ",") + "\n"
        #expect(try Inspection.of(TestSource(text), named: table).table == table)
        // A name that contradicts the headers is not believed.
        #expect(try Inspection.of(TestSource(text), named: .institution).table == .stockIn)
    }

    @Test func `any other text is described as well`() throws {
        let inspection = try Inspection.of(TestSource("a\tb\n1\tx y\n2.5\tz\n-3\t\n"))
        #expect(inspection.table == nil)
        #expect(inspection.headerLine == nil)
        #expect(inspection.delimiter == "\t")
        #expect(inspection.columns.map(\.header) == ["a", "b"])
        #expect(inspection.columns.map(\.kind) == [.number, .text])
        #expect(inspection.rows.count == 3)
        #expect(try Inspection.of(TestSource("")).columns == [])
    }

    @Test(arguments: [
        ("20240229", Inspection.Kind.date), ("20230229", .integer), ("2024/12/31", .date), ("20241301", .integer),
        ("-12", .integer), ("1.5", .number), ("￥1,234.50", .number), ("1E5", .number), ("XA01-b", .code),
        ("0.25g*24粒", .text), ("药", .text),
    ])
    func `a cell looks like what it is`(cell: String, kind: Inspection.Kind) throws {
        let inspection = try Inspection.of(TestSource("h\ti\n\"\(cell)\"\tx\n"))
        #expect(inspection.columns.first?.counts == [kind.rawValue: 1])
    }
}
