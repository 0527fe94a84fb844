/// A JSON value whose members keep the order in which they were written, so that the same report is the same bytes.
public enum JSON: Sendable, Hashable {
    /// One member of an object.
    public struct Member: Sendable, Hashable {
        let name: String
        let value: JSON

        /// A member.
        public init(_ name: String, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    case null
    case boolean(Bool)
    case integer(Int)
    /// A number written out, `0.125`.
    case decimal(String)
    case string(String)
    case array([JSON])
    case object([Member])

    /// A string, or null.
    static func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }

    /// A whole number, or null.
    static func whole(_ value: Int?) -> JSON { value.map(JSON.integer) ?? .null }

    /// Seconds to the millisecond.
    static func seconds(_ value: Double) -> JSON { .decimal(NumberText.fixed(value, decimals: 3)) }

    /// UTF-8 text, two blanks for each level, with a line end at its end.
    public var bytes: [UInt8] {
        var text: [UInt8] = []
        write(to: &text, indent: 0)
        text.append(10)
        return text
    }

    private func write(to text: inout [UInt8], indent: Int) {
        switch self {
        case .null: text.append(contentsOf: "null".utf8)
        case .boolean(let value): text.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): text.append(contentsOf: String(value).utf8)
        case .decimal(let digits): text.append(contentsOf: digits.utf8)
        case .string(let value): JSON.quote(value, into: &text)
        case .array(let values):
            text.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                JSON.startLine(indent + 1, &text)
                value.write(to: &text, indent: indent + 1)
            }
            if !values.isEmpty { JSON.startLine(indent, &text) }
            text.append(UInt8(ascii: "]"))
        case .object(let members):
            text.append(UInt8(ascii: "{"))
            for (index, member) in members.enumerated() {
                if index > 0 { text.append(UInt8(ascii: ",")) }
                JSON.startLine(indent + 1, &text)
                JSON.quote(member.name, into: &text)
                text.append(UInt8(ascii: ":"))
                text.append(UInt8(ascii: " "))
                member.value.write(to: &text, indent: indent + 1)
            }
            if !members.isEmpty { JSON.startLine(indent, &text) }
            text.append(UInt8(ascii: "}"))
        }
    }

    /// A line end and the blanks before what stands as deep as anything does.
    private static let lineStart: [UInt8] = [10] + [UInt8](repeating: 0x20, count: 64)

    private static func startLine(_ indent: Int, _ text: inout [UInt8]) {
        guard 2 * indent < lineStart.count else {
            text.append(10)
            text.append(contentsOf: repeatElement(0x20, count: 2 * indent))
            return
        }
        text.append(contentsOf: lineStart[...(2 * indent)])
    }

    private static func quote(_ value: String, into text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        if VisibleText.isPlain(value) {
            text.append(contentsOf: value.utf8)
        } else {
            escape(value.utf8.span, into: &text)
        }
        text.append(UInt8(ascii: "\""))
    }

    /// Control and bidirectional characters would be invisible in a viewer; `<` would end a script that somebody puts the
    /// text into.
    private static func escape(_ value: Span<UInt8>, into text: inout [UInt8]) {
        var index = 0
        while index < value.count {
            let byte = value[index]
            guard byte < 0x80 else {
                index = escape(characterAt: index, in: value, into: &text)
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): text.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): text.append(contentsOf: "\\\\".utf8)
            case 10: text.append(contentsOf: "\\n".utf8)
            case 13: text.append(contentsOf: "\\r".utf8)
            case 9: text.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F, UInt8(ascii: "<"): append(number: UInt32(byte), to: &text)
            default: text.append(byte)
            }
            index += 1
        }
    }

    /// A character beyond ASCII; gives where the next begins.
    private static func escape(characterAt start: Int, in value: Span<UInt8>, into text: inout [UInt8]) -> Int {
        let first = value[start]
        let length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
        var scalar = UInt32(first) & (0xFF >> UInt32(length + 1))
        for index in start + 1..<start + length { scalar = scalar << 6 | UInt32(value[index] & 0x3F) }
        if scalar > 0xFFFF || !VisibleText.isHidden(scalar) {
            for index in start..<start + length { text.append(value[index]) }
        } else {
            append(number: scalar, to: &text)
        }
        return start + length
    }

    private static func append(number: UInt32, to text: inout [UInt8]) {
        let digits = String(number, radix: 16)
        text.append(contentsOf: "\\u".utf8)
        text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
        text.append(contentsOf: digits.utf8)
    }
}
