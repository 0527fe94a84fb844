/// How long the characters of an encoding are, so that a delimiter is never found inside one.
///
/// In GB18030 the second byte of a character may be `|` or `\`; in UTF-16 every character has at least two bytes.
enum CodeUnits {
    case utf8, gb18030, utf16

    init(encoding: String?) {
        switch encoding?.uppercased() {
        case "GB18030", "GBK", "GB2312": self = .gb18030
        case "UTF-16LE", "UTF-16BE", "UTF-16": self = .utf16
        default: self = .utf8
        }
    }

    /// How many bytes the character (or the piece of one) at a position has; at least 1, never past the end.
    @inline(__always)
    func length(in bytes: [UInt8], at index: Int) -> Int {
        if bytes[index] < 0x80, self != .utf16 { return 1 }
        return lengthBeyondASCII(in: bytes, at: index)
    }

    private func lengthBeyondASCII(in bytes: [UInt8], at index: Int) -> Int {
        let left = bytes.count - index
        switch self {
        case .utf8:
            let length =
                switch bytes[index] {
                case 0xC2...0xDF: 2
                case 0xE0...0xEF: 3
                case 0xF0...0xF4: 4
                default: 1
                }
            guard length <= left else { return 1 }
            return bytes[index + 1..<index + length].allSatisfy { $0 & 0xC0 == 0x80 } ? length : 1
        case .utf16: return min(2, left)
        case .gb18030:
            guard (0x81...0xFE).contains(bytes[index]), left >= 2 else { return 1 }
            switch bytes[index + 1] {
            case 0x40...0x7E, 0x80...0xFE: return 2
            case 0x30...0x39:
                let isWhole =
                    left >= 4 && (0x81...0xFE).contains(bytes[index + 2]) && (0x30...0x39).contains(bytes[index + 3])
                return isWhole ? 4 : 1
            default: return 1
            }
        }
    }
}

extension [UInt8] {
    /// Whether some bytes stand at a position.
    func hasBytes(_ bytes: [UInt8], at index: Int) -> Bool {
        // The first byte decides nearly always.
        guard let first = bytes.first, index < count, self[index] == first, index + bytes.count <= count else {
            return false
        }
        for offset in bytes.indices where self[index + offset] != bytes[offset] { return false }
        return true
    }
}

extension String {
    /// Whether the bytes of a text stand anywhere in this one.
    func hasBytes(of text: String) -> Bool {
        let (whole, part) = (utf8.span, text.utf8.span)
        guard let first = part.isEmpty ? nil : part[0] else { return false }
        var start = 0
        while start + part.count <= whole.count {
            if whole[start] == first {
                var length = 1
                while length < part.count, whole[start + length] == part[length] { length += 1 }
                if length == part.count { return true }
            }
            start += 1
        }
        return false
    }
}
