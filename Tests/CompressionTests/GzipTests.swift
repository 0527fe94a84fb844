import Compression
import Testing

struct GzipTests {
    /// Inflates with the given sizes of input and output pieces.
    private func gunzip(_ bytes: [UInt8], inputs: Int = 1 << 16, outputs: Int = 1 << 16) throws -> [UInt8] {
        let inflater = GzipInflater()
        var result: [UInt8] = []
        var position = 0
        var isDry = false
        while position < bytes.count || !isDry {
            let piece = Array(bytes[position..<min(position + inputs, bytes.count)])
            let step = try inflater.inflate(piece.span, into: &result, atMost: outputs)
            position += step.consumed
            isDry = step.produced == 0
        }
        try inflater.finish()
        return result
    }

    private let text = (0..<600).flatMap { Array("row \($0 * 7919 % 1_000),中文,12.50\n".utf8) }

    @Test(arguments: [(1, 1), (7, 3), (1, 1 << 16), (1 << 16, 1), (100, 1_000), (1 << 20, 1 << 20)])
    func `what was packed comes back whatever the sizes of the pieces`(inputs: Int, outputs: Int) throws {
        #expect(try gunzip(GzipWriter.gzip(text), inputs: inputs, outputs: outputs) == text)
    }

    @Test func `the same bytes are packed the same way and carry no time`() {
        let packed = GzipWriter.gzip(text)
        #expect(packed == GzipWriter.gzip(text))
        #expect(Array(packed[0..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
        #expect(packed.count < text.count)
    }

    @Test func `members that follow one another are one stream`() throws {
        let packed = GzipWriter.gzip(text) + GzipWriter.gzip([]) + GzipWriter.gzip([1, 2, 3])
        #expect(try gunzip(packed) == text + [1, 2, 3])
        #expect(try gunzip(packed, inputs: 1, outputs: 5) == text + [1, 2, 3])
    }

    @Test func `zeros behind the last member are padding, anything else is garbage`() throws {
        #expect(try gunzip(GzipWriter.gzip(text) + [0, 0, 0]) == text)
        #expect(throws: GzipError.trailingGarbage) { try gunzip(GzipWriter.gzip(text) + [0, 0, 7]) }
        #expect(throws: GzipError.trailingGarbage) { try gunzip(GzipWriter.gzip(text) + Array("more".utf8)) }
        #expect(throws: GzipError.truncated) { try gunzip(GzipWriter.gzip(text) + [0x1F]) }
    }

    @Test func `every truncation is told as one`() {
        let packed = GzipWriter.gzip(Array(text.prefix(200)))
        for count in packed.indices {
            #expect(throws: GzipError.truncated) { try gunzip(Array(packed[..<count])) }
        }
    }

    @Test func `a changed byte is told or harmless, never a crash`() {
        let packed = GzipWriter.gzip(text)
        var random = SplitMix(seed: 1)
        for _ in 0..<2_000 {
            var changed = packed
            let index = Int(random.next() % UInt64(changed.count))
            changed[index] ^= UInt8(truncatingIfNeeded: random.next()) | 1
            guard let result = try? gunzip(changed) else { continue }
            // Only the header's time, level, system and flag bits carry nothing.
            #expect(result == text && index < 10)
        }
    }
}

/// A generator of pseudo-random numbers that gives the same ones for the same seed.
struct SplitMix: RandomNumberGenerator {
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
