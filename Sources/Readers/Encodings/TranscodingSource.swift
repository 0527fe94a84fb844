/// A stream of UTF-16 or GB18030 as a stream of UTF-8, that knows where in the original each byte came from.
///
/// What is invalid becomes U+FFFD and is remembered; a byte order mark at the start is taken away. Memory is bounded:
/// of the original only the last `window` bytes are kept for the way back, in blocks that are decoded again when
/// somebody asks; whoever reads on and asks only about recent output always gets an answer.
public final class TranscodingSource: ByteSource {
    /// The encoding of the original.
    public let encoding: TextEncoding
    /// The first invalid sequences, in order; at most `invalidLimit` are kept.
    public private(set) var invalidSequences: [InvalidSequence] = []
    /// How many invalid sequences there were so far, kept or not.
    public private(set) var invalidCount = 0
    /// How many invalid sequences are kept.
    public static let invalidLimit = 10_000

    private let source: any ByteSource
    private let window: Int
    /// The original bytes of the blocks, the ones not yet decoded last.
    private var original: [UInt8] = []
    /// The offset of `original[0]` in the stream.
    private var originalStart = 0
    /// How many of `original` are decoded.
    private var decoded = 0
    private var blocks: [Block] = []
    private var pending: [UInt8] = []
    private var pendingStart = 0
    private var outputOffset = 0
    private var isAtEnd = false
    /// Where the last question was answered: the next one is mostly a little further on.
    private var lastAnswer: Block?

    /// Where a run of characters starts, in both streams.
    private struct Block {
        var output: Int
        var original: Int
    }

    private static let blockBytes = 1024
    private static let readBytes = 64 << 10

    /// Transcodes a stream.
    /// - Parameters:
    ///   - source: the bytes as they are.
    ///   - encoding: their encoding; UTF-8 is passed on with its invalid sequences replaced.
    ///   - window: how many original bytes are kept for `originalOffset(ofOutput:)`.
    public init(_ source: any ByteSource, from encoding: TextEncoding, window: Int = 8 << 20) {
        self.source = source
        self.encoding = encoding
        self.window = max(window, 4 * Self.readBytes)
    }

