import Testing

@testable import Readers

struct TranscodingSourceTests {
    private func readAll(_ source: TranscodingSource, atMost count: Int = 1000) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while try source.read(into: &bytes, atMost: count) > 0 {}
        return bytes
    }

    @Test(arguments: TextEncoding.allCases, UInt64(0)..<20)
    func `every encoding gives the same UTF-8, whatever the chunks`(encoding: TextEncoding, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let text = SampleText.random(300, using: &random)
        let sizes = (0..<20).map { _ in Int.random(in: 1...9, using: &random) }
        let source = TranscodingSource(
            TestSource(SampleText.bytes(of: text, in: encoding), sizes: sizes), from: encoding)
        #expect(try readAll(source, atMost: Int.random(in: 1...50, using: &random)) == Array(text.utf8))
        #expect(source.invalidCount == 0)
    }

    @Test(arguments: TextEncoding.allCases, [0, 1])
    func `every output offset leads back to its character`(encoding: TextEncoding, markBytes: Int) throws {
        var random = SeededGenerator(seed: 7)
        let text = SampleText.random(5000, using: &random)
        let mark = markBytes == 0 ? [] : SampleText.bytes(of: "\u{FEFF}", in: encoding)
        let source = TranscodingSource(
            TestSource(mark + SampleText.bytes(of: text, in: encoding), sizes: [333]), from: encoding)
        #expect(try readAll(source) == Array(text.utf8))
        var output = 0
        var original = mark.count
        var pairs: [(Int, Int)] = []
        for scalar in text.unicodeScalars {
            pairs.append((output, original))
            output += String(scalar).utf8.count
            original += SampleText.bytes(of: String(scalar), in: encoding).count
        }
        pairs.append((output, original))
        for (output, original) in pairs { #expect(source.originalOffset(ofOutput: output) == original) }
        for (output, original) in pairs.shuffled(using: &random) {
            #expect(source.originalOffset(ofOutput: output) == original)
        }
        #expect(source.originalOffset(ofOutput: output + 1) == nil)
    }

    @Test func `the way back is kept for a window and then forgotten`() throws {
        let text = String(repeating: "药a", count: 1_000_000)
        let source = TranscodingSource(
            TestSource(SampleText.bytes(of: text, in: .utf16LE)), from: .utf16LE, window: 256 << 10)
        #expect(try readAll(source, atMost: 1 << 20).count == 4_000_000)
        #expect(source.originalOffset(ofOutput: 0) == nil)
        #expect(source.originalOffset(ofOutput: 3_999_996) == 3_999_996)
        #expect(source.originalOffset(ofOutput: 3_999_999) == 3_999_998)
    }

    @Test(
        arguments: [
            (TextEncoding.gb18030, [0x61, 0xFF, 0x62], "a\u{FFFD}b", [1]),
            (.gb18030, [0x61, 0x80, 0xD6, 0xD0], "a\u{FFFD}中", [1]),
            (.gb18030, [0xD6, 0x2C, 0x61], "\u{FFFD},a", [0]),
            (.gb18030, [0x61, 0xD6], "a\u{FFFD}", [1]),
            (.gb18030, [0x81, 0x30, 0x2C, 0x61], "\u{FFFD}0,a", [0]),
            (.gb18030, [0xE3, 0x32, 0x9A, 0x36, 0x61], "\u{FFFD}a", [0]),
            (.utf16LE, [0x00, 0xD8, 0x61, 0x00], "\u{FFFD}a", [0]),
            (.utf16LE, [0x61, 0x00, 0x00, 0xDC], "a\u{FFFD}", [2]),
            (.utf16LE, [0x61, 0x00, 0x62], "a\u{FFFD}", [2]),
            (.utf16BE, [0x00, 0x61, 0xD8, 0x40], "a\u{FFFD}", [2]),
            (.utf8, [0x61, 0xE4, 0xB8, 0x2C, 0xC0], "a\u{FFFD},\u{FFFD}", [1, 4]),
        ] as [(TextEncoding, [UInt8], String, [Int])])
    func `what is invalid is one replacement character and its place`(
        encoding: TextEncoding, bytes: [UInt8], text: String, places: [Int]
    ) throws {
        for size in 1...4 {
            let source = TranscodingSource(TestSource(bytes, sizes: [size]), from: encoding)
            let output = try readAll(source)
            #expect(String(decoding: output, as: UTF8.self) == text)
            #expect(source.invalidSequences.map(\.originalOffset) == places)
            for invalid in source.invalidSequences {
                #expect(Array(output[invalid.outputOffset..<invalid.outputOffset + 3]) == Array("\u{FFFD}".utf8))
                #expect(source.originalOffset(ofOutput: invalid.outputOffset) == invalid.originalOffset)
            }
        }
    }

    @Test func `the C library knows GB18030`() {
        #expect(GB18030.isAvailable)
        #expect(GB18030.mapping.fours[0] == 0x80)
    }
}
