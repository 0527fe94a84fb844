import Markup
import Testing

struct MarkupParserTests {
    /// What was read, one line for each event; text that a piece cut is put together again.
    struct Reading: Equatable {
        var lines: [String] = []
        var failure: MarkupFailure?
    }

    private func read(_ bytes: [UInt8], pieces: Int = 1 << 20, limits: MarkupLimits = MarkupLimits()) -> Reading {
        let parser = MarkupParser(limits: limits)
        var reading = Reading()
        var position = 0
        var isOpen = true
        var isInText = false
        while isOpen, position <= bytes.count {
            let end = min(position + pieces, bytes.count)
            let piece = Array(bytes[position..<end])
            isOpen = parser.parse(piece.span, isLast: false)
            if isOpen, end == bytes.count {
                collect(parser, into: &reading, &isInText)
                isOpen = parser.parse([UInt8]().span, isLast: true)
                position = Int.max
            } else {
                position = end
            }
            collect(parser, into: &reading, &isInText)
        }
        reading.failure = parser.failure
        return reading
    }

    private func collect(_ parser: MarkupParser, into reading: inout Reading, _ isInText: inout Bool) {
        for event in parser.events {
            let text = String(decoding: parser.text[event.textRange], as: UTF8.self)
            let name = event.name < 0 ? "" : parser.names.string(of: Int(event.name))
            switch event.kind {
            case .start: reading.lines.append("<\(name) \(event.depth) \(event.line) \(event.byteOffset)")
            case .attribute: reading.lines.append("@\(name)=\(text)")
            case .text where isInText: reading.lines[reading.lines.count - 1] += text
            case .text: reading.lines.append("'\(text)")
            case .end: reading.lines.append("> \(event.depth) \(event.byteOffset)")
            }
            isInText = event.kind == .text
        }
    }

    private func read(_ text: String, pieces: Int = 1 << 20, limits: MarkupLimits = MarkupLimits()) -> Reading {
        read(Array(text.utf8), pieces: pieces, limits: limits)
    }

    private let sample = """
        <?xml version="1.0"?>
        <dataset table="usage">
        <row a='1 &lt; 2' b="药&#x54C1;"/><row><药品>a<![CDATA[<&]]>b&amp;</药品></row>
        </dataset>
        """

    @Test func `tags, attributes, text, lines and offsets are told`() throws {
        let reading = read(sample)
        #expect(reading.failure == nil)
        let row = try #require(sample.utf8.firstRange(of: "<row a".utf8)).lowerBound
        let offset = sample.utf8.distance(from: sample.utf8.startIndex, to: row)
        let end = sample.utf8.count
        #expect(
            reading.lines == [
                "<dataset 1 2 22", "@table=usage", "'\n", "<row 2 3 \(offset)", "@a=1 < 2", "@b=药品", "> 2 \(offset + 35)",
                "<row 2 3 \(offset + 35)", "<药品 3 3 \(offset + 40)", "'a<&b&", "> 3 \(offset + 78)",
                "> 2 \(offset + 84)", "'\n", "> 1 \(end)",
            ])
    }

    @Test(arguments: 1...30)
    func `where the pieces are cut does not matter`(pieces: Int) {
        #expect(read(sample, pieces: pieces) == read(sample))
        let broken = sample.replacing("</药品>", with: "</药>")
        #expect(read(broken, pieces: pieces) == read(broken))
    }

    @Test func `UTF-16 is understood in both orders`() {
        let text = "<a>药品</a>"
        let low: [UInt8] = [0xFF, 0xFE] + text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let high: [UInt8] = [0xFE, 0xFF] + text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        for bytes in [low, high] {
            #expect(read(bytes).lines == ["<a 1 1 2", "'药品", "> 1 \(bytes.count)"])
        }
    }

    @Test(arguments: [
        "<!DOCTYPE a><a/>",
        "<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1/x'>%p;]><a/>",
        "<!DOCTYPE a [<!ENTITY x0 'ha'><!ENTITY x1 '&x0;&x0;&x0;'><!ENTITY x2 '&x1;&x1;&x1;'>]><a>&x2;</a>",
        "<!DOCTYPE a [<!ATTLIST a b CDATA 'default'>]><a/>",
    ])
    func `a document type stops it before anything of it is read`(text: String) {
        for pieces in [1, 1_000] {
            let reading = read(text, pieces: pieces)
            #expect(reading.lines == [])
            #expect(reading.failure?.reason == .documentType)
        }
    }

    @Test func `entities of nobody are not well-formed`() throws {
        let failure = try #require(read("<a>\n  &nbsp;</a>").failure)
        guard case .notWellFormed = failure.reason else {
            Issue.record("\(failure)")
            return
        }
        #expect((failure.line, failure.column, failure.byteOffset) == (2, 3, 6))
    }

    @Test func `depth, names and tokens have limits`() {
        var limits = MarkupLimits()
        limits.depth = 5
        let deep = String(repeating: "<a>", count: 200) + String(repeating: "</a>", count: 200)
        #expect(read(deep, limits: limits).failure?.reason == .tooDeep(limit: 5))
        #expect(read("<a><a><a><a><a/></a></a></a></a>", limits: limits).failure == nil)

        limits.names = 10
        let manifold = "<a>" + (0..<20).map { "<b\($0)/>" }.joined() + "</a>"
        #expect(read(manifold, limits: limits).failure?.reason == .tooManyNames(limit: 10))
        limits.nameBytes = 100
        let longName = "<\(String(repeating: "n", count: 101))/>"
        #expect(read(longName, limits: limits).failure?.reason == .tooManyNames(limit: 10))
    }

    @Test(arguments: ["<a b='", "<a><!--", "<!--", "<?x ", "<a><?x ", "<", "<a></"])
    func `a token without end does not grow for ever`(start: String) {
        var limits = MarkupLimits()
        limits.tokenBytes = 10_000
        let parser = MarkupParser(limits: limits)
        let filler = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000)
        var isOpen = parser.parse(Array(start.utf8).span, isLast: false)
        var pieces = 0
        while isOpen, pieces < 100 {
            isOpen = parser.parse(filler.span, isLast: false)
            pieces += 1
        }
        #expect((10...13).contains(pieces))
        #expect(parser.failure?.reason == .tooLong(limit: 10_000))
    }

    @Test func `long text and CDATA pass through`() {
        let text = String(repeating: "x", count: 50_000)
        var limits = MarkupLimits()
        limits.tokenBytes = 1_000
        #expect(read("<a>\(text)</a>", pieces: 100, limits: limits).lines.dropFirst().first == "'\(text)")
        #expect(read("<a><![CDATA[\(text)]]></a>", pieces: 100, limits: limits).lines.dropFirst().first == "'\(text)")
    }

    @Test func `random mutations never crash`() {
        let bytes = Array(sample.utf8)
        var random = SplitMix(seed: 3)
        for _ in 0..<10_000 {
            var changed = bytes
            for _ in 0...Int(random.next() % 3) {
                let index = Int(random.next() % UInt64(changed.count))
                switch random.next() % 3 {
                case 0: changed[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: changed.remove(at: index)
                default: changed.insert(bytes[Int(random.next() % UInt64(bytes.count))], at: index)
                }
            }
            let reading = read(changed, pieces: 1 + Int(random.next() % 64))
            #expect((reading.failure?.byteOffset ?? 0) <= changed.count)
        }
    }
}

/// A generator of pseudo-random numbers that gives the same ones for the same seed.
private struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
