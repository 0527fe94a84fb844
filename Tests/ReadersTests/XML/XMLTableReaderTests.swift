import Core
import Readers
import Testing

/// What a reader gave, flat enough to compare.
struct XMLResult: Equatable {
    struct Row: Equatable {
        var number: Int
        var line: Int
        var byteOffset: Int
        var raw: [UInt8]
        var isBroken: Bool
        var cells: [String: String]
    }

    var rows: [Row] = []
    var observations: [Observation] = []
    var fileObservations: [Observation] = []
    var facts = FileFacts()
    var largestBatch = 0

    /// Rule, reason and column of each observation on the file.
    var told: [String] { fileObservations.map { XMLResult.short($0) } }

    static func short(_ observation: Observation) -> String {
        [observation.rule.rawValue, observation.details["reason"], observation.place.column].compactMap { $0 }
            .joined(separator: " ")
    }

    static func read(
        _ bytes: [UInt8], _ table: DataTable = .usage, limits: ReadingLimits = ReadingLimits(), sizes: [Int] = []
    ) throws -> XMLResult {
        let reader = XMLTableReader(TestSource(bytes, sizes: sizes), dataSet: .of(table), limits: limits)
        var batch = RowBatch(.of(table))
        var result = XMLResult()
        while try reader.next(into: &batch) {
            result.largestBatch = max(result.largestBatch, batch.bytes.count + batch.cells.count * 8)
            for (index, row) in batch.rows.enumerated() {
                var cells: [String: String] = [:]
                for (position, column) in batch.dataSet.columns.enumerated() {
                    let text = batch.string(row: index, column: position)
                    if !text.isEmpty { cells[column.name] = text }
                }
                result.rows.append(
                    Row(
                        number: row.number, line: row.line, byteOffset: row.byteOffset,
                        raw: Array(batch.bytes[row.raw.range]), isBroken: row.isBroken, cells: cells))
            }
            result.observations += batch.observations
        }
        #expect(try !reader.next(into: &batch))
        result.fileObservations = reader.fileObservations
        result.facts = reader.facts
        return result
    }

    static func read(_ text: String, limits: ReadingLimits = ReadingLimits(), sizes: [Int] = []) throws -> XMLResult {
        try read(Array(text.utf8), limits: limits, sizes: sizes)
    }
}

/// Files of the usage table in each shape.
enum XMLSample {
    static let values: [[String: String]] = (1...5).map { row in
        var values: [String: String] = [:]
        for (index, column) in DataSet.of(.usage).columns.enumerated() where index != row {
            values[column.name] = "药<\(row)>&\(index) \"'"
        }
        return values
    }

    static func file(
        _ rows: [String], encoding: String = "UTF-8", open: String = "table=\"usage\" hospital_code=\"H1\""
    ) -> String {
        "<?xml version=\"1.0\" encoding=\"\(encoding)\"?>\n<dataset \(open)>\n" + rows.joined(separator: "\n")
            + "\n</dataset>\n"
    }

    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    /// 0 elements with English names, 1 elements with Chinese headers, 2 attributes, 3 fields.
    static func rows(_ shape: Int) -> [String] {
        values.map { values in
            let columns = DataSet.of(.usage).columns.filter { values[$0.name] != nil }
            func value(_ column: Column) -> String { escaped(values[column.name] ?? "") }
            switch shape {
            case 2: return "<row " + columns.map { "\($0.name)=\"\(value($0))\"" }.joined(separator: " ") + "/>"
            case 3:
                return "<row>" + columns.map { "<field name=\"\($0.header)\">\(value($0))</field>" }.joined() + "</row>"
            default:
                return "<row>"
                    + columns.map { column in
                        let name = shape == 0 ? column.name : column.header.filter { $0 != "（" && $0 != "）" }
                        return "<\(name)>\(value(column))</\(name)>"
                    }.joined() + "</row>"
            }
        }
    }
}

