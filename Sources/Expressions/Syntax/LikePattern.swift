/// A pattern of LIKE: `%` any text, `_` any one character, the rest itself.
///
/// Without ESCAPE no character has a special meaning besides these two; the backslash is an ordinary one.
public struct LikePattern: Sendable, Hashable {
    /// As it is written.
    public let text: String
    /// What takes the meaning from the character behind it.
    public let escape: Unicode.Scalar?
    let parts: [Part]

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
    }

    /// Whether a text is as the pattern says. Where it fails behind a `%`, that takes one character more, so the time is
    /// at most the product of both lengths.
    func matches(_ text: Span<UInt8>) -> Bool {
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
