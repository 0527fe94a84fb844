/// The part of a stream that is being looked at: bytes are added behind and given up in front.
struct ByteWindow {
    private var source: any ByteSource
    /// The bytes; those before `start` are read and done with.
    private(set) var bytes: [UInt8] = []
    /// Where the unread ones begin.
    var start = 0
    /// The offset of `bytes[0]` in the stream.
    private(set) var offset = 0
    /// Whether the stream has ended.
    private(set) var isAtEnd = false

    /// How many bytes are asked for at a time, at least; a test asks for few.
    private let readBytes: Int

    init(_ source: any ByteSource, readBytes: Int = 64 << 10) {
        self.source = source
        self.readBytes = readBytes
    }

    /// How many bytes are there and unread.
    var unread: Int { bytes.count - start }

    /// Reads until so many unread bytes are there, or the stream ends.
    /// - Parameter readsAhead: whether more may be there then, as it comes; not where something is decided by all that
    ///   is there, since it would depend on the sizes in which the stream gave its bytes.
    mutating func fill(to count: Int, readsAhead: Bool = true) throws(ReadingError) {
        guard unread < count, !isAtEnd else { return }
        if start > 0 {
            bytes.removeFirst(start)
            offset += start
            start = 0
        }
        while bytes.count < count, !isAtEnd {
            let missing = count - bytes.count
            let wanted = readsAhead ? max(missing, readBytes) : missing
            isAtEnd = try source.read(into: &bytes, atMost: wanted) == 0
        }
    }

    /// Passes over the rest of a line in bounded memory.
    mutating func passLine(_ dialect: Dialect) throws(ReadingError) {
        while true {
            let held = bytes
            if let next = LineEnds.next(in: held.span, from: start, dialect) {
                // A carriage return at the very end of what is there may be the first half of a line end.
                let isHalf = next == held.count && held[next - 1] == UInt8(ascii: "\r") && !isAtEnd
                start = isHalf ? next - 1 : next
                if !isHalf { return }
            } else {
                start = held.count
            }
            if isAtEnd { return }
            try fill(to: max(unread + 1, readBytes))
        }
    }

    /// Puts another stream in the place of this one: what this one has and will have, transcoded.
    mutating func transcode(from encoding: TextEncoding) -> TranscodingSource {
        let rest = PrefixedSource(Array(bytes[start...]), then: source)
        let transcoding = TranscodingSource(rest, from: encoding)
        self = ByteWindow(transcoding, readBytes: readBytes)
        return transcoding
    }
}

/// Bytes that were already read, and then the rest of their stream.
final class PrefixedSource: ByteSource {
    private var prefix: ArraySlice<UInt8>
    private let rest: any ByteSource

    init(_ prefix: [UInt8], then rest: any ByteSource) {
        self.prefix = prefix[...]
        self.rest = rest
    }

    func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        guard !prefix.isEmpty else { return try rest.read(into: &buffer, atMost: count) }
        let taken = prefix.prefix(count)
        buffer.append(contentsOf: taken)
        prefix = prefix.dropFirst(taken.count)
        return taken.count
    }
}
