import Core
import Samples
import Testing

@Suite struct `Eight bytes at a time` {
    @Test func `bytes of a word that equal one are found, whatever stands beside them`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let byte = UInt8(truncatingIfNeeded: random.next())
            // Neighbours of the byte are what carries and borrows would confuse with it.
            let bytes = (0..<8).map { _ in byte &+ UInt8([0, 1, 255, 128, 127, 64][random.below(6)]) }
            let found = ByteWords.equal(ByteWords.word(bytes.span, at: 0), to: byte)
            for index in 0..<8 { #expect((found >> UInt64(8 * index)) & 0xFF == (bytes[index] == byte ? 0x80 : 0)) }
        }
    }

    @Test func `short texts are one number and longer ones are compared to their last byte`() {
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(48 + $0) }
            if count < 8 {
                let number = bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
                let short = ByteWords.short(bytes.span)
                #expect(short == number)
            }
            #expect(isEqual(bytes, bytes))
            #expect(!isEqual(bytes, bytes + [0]))
            #expect(isASCII(bytes))
            for index in 0..<count {
                var other = bytes
                other[index] |= 0x80
                #expect(!isEqual(bytes, other))
                #expect(!isASCII(other))
            }
        }
    }

    private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool { ByteWords.areEqual(left.span, right.span) }
    private func isASCII(_ bytes: [UInt8]) -> Bool { ByteWords.isASCII(bytes.span) }
}
