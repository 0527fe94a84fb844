internal import Core

/// A pattern of LIKE: `%` any text, `_` any one character, the rest itself.
///
/// Without ESCAPE no character has a special meaning besides these two; the backslash is an ordinary one.
public struct LikePattern: Sendable, Hashable {
    /// As it is written.
    public let text: String
    /// What takes the meaning from the character behind it.
    public let escape: Unicode.Scalar?
    let parts: [Part]
    /// Where all between is plain: the bytes, and whether anything may stand before and behind them.
    private let plain: Plain?

    private struct Plain: Sendable, Hashable {
        var bytes: [UInt8]
        var isOpenBefore: Bool
        var isOpenBehind: Bool
    }

    enum Part: Sendable, Hashable {
        case anything, oneCharacter
        case byte(UInt8)
    }

    /// A pattern; `nil` where it ends with its escape character.
    public init?(_ text: String, escape: Unicode.Scalar? = nil) {
        self.text = text
        self.escape = escape
        var parts: [Part] = []
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if !isEscaped, scalar == escape {
                isEscaped = true
            } else if !isEscaped, scalar == "%" {
                if parts.last != .anything { parts.append(.anything) }
            } else if !isEscaped, scalar == "_" {
                parts.append(.oneCharacter)
            } else {
                parts += String(scalar).utf8.map { .byte($0) }
                isEscaped = false
            }
        }
        guard !isEscaped else { return nil }
        self.parts = parts
        plain = LikePattern.plain(parts)
    }

    private static func plain(_ parts: [Part]) -> Plain? {
        var inner = parts[...]
        let isOpenBefore = inner.first == .anything
        if isOpenBefore { inner = inner.dropFirst() }
        let isOpenBehind = inner.last == .anything
        if isOpenBehind { inner = inner.dropLast() }
        var bytes: [UInt8] = []
        for part in inner {
            guard case .byte(let byte) = part else { return nil }
            bytes.append(byte)
        }
        // What begins with the second byte of a character is no text; the careful way looks at characters.
        guard let first = bytes.first, first & 0xC0 != 0x80 else { return nil }
        return Plain(bytes: bytes, isOpenBefore: isOpenBefore, isOpenBehind: isOpenBehind)
    }

    private static func holds(_ plain: Plain, _ text: Span<UInt8>) -> Bool {
        let wanted = plain.bytes.span
        let spare = text.count - wanted.count
        guard spare >= 0 else { return false }
        if !plain.isOpenBefore {
            return (plain.isOpenBehind || spare == 0)
                && ByteWords.areEqual(text.extracting(first: wanted.count), wanted)
        }
        if !plain.isOpenBehind { return ByteWords.areEqual(text.extracting(last: wanted.count), wanted) }
        let first = wanted[0]
        for start in 0...spare where text[start] == first {
            if ByteWords.areEqual(text.extracting(start..<start + wanted.count), wanted) { return true }
        }
        return false
    }

    /// Whether a text is as the pattern says. Where it fails behind a `%`, that takes one character more, so the time is
    /// at most the product of both lengths.
    func matches(_ text: Span<UInt8>) -> Bool { plain.map { LikePattern.holds($0, text) } ?? matchesParts(text) }

    /// The same, part by part.
    func matchesParts(_ text: Span<UInt8>) -> Bool {
        var index = 0
        var part = 0
        var retry: (part: Int, index: Int)?
        while true {
            if part < parts.count, parts[part] == .anything {
                part += 1
                retry = (part, index)
                continue
            }
            if index == text.count, part == parts.count { return true }
            if index < text.count, part < parts.count {
                switch parts[part] {
                case .byte(let byte) where text[index] == byte:
                    index += 1
                    part += 1
                    continue
                case .oneCharacter:
                    index = UTF8Text.end(ofCharacterAt: index, in: text)
                    part += 1
                    continue
                case .byte, .anything: break
                }
            }
            guard let again = retry, again.index < text.count else { return false }
            index = UTF8Text.end(ofCharacterAt: again.index, in: text)
            part = again.part
            retry = (part, index)
        }
    }
}
