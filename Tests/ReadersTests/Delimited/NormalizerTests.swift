import Testing

@testable import Readers

struct NormalizerTests {
    private func normalize(
        _ bytes: [UInt8], _ options: NormalizerOptions = NormalizerOptions(), sizes: [Int] = [],
        limits: ReadingLimits = ReadingLimits()
    ) throws -> (text: String, summary: Normalizer.Summary) {
        var normalizer = Normalizer(TestSource(bytes, sizes: sizes), options: options, limits: limits)
        var output: [UInt8] = []
        while try normalizer.next(into: &output) {}
        return (String(decoding: output, as: UTF8.self), normalizer.summary)
    }

    /// A table as people have it: unquoted, quoted, with commas, quotes and blanks.
    private static let rows = [
        ["DATE", "ITEM", "PRICE", "NOTE", "URL"],
        ["2018-01-28", "Men's Boots", "74.69", "rugged, light", "https://a.b/c.html"],
        ["2018-01-29", "Table 48\"", "5.00", "round, 48\" wide, 4' high", "https://a.b/d.html"],
        ["2018-01-30", "Rod", "25.55", "", ""],
        ["2018-01-31", "药品, 测试", "1.00", "两,个", "x"],
    ]

    private static func print(
        _ rows: [[String]], delimiter: String = ",", quote: String = "\"", escape: String = "\"", end: String = "\r\n"
    ) -> String {
        rows.map { row in
            row.enumerated().map { column, cell in
                guard column == 3 || cell.contains(delimiter) || cell.contains(quote) else { return cell }
                return quote + cell.replacing(quote, with: escape + quote) + quote
            }.joined(separator: delimiter) + end
        }.joined()
    }

    private static let clean = TableSample.print(rows)

    @Test(arguments: [",", ";", "\t", "|", ", "], ["\n", "\r\n", "\r"])
    func `a dialect is found and undone`(delimiter: String, end: String) throws {
        let text = Self.print(Self.rows, delimiter: delimiter, end: end)
        #expect(try normalize(Array(text.utf8)).text == Self.clean)
    }

    @Test(arguments: [("'", "'"), ("\"", "\\"), ("\"", "\"")])
    func `quotes and escapes are found and undone`(quote: String, escape: String) throws {
        let text = Self.print(Self.rows, quote: quote, escape: escape)
        #expect(try normalize(Array(text.utf8)).text == Self.clean)
        var options = NormalizerOptions()
        (options.delimiter, options.quote, options.escape) = (",", quote, escape)
        #expect(try normalize(Array(text.utf8), options).text == Self.clean)
    }

    @Test(arguments: [" ", "||", "§", ";;", "药"])
    func `a delimiter that is given is believed`(delimiter: String) throws {
        var options = NormalizerOptions()
        options.delimiter = delimiter
        let rows = Self.rows.map { $0.map { $0.replacing("药", with: "") } }
        let text = Self.print(rows, delimiter: delimiter)
        #expect(try normalize(Array(text.utf8), options).text == TableSample.print(rows))
    }

    @Test(arguments: TextEncoding.allCases)
    func `every encoding becomes UTF-8`(encoding: TextEncoding) throws {
        let mark = encoding.isWide ? "\u{FEFF}" : ""
        let result = try normalize(SampleText.bytes(of: mark + Self.clean, in: encoding))
        #expect(result.text == Self.clean)
        #expect(result.summary.encoding == encoding.name)
        #expect(result.summary.records == 5)
    }

    @Test func `what stands above and what is blank is left out, what is ragged stays`() throws {
        let above = "PREAMBLE,,,,\r\n,,,,\r\n" + Self.clean + "\r\n\r\n"
        #expect(try normalize(Array(above.utf8)).text == Self.clean)
        #expect(try normalize(Array(above.utf8)).summary.skipped == 2)
        let blank = "TITLE\r\n\r\n" + Self.clean
        #expect(try normalize(Array(blank.utf8)).text == Self.clean)
        var options = NormalizerOptions()
        options.skip = 2
        #expect(try normalize(Array(blank.utf8), options).text == Self.clean)
        let ragged = Self.clean + "a,b\r\nc,d,e,f,g,h\r\nFOOTNOTE\r\n"
        #expect(try normalize(Array(ragged.utf8)).text == ragged)
        #expect(try normalize([]).text == "")
        #expect(try normalize(Array("a,b".utf8)).text == "a,b\r\n")
    }

    @Test func `header records are joined`() throws {
        var options = NormalizerOptions()
        options.headerRows = 2
        #expect(try normalize(Array("t\na,b\nc,\"d,\"\n1,2\n".utf8), options).text == "t a,b\r\nc,\"d,\"\r\n1,2\r\n")
        options.skip = 1
        #expect(try normalize(Array("t\na,b\nc,\"d,\"\n1,2\n".utf8), options).text == "a c,\"b d,\"\r\n1,2\r\n")
        options.headerRows = 0
        #expect(try normalize(Array("t\na,b\n1,2\n".utf8), options).text == "a,b\r\n1,2\r\n")
    }

    /// Every cell in turn gets one quote too many; the table comes out with that quote in that cell and no other change.
    @Test func `one quote too many costs nothing`() throws {
        let rows = Self.rows.map { $0.map { $0.replacing("\"", with: "") } }
        for row in rows.indices {
            for column in rows[row].indices where rows[row][column] != "" || column == 4 {
                var expected = rows
                expected[row][column] = "\"" + rows[row][column]
                var written = rows.map { $0.enumerated().map { $0 == 3 || $1.contains(",") ? "\"\($1)\"" : $1 } }
                written[row][column] = "\"" + written[row][column]
                let text = written.map { $0.joined(separator: ",") + "\r\n" }.joined()
                let result = try normalize(Array(text.utf8))
                #expect(result.text == TableSample.print(expected), "row \(row) column \(column)")
                #expect(result.summary.repaired == 1)
            }
        }
    }

    @Test func `a lost escape costs nothing`() throws {
        let text = "a,b,c\r\n1,\"say \"yes\" now, and go\",2\r\n3,\"d\",4\r\n"
        let expected = "a,b,c\r\n1,\"say \"\"yes\"\" now, and go\",2\r\n3,d,4\r\n"
        #expect(try normalize(Array(text.utf8)).text == expected)
    }

    @Test(.timeLimit(.minutes(1)), arguments: UInt64(0)..<200)
    func `what is clean stays as it is, wherever it is cut`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let rows = [TableSample.headers] + TableSample.random(40, using: &random)
        let text = TableSample.print(rows)
        var options = NormalizerOptions()
        (options.delimiter, options.quote, options.escape) = (",", "\"", "\"")
        let once = try normalize(Array(text.utf8), options).text
        let sizes = (0..<9).map { _ in Int.random(in: 1...300, using: &random) }
        #expect(try normalize(Array(text.utf8), options, sizes: sizes).text == once)
        #expect(try normalize(Array(once.utf8), options).text == once)
        #expect(try ReadTable(once).rows.map(\.cells) == ReadTable(text).rows.map(\.cells))
    }

    @Test func `a line that is too long is cut and the next one read`() throws {
        var limits = ReadingLimits()
        limits.recordBytes = 100
        let text = "a,b,c\n1,2,3\n4,5,\(String(repeating: "x", count: 200_000))\n6,7,8\n"
        let result = try normalize(Array(text.utf8), limits: limits)
        #expect(result.summary.cut == 1)
        #expect(result.text.hasSuffix("x\r\n6,7,8\r\n"))
        #expect(result.text.utf8.count < 200)
    }
}