struct XMLTableReaderTests {
    @Test(arguments: 0..<4)
    func `all shapes give the same cells`(shape: Int) throws {
        let result = try XMLResult.read(XMLSample.file(XMLSample.rows(shape)))
        #expect(result.rows.map(\.cells) == XMLSample.values)
        #expect(result.rows.map(\.line) == [3, 4, 5, 6, 7])
        #expect(result.rows.map(\.number) == [1, 2, 3, 4, 5])
        #expect(result.observations == [])
        #expect(result.fileObservations == [])
        #expect(result.facts.declared == ["table": "usage", "hospital_code": "H1"])
        #expect(result.facts.encoding == "UTF-8")
        #expect(result.facts.rowsRead == 5)
        #expect(Set(result.facts.headers.compactMap(\.column)) == Set(DataSet.of(.usage).columns.map(\.name)))
    }

    @Test(arguments: TextEncoding.allCases, 0..<4)
    func `all encodings give the same cells`(encoding: TextEncoding, shape: Int) throws {
        let declared = encoding.isWide ? "UTF-16" : encoding == .gb18030 ? "GBK" : "UTF-8"
        let text = (encoding.isWide ? "\u{FEFF}" : "") + XMLSample.file(XMLSample.rows(shape), encoding: declared)
        let bytes = SampleText.bytes(of: text, in: encoding)
        for sizes in [[], [7, 1, 100]] {
            let result = try XMLResult.read(bytes, sizes: sizes)
            #expect(result.rows.map(\.cells) == XMLSample.values)
            #expect(result.facts.encoding == encoding.name)
            #expect(result.fileObservations == [])
            for row in result.rows {
                let expected = SampleText.bytes(of: XMLSample.rows(shape)[row.number - 1], in: encoding)
                #expect(Array(bytes[row.byteOffset...].prefix(expected.count)) == expected)
                let raw = encoding == .gb18030 ? Array(XMLSample.rows(shape)[row.number - 1].utf8) : expected
                #expect(row.raw == raw)
            }
        }
    }

    @Test func `a declaration of no accepted encoding stops the reading`() throws {
        let result = try XMLResult.read(XMLSample.file(XMLSample.rows(0), encoding: "Shift_JIS"))
        #expect(result.told == ["A16 encoding"])
        #expect(result.fileObservations[0].value == "Shift_JIS")
        #expect(result.rows == [])
    }

    @Test(arguments: [
        (
            "<!DOCTYPE dataset [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><dataset><row><ypid>&x;</ypid></row></dataset>",
            "document_type"
        ),
        ("<!DOCTYPE dataset SYSTEM 'http://127.0.0.1/'><dataset/>", "document_type"),
        (
            "<!DOCTYPE d [<!ENTITY a '1'><!ENTITY b '&a;&a;'><!ENTITY c '&b;&b;'>]><dataset><row ypid='&c;'/></dataset>",
            "document_type"
        ),
        ("<dataset><row><ypid>&nbsp;</ypid></row></dataset>", "not_well_formed"),
        ("<dataset><row><ypid>1</row></ypid></dataset>", "not_well_formed"),
        ("<dataset><row>", "not_well_formed"), ("", "not_well_formed"), ("   ", "not_well_formed"),
        ("<data><row/></data>", "root"), ("<html/>", "root"), ("<dataset/><dataset/>", "not_well_formed"),
        (String(repeating: "<dataset>", count: 200), "depth"),
        ("<dataset><row><ypid><a><b><c/></b></a></ypid></row></dataset>", "depth"),
        ("<dataset><row a='1' a='2'/></dataset>", "not_well_formed"),
    ])
    func `what cannot be read stops it with a reason`(text: String, reason: String) throws {
        for sizes in [[], [1]] {
            let result = try XMLResult.read(text, sizes: sizes)
            let stop = result.fileObservations.filter { $0.rule == "A16" }
            #expect(stop.map { $0.details["reason"] } == [reason])
            #expect(stop.allSatisfy { $0.severity == nil && $0.place.line != nil && $0.place.byteOffset != nil })
            #expect(result.rows == [])
        }
    }

