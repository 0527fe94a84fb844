import Foundation
import Testing

@testable import Reports

@Suite("JSON") struct JSONTests {
    @Test func `any character comes back as it was, and none is written that nobody sees`() throws {
        let scalars = (UInt32(0)..<0x1_1000).compactMap(Unicode.Scalar.init) + ["😀", "𠮷", "\u{10FFFF}"]
        // Each beside others, so that what stands before and behind it is seen to be whole.
        let texts = scalars.map { "药\u{5B}\($0)品\"\($0)" }
        let bytes = JSON.array(texts.map(JSON.string)).bytes
        let read = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String])
        #expect(read.count == texts.count)
        #expect(zip(read, texts).allSatisfy { $0.unicodeScalars.elementsEqual($1.unicodeScalars) })
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where scalar != "\n" {
            #expect(scalar != "<" && scalar.value >= 0x20 && scalar.value != 0x7F)
            #expect(scalar.value > 0xFFFF || !VisibleText.isHidden(scalar.value))
        }
    }

    @Test func `what is deep stands as far in as it is deep`() {
        var value = JSON.array([])
        for _ in 0..<40 { value = .array([value]) }
        let lines = value.bytes.split(separator: 10).map { $0.prefix { $0 == 0x20 }.count }
        #expect(lines == Array(stride(from: 0, through: 80, by: 2)) + stride(from: 78, through: 0, by: -2))
    }
}
