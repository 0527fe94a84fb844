import Core

/// Writes the small JSON objects that maps keep, a hundred thousand of them in a moment. U+0000, which jsonb cannot
/// hold, becomes the four characters `\x00` as everywhere in the store.
enum JSONText {
    static func append(_ candidates: [MatchCandidate], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "["))
        for (place, candidate) in candidates.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(UInt8(ascii: "{"))
            append("ypid", candidate.ypid, to: &bytes)
            append(plain: ",\"score\":\(candidate.score),\"vetoes\":[", to: &bytes)
            for (index, veto) in candidate.vetoes.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(veto, to: &bytes)
            }
            append(plain: "]}", to: &bytes)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    static func append(_ evidence: [String: String], to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "{"))
        for (name, value) in evidence.sorted(by: { $0.key < $1.key }) { append(name, value, to: &bytes) }
        bytes.append(UInt8(ascii: "}"))
    }

    /// A member, where it has a value; `name` needs no escapes.
    private static func append(_ name: String, _ value: String?, to bytes: inout [UInt8]) {
        guard let value else { return }
        if bytes.last != UInt8(ascii: "{") { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        append(plain: name, to: &bytes)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        append(value, to: &bytes)
    }

    private static func append(plain text: String, to bytes: inout [UInt8]) { bytes.append(contentsOf: text.utf8) }

    private static func append(_ value: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        if value.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
            for byte in value.utf8 { append(escaping: byte, to: &bytes) }
        } else {
            append(plain: value, to: &bytes)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func append(escaping byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""): append(plain: "\\\"", to: &bytes)
        case UInt8(ascii: "\\"): append(plain: "\\\\", to: &bytes)
        case 0: append(plain: "\\\\x00", to: &bytes)
        case 1..<0x20:
            let digits = String(byte, radix: 16)
            append(plain: "\\u" + String(repeating: "0", count: 4 - digits.count) + digits, to: &bytes)
        default: bytes.append(byte)
        }
    }
}