    @Test func `rows before the fault are delivered, and the fault has its place`() throws {
        let rows = XMLSample.rows(0)
        let text = XMLSample.file(rows + ["<row><ypid></row>"])
        let result = try XMLResult.read(text)
        #expect(result.rows.count == 5)
        #expect(result.told == ["A16 not_well_formed"])
        #expect(result.fileObservations[0].place.line == 8)
        let offset = try #require(result.fileObservations[0].place.byteOffset)
        #expect(
            Array(Array(text.utf8)[offset...].prefix(3)) == Array("</r".utf8)
                || Array(text.utf8)[offset - 2] == UInt8(ascii: "<"))
    }

    @Test func `missing and unknown columns are known at the end`() throws {
        let result = try XMLResult.read(
            "<dataset><row><ypid>1</ypid><备注>x</备注></row><row colour='red'><amount/><field name='备注'>y</field></row><note/></dataset>"
        )
        let required = DataSet.of(.usage).columns.filter { $0.isRequired && !["ypid", "amount"].contains($0.name) }
        #expect(result.fileObservations.filter { $0.rule == "A10" }.map(\.place.column) == required.map(\.name))
        let optional = DataSet.of(.usage).columns.filter { !$0.isRequired }.map(\.name)
        #expect(
            result.fileObservations.filter { $0.rule == "A11" }.map { $0.details["columns"] } == [
                optional.joined(separator: ", ")
            ])
        let unknown = result.fileObservations.filter { $0.rule == "A12" }
        #expect(unknown.map(\.value) == ["备注", "colour", "note"])
        #expect(unknown.map { $0.details["count"] } == ["2", "1", "1"])
        #expect(result.rows.map(\.cells) == [["ypid": "1"], [:]])
        #expect(result.rows.allSatisfy { !$0.isBroken })
        #expect(try XMLResult.read("<dataset/>").told == ["A14"])
    }

    @Test(arguments: [
        ("<row><ypid>1</ypid><ypid>2</ypid><ypid>3</ypid></row>", "A16 repeated_column ypid"),
        ("<row ypid='1'><国家药品编码YPID>2</国家药品编码YPID></row>", "A16 repeated_column ypid"),
        ("<row>loose<ypid>1</ypid></row>", "A16 text_outside_cell"),
        ("<row><ypid>1<b>2</b></ypid></row>", "A16 nested_element ypid"),
        ("<row><ypid>1</ypid><field>2</field></row>", "A16 field_without_name"),
    ])
    func `a broken row costs no other row`(text: String, expected: String) throws {
        let result = try XMLResult.read("<dataset>\n<row><ypid>0</ypid></row>\n\(text)<row ypid='9'/></dataset>")
        #expect(result.observations.map(XMLResult.short) == [expected])
        #expect(result.observations[0].severity == .error)
        #expect(result.observations[0].place.row == 2)
        #expect(result.observations[0].place.line == 3)
        #expect(result.rows.map(\.isBroken) == [false, true, false])
        #expect(
            result.rows.map(\.cells["ypid"]) == ["0", "1", "9"].map { $0 == "1" && text.contains("loose") ? "1" : $0 })
        #expect(result.rows[1].raw == Array(text.utf8))
    }

    @Test func `a row longer than the limit is broken and reading goes on`() throws {
        var limits = ReadingLimits()
        limits.recordBytes = 5_000
        limits.windowBytes = 2_000
        let long = String(repeating: "x", count: 100_000)
        let short = String(repeating: "y", count: 6_000)
        let text =
            "<dataset><row ypid='1'/><row><ypid>\(long)</ypid></row><row ypid='\(short)'/><row ypid='2'/></dataset>"
        for sizes in [[], [999]] {
            let result = try XMLResult.read(text, limits: limits, sizes: sizes)
            #expect(result.rows.map(\.cells) == [["ypid": "1"], [:], [:], ["ypid": "2"]])
            #expect(result.rows.map(\.isBroken) == [false, true, true, false])
            #expect(result.observations.map(XMLResult.short) == ["A16 too_long", "A16 too_long"])
            #expect(result.rows[1].raw == Array(text.utf8.dropFirst(24).prefix(5_000)))
            #expect(result.largestBatch < 15_000)
        }
        let endless = "<dataset><row ypid='\(long)'/></dataset>"
        #expect(try XMLResult.read(endless, limits: limits, sizes: [999]).told == ["A16 too_long"])
    }

    @Test func `more rows than the limit stop the reading`() throws {
        var limits = ReadingLimits()
        limits.rows = 3
        let result = try XMLResult.read(XMLSample.file(XMLSample.rows(0)), limits: limits)
        #expect(result.rows.count == 3)
        #expect(result.told == ["A23"])
        #expect(result.facts.headers.count == DataSet.of(.usage).columns.count)
    }

    @Test func `invalid bytes in GB18030 and U+FFFD are told with row, column and offset`() throws {
        let start = Array(
            "<?xml version='1.0' encoding='GB18030'?><dataset><row><ypid>ok</ypid></row>\n<row><ypid>".utf8)
        let rest: [UInt8] = [0xD2, 0xA9] + Array("</ypid><product_name>".utf8) + [0xD2, 0xA9, 0xFF]
        let bytes = start + rest + Array("</product_name></row></dataset>".utf8)
        let result = try XMLResult.read(bytes)
        let observation = try #require(result.observations.first)
        #expect(result.observations.map(XMLResult.short) == ["A15 product_name"])
        #expect(observation.place.byteOffset == start.count + rest.count - 1)
        #expect(observation.place.line == 2)
        #expect(observation.place.row == 2)
        #expect(observation.value == "药\u{FFFD}")
        #expect(result.told.contains("A15 too_many_rows"))

        for encoding in [TextEncoding.utf8, .utf16LE, .utf16BE] {
            let text =
                "\u{FEFF}<dataset><row ypid='1' amount='a\u{FFFD}'><product_name>\u{FFFD}</product_name></row></dataset>"
            let sent = SampleText.bytes(of: text, in: encoding)
            let offsets = try XMLResult.read(sent).observations.map(\.place.byteOffset)
            let expected = ["amount='a", "<product_name>"].map { part in
                SampleText.bytes(
                    of: String(text[..<(text.firstRange(of: part)?.upperBound ?? text.endIndex)]), in: encoding
                ).count
            }
            #expect(offsets.count == 2)
            #expect(Set(offsets) == Set(expected))
        }
    }

    @Test func `UTF-8 that is none is not well-formed, at its byte`() throws {
        var bytes = Array("<dataset><row><ypid>ab".utf8)
        let offset = bytes.count
        bytes += [0xFF] + Array("</ypid></row></dataset>".utf8)
        let result = try XMLResult.read(bytes)
        #expect(result.told == ["A16 not_well_formed"])
        #expect(result.fileObservations[0].place.byteOffset == offset)
    }

    @Test func `the root tells the table without the rest being read`() throws {
        func peek(_ text: String) throws -> XMLRootPeek? { try XMLRootPeek.root(of: ArrayByteSource(Array(text.utf8))) }
        #expect(try peek(XMLSample.file(XMLSample.rows(0)))?.table == .usage)
        #expect(try peek("<dataset table='药品目录'><row>")?.table == .catalogue)
        #expect(try peek("<dataset table='入库出库'/>")?.table == nil)
        #expect(try peek("<dataset>")?.attributes == [:])
        #expect(try peek("<!DOCTYPE a><a/>") == nil)
        #expect(try peek("a,b,c") == nil)
        #expect(try peek("<!--" + String(repeating: "x", count: 1 << 20)) == nil)
        let gbk = SampleText.bytes(of: XMLSample.file([], encoding: "GBK", open: "table='药品使用情况'"), in: .gb18030)
        #expect(try XMLRootPeek.root(of: ArrayByteSource(gbk))?.table == .usage)
    }
}
