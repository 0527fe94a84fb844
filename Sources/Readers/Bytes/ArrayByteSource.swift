/// Bytes that are in memory already.
public final class ArrayByteSource: ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    /// A source of some bytes.
    public init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Appends at most `count` bytes to `buffer`; gives how many, 0 at the end and ever after.
    public func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        let end = min(position + max(count, 0), bytes.count)
        buffer.append(contentsOf: bytes[position..<end])
        defer { position = end }
        return end - position
    }
}
