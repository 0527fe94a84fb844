import Core
import Testing

@testable import Readers

struct DelimitedTableReaderTests {
    private let header = "医疗机构代码,YPID,院内药品唯一码,产品名称,出库数量（最小制剂单位）\n"

    @Test func `a plain table is read with its facts`() throws {
        let table = try ReadTable("序号,\(header)1,H1,Y1,D1,\"阿莫西林, 胶囊\",12.5\n2,H1,Y2,D2,\"\"\"x\"\"\",3\r\n")
        #expect(table.column("hospital_code") == ["H1", "H1"])
        #expect(table.column("product_name") == ["阿莫西林, 胶囊", "\"x\""])
        #expect(table.column("dose_quantity") == ["12.5", "3"])
        #expect(table.rows.map(\.line) == [2, 3])
        #expect(table.facts.encoding == "UTF-8")
        #expect(table.facts.delimiter == ",")
        #expect(table.facts.quote == "\"")
        #expect(table.facts.headerLine == 1)
        #expect(table.facts.headers.first == HeaderMapping(header: "序号", column: nil))
        #expect(table.facts.rawHeader == Array("序号,\(header.dropLast())".utf8))
        #expect(table.facts.rowsRead == 2)
        #expect(table.rules == [])
        #expect(
            table.fileRules == [
                "A10 report_date", "A10 province_code", "A10 org_code", "A10 pack_quantity", "A11 ",
            ])
        #expect(table.fileObservations.last?.details["columns"] == "hospital_name, procurement_code")
    }

    @Test(arguments: [",", ";", "\t", "|"], ["\n", "\r\n", "\r"])
    func `delimiter and line end are found`(delimiter: String, lineEnd: String) throws {
        let rows = [TableSample.headers, ["H1", "Y1", "D1", "a,b;c|d\te", "1"], ["H1", "Y2", "D2", "x\ny", "2"]]
        let text = TableSample.print(rows, delimiter: delimiter, lineEnd: lineEnd)
        let table = try ReadTable(text)
        #expect(table.facts.delimiter == delimiter)
        #expect(table.facts.lineEnd == lineEnd)
        #expect(table.column("product_name") == ["a,b;c|d\te", "x\ny"])
        #expect(table.rows.map(\.line) == [2, 3])
    }

    @Test func `single quotes and no quotes are found`() throws {
        let single = try ReadTable("\(header)'H1','Y1','D1','a,''b','1'\n'H1','Y2','D2','c','2'\n")
        #expect(single.facts.quote == "'")
        #expect(single.column("product_name") == ["a,'b", "c"])
        let rows = (0..<9).map { "H1,Y\($0),D\($0),\"5 寸,\($0)\n" }.joined()
        let none = try ReadTable(header + rows)
        #expect(none.facts.quote == nil)
        #expect(none.column("product_name").first == "\"5 寸")
    }

    @Test func `lines above the header are passed over`() throws {
        let table = try ReadTable("2025 年出库情况表,,,,\n填报说明：\"不要\n\n\(header)H1,Y1,D1,a,1\n")
        #expect(table.facts.headerLine == 4)
        #expect(table.rows.map(\.line) == [5])
        let late = try ReadTable(String(repeating: "标题\n", count: 10) + header + "H1,Y1,D1,a,1\n")
        #expect(late.fileRules == ["A10 "])
        #expect(late.facts.rowsRead == 0)
        #expect(try ReadTable(String(repeating: "标题\n", count: 9) + header + "H1,Y1,D1,a,1\n").rows.count == 1)
    }

    @Test(arguments: ["", "\u{FEFF}", "\n\n", " ,,\r\n"])
    func `a file with nothing in it has no data rows`(text: String) throws {
        let table = try ReadTable(text)
        #expect(table.fileRules == ["A14 "] || table.fileRules == ["A10 "])
        #expect(table.rows == [])
    }

    @Test func `a header alone has no data rows`() throws {
        #expect(try ReadTable(header).fileRules.last == "A14 ")
        #expect(try ReadTable(header + "\n,,,,\n").fileRules.last == "A14 ")
        #expect(try ReadTable(header + "合计,,,,12\n").fileRules.last == "A14 ")
    }

    @Test func `unknown and repeated headers are findings`() throws {
        let table = try ReadTable("医疗机构代码,YPID,国家药品编码,备注,\nH1,Y1,Y2,c,\n")
        #expect(table.fileRules.prefix(2) == ["A13 ypid", "A12 备注"])
        #expect(table.column("ypid") == ["Y1"])
    }

    @Test(arguments: [
        ("H1,Y1,D1,a\n", "A16 field_count"), ("H1,Y1,D1,a,1,x\n", "A16 field_count"),
        ("H1,Y1,D1,\"a\"b,1\n", "A16 text_after_quote"), ("H1,Y1,D1,\"a,1\n", "A16 unclosed_quote"),
        ("H1,Y1,D1,a,1,,\n", nil), ("H1,Y1,D1,a,\n", nil), ("H1,Y1,D1,a\"b,1\n", nil),
        ("H1,Y1,D1,\"a\nb\",1\n", nil),
    ])
    func `a row that is not whole breaks alone`(row: String, rule: String?) throws {
        let table = try ReadTable(header + "H0,Y0,D0,\"a\",1\n" + row + "H2,Y2,D2,\"c\",3\n")
        #expect(table.rules == (rule.map { [$0] } ?? []))
        #expect(table.rows.map(\.isBroken) == [false, rule != nil, false])
        #expect(table.column("hospital_code") == ["H0", "H1", "H2"])
        #expect(table.rows.last?.line == 4 + (row.contains("a\nb") ? 1 : 0))
        #expect(table.rows[1].raw == Array(row.utf8.dropLast()))
    }

    @Test func `an unclosed quote in a big file costs one row`() throws {
        let good = (0..<40_000).map { "H1,Y\($0),D\($0),名称,1\n" }
        let table = try ReadTable(
            header + good[..<20_000].joined() + "H1,Y,D,\"never closed,1\n" + good[20_000...].joined())
        #expect(table.rows.count == 40_001)
        #expect(table.rows.map(\.isBroken).count { $0 } == 1)
        #expect(table.rules == ["A16 unclosed_quote"])
        let place = try #require(table.observations.first?.place)
        #expect(place.line == 20_002)
        #expect(place.column == "product_name")
    }

    @Test func `many quotes that swallow lines are read in bounded time`() throws {
        // Each line closes the quote of the one before and opens another: nothing closes for ever.
        let text = header + String(repeating: "a\",\"\n", count: 30_000)
        var limits = ReadingLimits()
        limits.rows = 40_000
        let table = try ReadTable(text, limits: limits)
        #expect(!table.rows.map(\.isBroken).contains(false))
    }

    @Test func `a field that is too long is passed over`() throws {
        var limits = ReadingLimits()
        limits.recordBytes = 1000
        limits.windowBytes = 4000
        let long = String(repeating: "长", count: 100_000)
        for field in [long, "\"\(long)\"", "\"\(long)"] {
            let table = try ReadTable(header + "H1,Y1,D1,\(field),1\nH2,Y2,D2,b,2\n", limits: limits)
            #expect(table.rules == ["A16 field_too_long"])
            #expect(table.rows.map(\.line) == [2, 3])
            #expect(table.rows.map(\.isBroken) == [true, false])
            #expect(table.rows.first?.raw.count == 1000)
        }
    }

    @Test func `ten thousand columns break their row`() throws {
        let wide = String(repeating: "x,", count: 10_000)
        let table = try ReadTable(header + wide + "\nH2,Y2,D2,b,2\n")
        #expect(table.rules == ["A16 too_many_columns"])
        #expect(table.observations.first?.value == "10001")
        #expect(table.rows.map(\.isBroken) == [true, false])
    }

    @Test func `more rows than the limit stop the reading`() throws {
        var limits = ReadingLimits()
        limits.rows = 3
        let table = try ReadTable(header + String(repeating: "H1,Y1,D1,a,1\n", count: 5), limits: limits)
        #expect(table.rows.count == 3)
        #expect(table.facts.rowsRead == 3)
        #expect(table.fileRules.last == "A23 ")
        let full = try ReadTable(header + String(repeating: "H1,Y1,D1,a,1\n", count: 3) + "\n,,\n", limits: limits)
        #expect(full.fileRules.last == "A11 ")
    }

    @Test(arguments: [
        ("合计,,,,12\n", true), (",,,合 计,12\n", true), ("总计：,,,\n", true), ("H1,合计,,,12\n", false),
        ("填表人：张三,,审核人：李四,,\n", true), ("注：金额单位为元\n", true), ("合计,Y1,D1,a,12\n", true),
        ("H1,Y1,D1,合计,12\n", false), ("H1,Y1,,a,12\n", false),
    ])
    func `totals and signatures are rows that are no data`(line: String, isTotal: Bool) throws {
        let table = try ReadTable(header + "H1,Y1,D1,a,1\n" + line)
        #expect(table.rows.map(\.isTotal) == [false, isTotal])
        #expect(table.rules == [])
        #expect(table.facts.rowsRead == 2)
    }

    @Test func `a guarded number loses its guard`() throws {
        let table = try ReadTable(header + "=\"00123\",Y1,\"=\"\"00456\"\"\",=1+1,=\"a\"\"b\"\n")
        #expect(table.rows.first?.cells.filter { !$0.isEmpty } == ["00123", "Y1", "00456", "=1+1", "=\"a\"\"b\""])
    }
}
