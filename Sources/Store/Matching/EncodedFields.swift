import Core
import Postgres

/// Fields of a binary `COPY`, each with its length in front.
enum EncodedFields {
    /// A field whose length is known when it is there.
    static func append(to bytes: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        let start = bytes.count
        bytes.append(contentsOf: [0, 0, 0, 0])
        body(&bytes)
        let length = UInt32(bytes.count - start - 4)
        for place in 0..<4 { bytes[start + place] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(place))) }
    }

    static func append(_ value: (some SQLValue)?, to bytes: inout [UInt8]) {
        guard let value else {
            bytes.append(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF])
            return
        }
        append(to: &bytes) { value.encode(into: &$0) }
    }

    /// A text as a whole, which nearly all are: U+0000 alone has to be written in another way.
    static func append(_ text: String?, to bytes: inout [UInt8]) {
        guard let text else {
            bytes.append(contentsOf: [0xFF, 0xFF, 0xFF, 0xFF])
            return
        }
        let utf8 = text.utf8.span
        for place in utf8.indices where utf8[place] == 0 {
            append(to: &bytes) { text.encode(into: &$0) }
            return
        }
        append(length: utf8.count, to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    static func append(_ value: Fingerprint, to bytes: inout [UInt8]) {
        append(length: 16, to: &bytes)
        append(word: value.high, to: &bytes)
        append(word: value.low, to: &bytes)
    }

    private static func append(word: UInt64, to bytes: inout [UInt8]) {
        for shift: UInt64 in [56, 48, 40, 32, 24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: word >> shift)) }
    }

    private static func append(length: Int, to bytes: inout [UInt8]) {
        let length = UInt32(length)
        for shift: UInt32 in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
}
