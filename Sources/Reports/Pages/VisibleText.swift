/// Makes characters visible that would be invisible, reorder a line or drive a terminal: `\u{202E}` becomes `‹U+202E›`.
///
/// A cell may hide its true content behind them; whoever reads a report must see what is there.
public enum VisibleText {
    /// The text with such characters written out; line ends and tabs become `␊`, `␍` and `␉`.
    public static func of(_ text: String) -> String {
        if isPlain(text) { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars { append(scalar, to: &result) }
        return result
    }

    /// The same, cut to so many characters with a mark that says how long it was.
    static func of(_ text: String, limit: Int) -> String { of(cut(text, limit: limit)) }

    /// The text cut to so many scalars, with `…` where something is missing.
    static func cut(_ text: String, limit: Int) -> String {
        if text.utf8.count <= limit { return text }
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: limit, limitedBy: scalars.endIndex),
            end != scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "…"
    }

    /// The same with tabs and line ends left as they are, for a cell of a file.
    static func keepingLines(_ text: String) -> String {
        if isPlain(text) { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\t", "\n", "\r": result.unicodeScalars.append(scalar)
            default: append(scalar, to: &result)
            }
        }
        return result
    }

    /// Whether a text holds nothing but characters that stand for themselves in a page, in JSON and in a cell: nearly all
    /// texts do, and need no look at each character. `false` says nothing.
    static func isPlain(_ text: String) -> Bool { isPlain(text.utf8.span) }

    /// The same of the text's bytes.
    static func isPlain(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case 0x22, 0x26, 0x27, 0x3C, 0x3E, 0x5C: return false
            case 0x20...0x7E: break
            default: if !isPlain(characterAt: index, in: bytes) { return false }
            }
            index += 1
        }
        return true
    }

    /// Whether the character beyond ASCII of which a byte stands at a place is visible and stands for itself.
    @inline(__always)
    static func isPlain(characterAt index: Int, in bytes: Span<UInt8>) -> Bool {
        switch bytes[index] {
        // Of a text only the first byte of a character decides; those that follow pass.
        case 0x80...0xBF, 0xC3, 0xCE, 0xCF, 0xE4...0xE9: true
        case 0xC2: index + 1 < bytes.count && bytes[index + 1] >= 0xA0 && bytes[index + 1] != 0xAD
        // Dashes, quotes and dots of texts; what is near them hides.
        case 0xE2:
            index + 2 < bytes.count
                && (bytes[index + 1] >= 0x82 || bytes[index + 1] == 0x80 && (0x90...0xA7).contains(bytes[index + 2]))
        case 0xE3: index + 1 < bytes.count && bytes[index + 1] != 0x85
        case 0xEF: index + 1 < bytes.count && (bytes[index + 1] == 0xBC || bytes[index + 1] == 0xBD)
        default: false
        }
    }

    static func append(_ scalar: Unicode.Scalar, to text: inout String) {
        switch scalar.value {
        case 0x20...0x7E, 0x4E00...0x9FFF: text.unicodeScalars.append(scalar)
        case 0x00...0x1F:
            if let picture = Unicode.Scalar(0x2400 + scalar.value) { text.unicodeScalars.append(picture) }
        case 0x7F: text.append("␡")
        default:
            if isHidden(scalar.value) {
                text += "‹U+\(hex(scalar.value))›"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
    }

    static func isHidden(_ value: UInt32) -> Bool {
        switch value {
        case 0x80...0x9F, 0xAD, 0x34F, 0x61C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B...0x180E, 0x3164, 0xFEFF, 0xFFA0:
            true
        // Zero-width and direction marks, line and paragraph separators, embeddings, overrides, isolates.
        case 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F: true
        case 0xFDD0...0xFDEF, 0xFFF0...0xFFFB, 0x1D173...0x1D17A, 0xE0000...0xE0FFF: true
        default: value & 0xFFFE == 0xFFFE
        }
    }

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}
