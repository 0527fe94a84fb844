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
}
