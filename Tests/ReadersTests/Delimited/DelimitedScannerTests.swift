import Testing

@testable import Readers

struct DelimitedScannerTests {
    /// All records as text, an unclosed quote as `!` and what its line holds, a long record as `>`.
    private func scan(
        _ text: String, _ dialect: Dialect = Dialect(), chunk: Int? = nil, limit: Int = 1 << 20
    ) -> [String] {
        var scanner = DelimitedScanner(dialect, recordLimit: limit, columnLimit: 5)
        let all = Array(text.utf8)
        var available = chunk ?? all.count
        var position = 0
        var records: [String] = []
        while true {
            let held = Array(all[..<min(available, all.count)])
            let bytes = held.span
            switch scanner.scan(bytes, from: position, isLast: available >= all.count) {
            case .record:
                var fields = scanner.fields.fields.map { CellText.string($0, of: bytes, dialect, .utf8) }
                if scanner.fields.isOverLimit { fields.append("…\(scanner.fields.count)") }
                records.append(fields.joined(separator: "¦") + "@\(scanner.lineBreaks)")
                position = scanner.next
            case .needsInput: available += chunk ?? 1
            case .openQuote, .tooLong:
                guard let next = LineEnds.next(in: all.span, from: position, dialect) else { return records + ["!"] }
                records.append("!")
                position = next
            case .endOfInput: return records
            }
        }
    }

    @Test(arguments: [
        ("a,b\nc,d\n", ["a¦b@1", "c¦d@1"]),
        ("a,b\r\nc,d", ["a¦b@1", "c¦d@0"]),
        ("", []),
        ("\n", ["@1"]),
        ("\r\n\r\n", ["@1", "@1"]),
        (",", ["¦@0"]),
        ("a,\r\n", ["a¦@1"]),
        ("\"a,b\",c\n", ["a,b¦c@1"]),
        ("\"a\"\"b\"\n", ["a\"b@1"]),
        ("\"\",\"\"\r\n", ["¦@1"]),
        ("\"\"\"\"\n", ["\"@1"]),
        ("\"a\nb\",c\n", ["a\nb¦c@2"]),
        ("\"a\r\nb\",c\r\n", ["a\r\nb¦c@2"]),
        ("a\"b,c\"\n", ["a\"b¦c\"@1"]),
        ("\"a\"b,c\n", ["\"a\"b¦c@1"]),
        ("\"a\" ,c\r\n", ["\"a\" ¦c@1"]),
        ("\"abc\nx,y\n", ["!", "x¦y@1"]),
        ("1,\"abc\nx,\"y\"\n", ["!", "x¦y@1"]),
        ("a\rb,c\r\n", ["a\rb¦c@1"]),
        ("a\u{0},b\n", ["a\u{0}¦b@1"]),
        ("1,2,3,4,5,6,7\n8\n", ["1¦2¦3¦4¦5¦…7@1", "8@1"]),
        ("1,2,3,4,5,6,7\r\n8\r\n", ["1¦2¦3¦4¦5¦…7@1", "8@1"]),
        ("\"a\"\r\n\"b\"", ["a@1", "b@0"]),
        ("\"a\"\rb\n", ["\"a\"\rb@1"]),
    ])
    func `a record is what RFC 4180 says, wherever it is cut`(text: String, records: [String]) {
        #expect(scan(text) == records)
        for chunk in 1...5 { #expect(scan(text, chunk: chunk) == records) }
    }

    @Test(arguments: [
        ("a,b\rc,\"d\re\"\r", Dialect(endsAtCarriageReturn: true), ["a¦b@1", "c¦d\re@2"]),
        ("a,\"b\r\nc\"\r\nd\r", Dialect(endsAtCarriageReturn: true), ["a¦b\r\nc@2", "d@1"]),
        ("a||b|c||\"d||e\"\n", Dialect(delimiter: "||"), ["a¦b|c¦d||e@1"]),
        ("a, \"b, c\", d\n", Dialect(delimiter: ", "), ["a¦b, c¦d@1"]),
        ("'a,''b',c\n", Dialect(quote: "'"), ["a,'b¦c@1"]),
        ("\"a\",b\n", Dialect(quote: nil), ["\"a\"¦b@1"]),
        ("\"a\\\"b\",c\\,d,C:\\x\n", Dialect(escape: "\\"), ["a\"b¦c,d¦C:\\x@1"]),
        ("\"a\\\\\",b\n", Dialect(escape: "\\"), ["a\\¦b@1"]),
    ])
    func `other dialects are read too`(text: String, dialect: Dialect, records: [String]) {
        #expect(scan(text, dialect) == records)
        for chunk in 1...5 { #expect(scan(text, dialect, chunk: chunk) == records) }
    }

    @Test func `in GB18030 a delimiter inside a character is none`() {
        // 乗 is 81 5C and 粅 is BB 7C … their second bytes are those of \ and |.
        let bytes: [UInt8] = [0x61, 0x7C, 0x81, 0x7C, 0x7C, 0x81, 0x5C, 0x0A]
        var scanner = DelimitedScanner(Dialect(delimiter: "|"), encoding: .gb18030)
        #expect(scanner.scan(bytes.span, from: 0, isLast: true) == .record)
        #expect(scanner.fields.fields.map(\.range) == [0..<1, 2..<4, 5..<7])
    }

    @Test(arguments: [20, 21, 22, 23, 24, 40])
    func `the limit on a record holds whatever is there already`(limit: Int) {
        let text = "\(String(repeating: "x", count: 22))\nab,\"\(String(repeating: "y\n", count: 30))\n"
        let whole = scan(text, limit: limit)
        for chunk in [1, 2, 3, 7, 30] { #expect(scan(text, chunk: chunk, limit: limit) == whole) }
    }

    @Test(.timeLimit(.minutes(1)), arguments: UInt64(0)..<300)
    func `chunk borders do not matter`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let text = (0..<60).map { _ in ["a", "b", ",", "\"", "\r", "\n", "\\"].randomElement(using: &random) ?? "" }
            .joined()
        for dialect in [
            Dialect(), Dialect(escape: "\\"), Dialect(endsAtCarriageReturn: true), Dialect(delimiter: ",a"),
        ] {
            let whole = scan(text, dialect, limit: 24)
            for chunk in [1, 2, 5, 11] { #expect(scan(text, dialect, chunk: chunk, limit: 24) == whole) }
        }
    }
}