    /// Appends at most `count` bytes of UTF-8, never a part of a character unless `count` forces it.
    public func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        while pendingStart == pending.count, !isAtEnd { try decodeMore() }
        let taken = min(count, pending.count - pendingStart)
        buffer.append(contentsOf: pending[pendingStart..<pendingStart + taken])
        pendingStart += taken
        return taken
    }

    /// The offset in the original bytes of the character that an output byte belongs to.
    ///
    /// - Returns: `nil` for output that has not been given out yet or lies further back than the window.
    public func originalOffset(ofOutput offset: Int) -> Int? {
        guard let first = blocks.first, offset >= first.output, offset <= outputOffset else {
            return offset == 0 && outputOffset == 0 ? originalStart + decoded : nil
        }
        var low = 0
        var high = blocks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if blocks[middle].output <= offset { low = middle } else { high = middle }
        }
        var position = blocks[low]
        if let last = lastAnswer, last.output <= offset, last.output > position.output { position = last }
        advance(&position, toOutput: offset)
        lastAnswer = position
        return position.original
    }

    private func decodeMore() throws(ReadingError) {
        forgetOldest()
        let got = try source.read(into: &original, atMost: Self.readBytes)
        isAtEnd = got == 0
        pending.removeAll(keepingCapacity: true)
        pendingStart = 0
        if originalStart == 0, decoded == 0, !skipByteOrderMark() { return }
        let bytes = original
        let span = bytes.span
        while decoded < span.count {
            let block = Block(output: outputOffset, original: originalStart + decoded)
            let isWhole = decodeBlock(span, upTo: min(decoded + Self.blockBytes, span.count))
            if outputOffset > block.output { blocks.append(block) }
            guard isWhole else { break }
        }
    }

    /// Decodes the characters that begin before an offset; `false` where the bytes end inside the last of them.
    private func decodeBlock(_ bytes: Span<UInt8>, upTo end: Int) -> Bool {
        // The encoding is asked once for a block and not for each character.
        switch encoding {
        case .gb18030:
            let mapping = GB18030.mapping
            return decodeBlock(bytes, upTo: end, hasASCII: true) { GB18030.scalar(in: $0, at: $1, mapping) }
        case .utf8:
            return decodeBlock(bytes, upTo: end, hasASCII: true) { UTF8Text.scalar(in: $0, at: $1) }
        case .utf16LE:
            return decodeBlock(bytes, upTo: end, hasASCII: false) { UTF16Text.scalar(in: $0, at: $1, low: 0, high: 1) }
        case .utf16BE:
            return decodeBlock(bytes, upTo: end, hasASCII: false) { UTF16Text.scalar(in: $0, at: $1, low: 1, high: 0) }
        }
    }

    private typealias Character = (value: UInt32?, length: Int, isCutOff: Bool)

    /// - Parameter hasASCII: whether a byte below 0x80 is the character of that number.
    @inline(__always)
    private func decodeBlock(
        _ bytes: Span<UInt8>, upTo end: Int, hasASCII: Bool, _ character: (Span<UInt8>, Int) -> Character
    ) -> Bool {
        var index = decoded
        var isWhole = true
        let isLast = isAtEnd
        var invalid: [(index: Int, output: Int)] = []
        let before = pending.count
        // A byte becomes three at most, U+FFFD; the last character may end behind the block.
        pending.append(addingCapacity: 3 * (end - index) + 4) { output in
            while index < end {
                if hasASCII, bytes[index] < 0x80 {
                    output.append(bytes[index])
                    index += 1
                    continue
                }
                let (value, length, isCutOff) = character(bytes, index)
                if isCutOff, !isLast {
                    isWhole = false
                    break
                }
                if value == nil { invalid.append((index, output.count)) }
                UTF8Text.append(value ?? 0xFFFD, to: &output)
                index += length
            }
        }
        for place in invalid { rememberInvalid(original: place.index, output: place.output) }
        decoded = index
        outputOffset += pending.count - before
        return isWhole
    }

    private func rememberInvalid(original index: Int, output: Int) {
        invalidCount += 1
        guard invalidSequences.count < Self.invalidLimit else { return }
        invalidSequences.append(
            InvalidSequence(originalOffset: originalStart + index, outputOffset: outputOffset + output))
    }

    /// Goes on to the last character that begins at or before an offset of the output.
    private func advance(_ position: inout Block, toOutput offset: Int) {
        switch encoding {
        case .gb18030:
            let mapping = GB18030.mapping
            advance(&position, offset, hasASCII: true) { GB18030.scalar(in: $0, at: $1, mapping) }
        case .utf8: advance(&position, offset, hasASCII: true) { UTF8Text.scalar(in: $0, at: $1) }
        case .utf16LE:
            advance(&position, offset, hasASCII: false) { UTF16Text.scalar(in: $0, at: $1, low: 0, high: 1) }
        case .utf16BE:
            advance(&position, offset, hasASCII: false) { UTF16Text.scalar(in: $0, at: $1, low: 1, high: 0) }
        }
    }

    @inline(__always)
    private func advance(
        _ position: inout Block, _ offset: Int, hasASCII: Bool, _ character: (Span<UInt8>, Int) -> Character
    ) {
        let bytes = original
        let span = bytes.span.extracting(first: decoded)
        var index = position.original - originalStart
        var output = position.output
        while output < offset, index < span.count {
            if hasASCII, span[index] < 0x80 {
                output += 1
                index += 1
                continue
            }
            let (value, length, _) = character(bytes.span, index)
            let next = output + UTF8Text.length(of: value ?? 0xFFFD)
            guard next <= offset else { break }
            output = next
            index += length
        }
        position = Block(output: output, original: originalStart + index)
    }

    /// Reads past a byte order mark; `false` while there are too few bytes to tell.
    private func skipByteOrderMark() -> Bool {
        guard original.count >= 4 || isAtEnd else { return false }
        let bytes = original
        if let mark = TextEncoding.byteOrderMark(in: bytes.span), mark.encoding == encoding {
            original.removeFirst(mark.length)
            originalStart = mark.length
        }
        return true
    }

    private func forgetOldest() {
        guard decoded > window else { return }
        let target = originalStart + decoded - window / 2
        guard let keep = blocks.lastIndex(where: { $0.original <= target }), keep > 0 else { return }
        blocks.removeFirst(keep)
        let dropped = blocks[0].original - originalStart
        original.removeFirst(dropped)
        originalStart += dropped
        decoded -= dropped
        if let last = lastAnswer, last.original < originalStart { lastAnswer = nil }
    }
}

/// UTF-16, one character at a time.
enum UTF16Text {
    /// The character at an offset; `low` and `high` say which byte of a unit is which.
    @inline(__always)
    static func scalar(
        in bytes: Span<UInt8>, at index: Int, low: Int, high: Int
    ) -> (value: UInt32?, length: Int, isCutOff: Bool) {
        guard index + 1 < bytes.count else { return (nil, 1, true) }
        let unit = UInt32(bytes[index + high]) << 8 | UInt32(bytes[index + low])
        guard unit & 0xF800 == 0xD800 else { return (unit, 2, false) }
        guard unit < 0xDC00 else { return (nil, 2, false) }
        guard index + 3 < bytes.count else { return (nil, min(2, bytes.count - index), true) }
        let second = UInt32(bytes[index + 2 + high]) << 8 | UInt32(bytes[index + 2 + low])
        guard second & 0xFC00 == 0xDC00 else { return (nil, 2, false) }
        return (0x10000 + (unit & 0x3FF) << 10 + (second & 0x3FF), 4, false)
    }
}
