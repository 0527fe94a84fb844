import Readers

/// Bytes that come in pieces of one size, so that the borders of reads fall everywhere; 0 for as many as are asked for.
final class PieceSource: ByteSource {
    private let bytes: [UInt8]
    private let size: Int
    private var position = 0

    init(_ bytes: [UInt8], size: Int = 0) {
        self.bytes = bytes
        self.size = size
    }

    func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        let end = min(bytes.count, position + (size == 0 ? count : min(count, size)))
        buffer.append(contentsOf: bytes[position..<end])
        defer { position = end }
        return end - position
    }
}
