import Core
import Testing

@testable import Readers

/// What must hold for every file.
struct DelimitedPropertyTests {
    private static func file(seed: UInt64, rows: Int = 30) -> (rows: [[String]], text: String) {
        var random = SeededGenerator(seed: seed)
        let rows = TableSample.random(rows, using: &random)
        let delimiter = [",", ";", "\t", "|"].randomElement(using: &random) ?? ","
        let lineEnd = ["\n", "\r\n"].randomElement(using: &random) ?? "\n"
        return (rows, TableSample.print([TableSample.headers] + rows, delimiter: delimiter, lineEnd: lineEnd))
    }

    private static func smallLimits(_ random: inout SeededGenerator) -> ReadingLimits {
        var limits = ReadingLimits()
        limits.windowBytes = Int.random(in: 1 << 10...4 << 10, using: &random)
        return limits
    }

    /// Well before the end eight bytes are looked at together, at the end each by itself.
    @Test func `a record is the same in the middle of a file as at its end`() {
        var random = SeededGenerator(seed: 5)
        let parts = ["a", ",", ",", "\r", "\n", "\"", "药品", "12.50", "  ", "\u{A0}"]
        for _ in 0..<3000 {
            var text = ""
            for _ in 0..<Int.random(in: 0...20, using: &random) { text += parts.randomElement(using: &random) ?? "" }
            text += "\n"
            var alone = DelimitedScanner(Dialect(), columnLimit: 5)
            var within = alone
            let end = alone.scan(Array(text.utf8).span, from: 0, isLast: true)
            guard end == .record else { continue }
            let middle = within.scan(Array((text + "x,药,y\n" + text).utf8).span, from: 0, isLast: true)
            #expect(middle == .record, "\(text.debugDescription)")
            #expect(alone.fields.fields == within.fields.fields && alone.fields.count == within.fields.count)
            #expect(alone.next == within.next && alone.end == within.end && alone.lineBreaks == within.lineBreaks)
            #expect(alone.isASCII == within.isASCII && alone.hasTextAfterQuote == within.hasTextAfterQuote)
        }
    }

