import Testing

@testable import Readers

@Suite("Text written in an encoding") struct EncodedTextTests {
    @Test(arguments: TextEncoding.allCases, UInt64(0)..<8)
    func `has the bytes that a second way of writing it gives`(encoding: TextEncoding, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for count in [0, 1, 2, 40, 400] {
            let text = SampleText.random(count, using: &random)
            #expect(encoding.encoded(text) == SampleText.bytes(of: text, in: encoding))
        }
    }
}
