import Core
import Foundation
import FoundationXML
import Reports
import Testing

struct FixFileTests {
    private static let headers = "院内药品唯一码,产品名称,转换系数"

    private func fixFile(
        _ encoding: String, delimiter: String? = ",", lineEnd: String = "\r\n", header: String = headers,
        declared: [(name: String, value: String)] = []
    ) -> FixFile {
        let header = TextCoding.encode(header.replacing(",", with: delimiter ?? ","), encoding)
        return FixFile(
            files: Examples.files,
            form: FixFile.Form(
                encoding: encoding, delimiter: delimiter, lineEnd: lineEnd, rawHeader: header, declared: declared),
            rules: Examples.rules, encode: { TextCoding.encode($0, encoding) })
    }

    private func row(_ raw: [UInt8], rules: [RuleID] = ["C19"]) -> QuarantinedRow {
        QuarantinedRow(
            table: .catalogue, origin: RowOrigin(file: 1, line: 30, row: 27), raw: raw,
            text: String(decoding: raw, as: UTF8.self), rules: rules)
    }

    private let finding = Examples.finding(
        "C19", .error, Place(table: .catalogue, file: 1, line: 30, row: 27, column: "conversion_factor"), value: "0",
        expected: "> 0")

    @Test(arguments: ["UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"], [",", ";", "\t", "|"])
    func `bad rows come back in the sender's own form with one more column`(encoding: String, delimiter: String) {
        let file = fixFile(encoding, delimiter: delimiter, lineEnd: "\n")
        let raw = TextCoding.encode("A1,阿莫西林胶囊 0.25g,-12.50".replacing(",", with: delimiter), encoding)
        let bytes = file.header + file.row(row(raw), findings: [finding]) + file.footer
        var text = TextCoding.decode(bytes, encoding)
        #expect(text.hasPrefix("\u{FEFF}") == encoding.hasPrefix("UTF-16"))
        if text.hasPrefix("\u{FEFF}") { text.unicodeScalars.removeFirst() }
        let expected = """
            院内药品唯一码,产品名称,转换系数,错误说明
            A1,阿莫西林胶囊 0.25g,-12.50,"[C19] 转换系数是 0，必须 > 0。"

            """
        #expect(text == expected.replacing(",", with: delimiter))
        #expect(bytes.count > raw.count && contains(raw, in: bytes))
    }

    private func contains(_ part: [UInt8], in bytes: [UInt8]) -> Bool {
        bytes.indices.contains { bytes[$0...].starts(with: part) }
    }

    @Test func `bytes that are not valid in the encoding pass through unchanged`() {
        let raw: [UInt8] = Array("A1,".utf8) + [0xFF, 0x81, 0x20, 0x00, 0xA3] + Array(",3".utf8)
        for encoding in ["UTF-8", "GB18030"] {
            let bytes = fixFile(encoding).row(row(raw), findings: [])
            #expect(bytes.starts(with: raw + Array(",".utf8)))
            #expect(TextCoding.decode(Array(bytes.dropFirst(raw.count)), encoding) == ",\"[C19] 转换系数不大于 0\"\r\n")
        }
    }

    @Test(arguments: ["UTF-8", "GB18030", "UTF-16LE", "UTF-16BE"])
    func `cells that would run get an apostrophe and no others`(encoding: String) {
        let raw = TextCoding.encode(
            "=1+1,\"@SUM(A1,A2)\",-3,-,\"a\"\"=b\",＝x,'=y,+1.5,x=1,\u{FEFF}\u{3000}=z", encoding)
        let bytes = fixFile(encoding).row(row(raw, rules: []), findings: [])
        let text = TextCoding.decode(bytes, encoding)
        #expect(text == "'=1+1,\"'@SUM(A1,A2)\",-3,-,\"a\"\"=b\",'＝x,''=y,+1.5,x=1,'\u{FEFF}\u{3000}=z,\"\"\r\n")
    }

    @Test func `a bar inside a character is no delimiter`() {
        // 0x82 0x7C is one character of GB18030, whose second byte looks like a bar.
        let raw: [UInt8] = [0x82, 0x7C] + Array("=1|=2".utf8)
        let bytes = fixFile("GB18030", delimiter: "|").row(row(raw, rules: []), findings: [])
        #expect(bytes.starts(with: [0x82, 0x7C] + Array("=1|'=2|".utf8)))
    }

    @Test func `a quote left open is closed before the message`() {
        let raw = Array("A1,\"阿莫西林,3".utf8)
        let bytes = fixFile("UTF-8").row(row(raw, rules: ["C16"]), findings: [])
        #expect(String(decoding: bytes, as: UTF8.self) == "A1,\"阿莫西林,3\",\"[C16] 数字读不出来\"\r\n")
    }

    @Test func `a message cannot break its cell or run`() {
        let hostile = Examples.finding(
            "C19", .error, Place(table: .catalogue, file: 1, row: 27, column: "conversion_factor"),
            value: "\"\u{301},=1\r\n\u{202E}")
        let bytes = fixFile("UTF-8").row(row(Array("A".utf8)), findings: [hostile])
        #expect(String(decoding: bytes, as: UTF8.self) == "A,\"[C19] 转换系数是 \"\"\u{301},=1␍␊‹U+202E›，必须 —。\"\r\n")
    }

    @Test(arguments: [
        ("<row><ypid>1</ypid><product_name>甲&amp;乙</product_name></row>", "错误说明"),
        ("<row a=\"x>y\" ypid='1'/>", "row"), ("<row ypid=\"1\" ></row>", "row"), ("<row/>", "row"),
        ("<row><field name=\"ypid\">1</field></row>", "field"), ("乱<码", "row"),
    ])
    func `rows of XML stay well-formed and carry the message in their own shape`(raw: String, element: String) throws {
        for encoding in ["UTF-8", "UTF-16LE"] {
            let file = fixFile(encoding, delimiter: nil, declared: [("table", "catalogue"), ("hospital_code", "<\"&")])
            let bytes = file.header + file.row(row(TextCoding.encode(raw, encoding)), findings: [finding]) + file.footer
            let found = MessageFinder()
            let parser = XMLParser(data: Data(bytes))
            parser.delegate = found
            #expect(parser.parse(), "\(String(describing: parser.parserError))")
            #expect(found.element == element)
        }
    }

    @Test func `a fix file has a name of its own that owes nothing to the sender`() {
        var files = Examples.files + [Examples.file("../../入库.xml", .stockIn, read: 3, delimiter: nil)]
        files[1].delimiter = "\t"
        files[4].table = nil
        let names = files.indices.map { FixFile.fileName(for: $0, among: files) }
        #expect(
            names == [
                "fix-institution.csv", "fix-catalogue.tsv", "fix-stock_in-3.csv", "fix-stock_out.csv", "fix-file.csv",
                "fix-stock_in-6.xml",
            ])
    }

    @Test func `findings wait for their rows, only those that put a row aside, up to a limit`() {
        var waiting = RowFindings(limit: 3)
        waiting.add(Examples.finding("C17", .warning, Place(file: 1, row: 27)))
        for row in [27, 28, 27, 27] { waiting.add(Examples.finding("C19", .error, Place(file: 1, row: row))) }
        #expect(waiting.of(row([])).count == 2)
    }
}

private final class MessageFinder: NSObject, XMLParserDelegate {
    var element: String?

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        if elementName == "错误说明" || attributes["错误说明"] != nil || attributes["name"] == "错误说明" { element = elementName }
    }
}
