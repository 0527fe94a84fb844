import Readers

/// Bytes of a test as a stream, in pieces of chosen sizes.
final class TestSource: ByteSource {
    private let bytes: [UInt8]
    private let sizes: [Int]
    private var position = 0
    private var turn = 0

    /// - Parameter sizes: how many bytes each read gives at most, over and over; empty for as many as are asked for.
    init(_ bytes: [UInt8], sizes: [Int] = []) {
        self.bytes = bytes
        self.sizes = sizes
    }

    convenience init(_ text: String, sizes: [Int] = []) { self.init(Array(text.utf8), sizes: sizes) }

    func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
        var size = count
        if !sizes.isEmpty {
            size = min(size, sizes[turn % sizes.count])
            turn += 1
        }
        size = min(size, bytes.count - position)
        buffer.append(contentsOf: bytes[position..<position + size])
        position += size
        return size
    }
}

/// Chance that is the same for the same seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 0x1234_5678_9ABC_DEF1 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
