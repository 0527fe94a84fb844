/// The bytes of an XML file in an encoding that expat reads: UTF-8 and UTF-16 as they are, GB18030 as UTF-8.
final class XMLInput {
    /// The encoding of the original; `nil` where the declaration names none that is accepted.
    let encoding: TextEncoding?
    /// What the declaration says, where it names none that is accepted.
    let unknownEncoding: String?
    /// Whether the bytes given out are UTF-8 whatever the declaration says.
    let isTranscoded: Bool

    private let source: any ByteSource
    private let transcoder: TranscodingSource?

    /// Looks at the start of `source` for a mark and a declaration.
    init(_ source: any ByteSource) throws(ReadingError) {
        let resumed = try ResumedByteSource(source, lookingAt: 512)
        let start = resumed.start
        let found = XMLInput.encoding(of: start.span)
        encoding = found.encoding
        unknownEncoding = found.encoding == nil ? found.declared : nil
        // A mark goes before a declaration that says otherwise; GB18030 is something that expat does not know.
        isTranscoded = found.encoding == .gb18030 || (found.encoding == .utf8 && found.isMarked)
        transcoder = found.encoding == .gb18030 ? TranscodingSource(resumed, from: .gb18030) : nil
        self.source = transcoder ?? resumed
    }

    /// Appends at most `count` bytes to `buffer`; gives how many, 0 at the end.
    func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        try source.read(into: &buffer, atMost: count)
    }

    /// Where in the original the byte at an offset of what was given out stands.
    func originalOffset(of offset: Int) -> Int {
        guard let transcoder else { return offset }
        return transcoder.originalOffset(ofOutput: offset) ?? offset
    }

    private static func encoding(
        of start: Span<UInt8>
    ) -> (encoding: TextEncoding?, declared: String?, isMarked: Bool) {
        if let mark = TextEncoding.byteOrderMark(in: start) { return (mark.encoding, nil, true) }
        if start.starts(with: [0x3C, 0x00]) { return (.utf16LE, nil, false) }
        if start.starts(with: [0x00, 0x3C]) { return (.utf16BE, nil, false) }
        guard let declared = declaredEncoding(in: start) else { return (.utf8, nil, false) }
        let encoding = TextEncoding(declared: declared)
        // UTF-16 without its two bytes a letter is none; expat says so.
        return (encoding?.isWide == true ? .utf8 : encoding, declared, false)
    }

    /// The value of `encoding="…"` in the declaration at the start.
    private static func declaredEncoding(in start: Span<UInt8>) -> String? {
        guard start.starts(with: Array("<?xml".utf8)) else { return nil }
        var declaration: [UInt8] = []
        for index in start.indices {
            if start[index] == UInt8(ascii: ">") { break }
            declaration.append(start[index])
        }
        let text = String(decoding: declaration, as: UTF8.self)
        guard let name = text.firstRange(of: "encoding") else { return nil }
        let value = text[name.upperBound...].drop { $0 == " " || $0 == "=" || $0 == "\t" || $0 == "\n" || $0 == "\r\n" }
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        return String(value.dropFirst().prefix { $0 != quote })
    }
}