    @Test func `what of a text is valid ends where the standard library says so`() {
        var random = SeededGenerator(seed: 6)
        let parts: [[UInt8]] = [
            Array("药品名称".utf8), Array("abcdefgh".utf8), Array("é".utf8), Array("💊".utf8), [0xE0, 0x80, 0x80],
            [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE8, 0x8D], [0x80], [0xC0, 0x80], [0xEF, 0xBF, 0xBD],
        ]
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &random) {
                let isRight = Int.random(in: 0..<6, using: &random) > 0
                bytes += parts[Int.random(in: isRight ? 0..<4 : 4..<parts.count, using: &random)]
            }
            let count = UTF8Text.validCount(of: bytes.span)
            #expect(String(validating: bytes[..<count], as: UTF8.self) != nil)
            let isOver = count == bytes.count || UTF8Scan.scalar(in: bytes.span, at: count) == nil
            #expect(isOver)
            let isFound = InvalidText.firstReplacement(in: bytes.span) != nil
            #expect(isFound == bytes.indices.contains { bytes[$0...].starts(with: [0xEF, 0xBF, 0xBD]) })
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: UInt64(0)..<60)
    func `what is printed is read back, in every encoding`(seed: UInt64) throws {
        let (rows, text) = Self.file(seed: seed)
        var utf8: ReadTable?
        for encoding in TextEncoding.allCases {
            let mark = encoding.isWide || seed % 2 == 0 ? "\u{FEFF}" : ""
            let bytes = SampleText.bytes(of: mark + text, in: encoding)
            let table = try ReadTable(bytes)
            #expect(table.rules == [])
            #expect(table.facts.encoding == encoding.name)
            for (position, name) in TableSample.columns.enumerated() {
                #expect(table.column(name) == rows.map { $0[position] })
            }
            if utf8 == nil { utf8 = table }
            #expect(table.rows.map(\.line) == utf8?.rows.map(\.line))
            guard !encoding.isWide else { continue }
            for row in table.rows {
                #expect(Array(bytes[row.byteOffset..<row.byteOffset + row.raw.count]) == row.raw)
            }
        }
    }

    @Test(.timeLimit(.minutes(1)), arguments: UInt64(0)..<60)
    func `chunk and window borders do not matter`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 1000)
        let encoding = TextEncoding.allCases.randomElement(using: &random) ?? .utf8
        var bytes = SampleText.bytes(of: "\u{FEFF}" + Self.file(seed: seed, rows: 200).text, in: encoding)
        Self.mutate(&bytes, times: Int.random(in: 0...3, using: &random), using: &random, from: bytes.count / 10)
        let whole = try ReadTable(bytes)
        for _ in 0..<3 {
            let sizes = (0..<20).map { _ in Int.random(in: 1...900, using: &random) }
            let other = try ReadTable(bytes, limits: Self.smallLimits(&random), sizes: sizes)
            #expect(other == whole)
            // With a small sample nothing is there that was not asked for: every border is one of input as well.
            let scarce = try ReadTable(
                bytes, limits: Self.smallLimits(&random), sizes: sizes, encoding: encoding, sampleBytes: 1 << 10)
            #expect(scarce.rows == whole.rows)
            #expect(scarce.observations == whole.observations)
        }
    }

    @Test(arguments: [1 << 20, 105_000, 50_000], [[], [1700, 1]])
    func `a quote is looked for as far as the limit and no further`(limit: Int, sizes: [Int]) throws {
        // More than is read at the beginning to find out the dialect.
        let long = "H0,Y0,D0,\(String(repeating: "x", count: 40_000)),1\n"
        let before = String(repeating: long, count: 28)
        let inner = String(repeating: "H1,Y1,D1,a,1\n", count: 8000)
        let text =
            TableSample.print([TableSample.headers]) + before + "H1,Y1,D1,\"\(inner)\",1\nH2,Y2,D2,b,2\n"
        var limits = ReadingLimits()
        limits.recordBytes = limit
        limits.windowBytes = 1 << 10
        let table = try ReadTable(Array(text.utf8), limits: limits, sizes: sizes)
        if inner.utf8.count < limit {
            #expect(table.rules == [])
            #expect(table.column("product_name").suffix(2) == [inner, "b"])
            #expect(table.rows.map(\.line).suffix(2) == [30, 8031])
        } else {
            // The line with the quote is broken, and so is the one with the quote that was to close it.
            #expect(table.rules == ["A16 unclosed_quote", "A16 unclosed_quote"])
            #expect(table.rows.count == 8030)
            #expect(table.rows.last?.line == 8031)
        }
    }

    private static func mutate(
        _ bytes: inout [UInt8], times: Int, using random: inout SeededGenerator, from start: Int = 0
    ) {
        let favourites: [UInt8] =
            Array("\"\"\"',;|\t\r\n\n\\ =".utf8) + [0, 0x80, 0xFF, 0xD6, 0xE4, 0x84, 0xEF, 0xBF, 0xBD]
        for _ in 0..<times where bytes.count > start {
            let index = Int.random(in: start..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[index] = favourites.randomElement(using: &random) ?? 0
            case 1: bytes.insert(favourites.randomElement(using: &random) ?? 0, at: index)
            case 2: bytes.remove(at: index)
            case 3: bytes[index] = UInt8.random(in: 0...255, using: &random)
            default:
                let end = min(bytes.count, index + Int.random(in: 1...20, using: &random))
                bytes.insert(contentsOf: bytes[index..<end], at: index)
            }
        }
    }

    /// 10 000 files with random damage: none crashes the reader, and every byte that is not blank is in a row.
    @Test(.timeLimit(.minutes(5)), arguments: UInt64(0)..<100)
    func `no damage loses a line`(block: UInt64) throws {
        for seed in block * 100..<block * 100 + 100 {
            var random = SeededGenerator(seed: seed &* 7919)
            let encoding = TextEncoding.allCases.randomElement(using: &random) ?? .utf8
            var bytes = SampleText.bytes(
                of: (encoding.isWide ? "\u{FEFF}" : "") + Self.file(seed: seed, rows: 8).text, in: encoding)
            Self.mutate(&bytes, times: Int.random(in: 1...6, using: &random), using: &random)
            let table = try ReadTable(bytes, limits: Self.smallLimits(&random), sizes: [64])
            #expect(table.rows.count == table.facts.rowsRead)
            #expect(table.rows.map(\.number) == Array(1..<table.rows.count + 1))
            #expect(table.rows.map(\.line) == table.rows.map(\.line).sorted())
            guard table.facts.headerLine != nil, !(table.facts.encoding ?? "").hasPrefix("UTF-16") else { continue }
            try Self.checkOffsets(table, bytes)
        }
    }

    /// Rows lie in order, what lies between them is blank, and what observations say is where they say.
    private static func checkOffsets(_ table: ReadTable, _ bytes: [UInt8]) throws {
        var position: Int?
        for row in table.rows {
            #expect(Array(bytes[row.byteOffset..<row.byteOffset + row.raw.count]) == row.raw)
            if let position {
                try #require(row.byteOffset >= position)
                #expect(isBlank(bytes[position..<row.byteOffset], table.facts))
            }
            position = row.byteOffset + row.raw.count
        }
        if let position { #expect(isBlank(bytes[position...], table.facts)) }
        for observation in table.observations {
            let offset = try #require(observation.place.byteOffset)
            let row = try #require(table.rows.first { $0.number == observation.place.row })
            #expect(offset >= row.byteOffset && offset < max(row.byteOffset + row.raw.count, row.byteOffset + 1))
            switch observation.details["reason"] {
            case "unclosed_quote", "text_after_quote":
                #expect(String(UnicodeScalar(bytes[offset])) == table.facts.quote)
            default: break
            }
            if observation.rule == "A15" { #expect(bytes[offset] >= 0x80) }
        }
    }

    private static func isBlank(_ bytes: ArraySlice<UInt8>, _ facts: FileFacts) -> Bool {
        let blank = Array(" \t\r\n".utf8) + Array((facts.delimiter ?? "").utf8) + Array((facts.quote ?? "").utf8)
        return bytes.allSatisfy(blank.contains)
    }

    @Test func `an encoding is decided where the first byte that is not ASCII comes`() throws {
        let header = TableSample.columns.joined(separator: ",") + "\n"
        let ascii = String(repeating: "H1,Y1,D1,aaaaaaaaaaaaaaaaaaaaaaaaaaaa,1\n", count: 40_000)
        for encoding in [TextEncoding.utf8, .gb18030] {
            let bytes = Array((header + ascii).utf8) + SampleText.bytes(of: "H1,Y1,D1,阿莫西林胶囊,1\n", in: encoding)
            let table = try ReadTable(bytes)
            #expect(table.facts.encoding == encoding.name)
            #expect(table.column("product_name").last == "阿莫西林胶囊")
            #expect(table.rules == [])
        }
        #expect(try ReadTable(header + "H1,Y1,D1,a,1\n").facts.encoding == "UTF-8")
    }

    @Test func `invalid bytes are named by column, line and offset`() throws {
        let head = Array((TableSample.headers.joined(separator: ",") + ",备注\n").utf8)
        let good = Array("H1,Y1,D1,药,1,备\n".utf8)
        var bytes = head + good
        let bad: [UInt8] =
            Array("H1,Y1,\"D\n1".utf8) + [0xFF, 0xFE] + Array("\",药".utf8) + [0xE8, 0x8D] + Array(",1,a".utf8)
            + [0xC0, 0x0A]
        let start = bytes.count
        bytes += bad + Array("H1,Y1,D1,\u{FFFD},1,\n".utf8)
        let table = try ReadTable(bytes)
        #expect(
            table.rules == ["A15 hospital_drug_code", "A15 product_name", "A15 备注", "A15 product_name"])
        #expect(table.observations.map(\.place.line) == [4, 4, 4, 5])
        #expect(table.observations.map(\.place.byteOffset).prefix(3) == [start + 10, start + 17, start + 23])
        #expect(table.observations.map { $0.details["count"] ?? "" } == ["2", "1", "1", "1"])
        #expect(table.observations.last?.value == "\u{FFFD}")
        let share = try #require(table.fileObservations.last)
        #expect(share.rule == "A15")
        #expect(share.severity == .interrupt)
        #expect(table.rows.map(\.isBroken) == [false, false, false])
    }

    @Test func `invalid GB18030 and UTF-16 lead to their bytes`() throws {
        let text = TableSample.headers.joined(separator: ",") + "\nH1,Y1,D1,药品,1\n"
        let gb = SampleText.bytes(of: text + text.split(separator: "\n")[1] + "\nH,Y,D,", in: .gb18030)
        let table = try ReadTable(gb + [0xFF] + Array(",2\n".utf8), encoding: .gb18030)
        #expect(table.rules == ["A15 product_name"])
        #expect(table.observations.first?.place.byteOffset == gb.count)
        let wide = SampleText.bytes(of: "\u{FEFF}" + text + "H,Y,D,a", in: .utf16BE)
        let other = try ReadTable(wide + [0xDC, 0x00] + SampleText.bytes(of: ",2\n", in: .utf16BE))
        #expect(other.rules == ["A15 product_name"])
        #expect(other.observations.first?.place.byteOffset == wide.count)
        #expect(other.facts.encoding == "UTF-16BE")
    }
}
