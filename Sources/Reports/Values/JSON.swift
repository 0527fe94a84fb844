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
            JSON.writeBlock("[", "]", values, to: &text, indent: indent) { value, text, indent in
                value.write(to: &text, indent: indent)
            }
        case .object(let members):
            JSON.writeBlock("{", "}", members, to: &text, indent: indent) { member, text, indent in
                JSON.quote(member.name, into: &text)
                text.append(UInt8(ascii: ":"))
                text.append(UInt8(ascii: " "))
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func writeBlock<Element>(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ elements: [Element], to text: inout [UInt8], indent: Int,
        _ write: (Element, inout [UInt8], Int) -> Void
    ) {
        func startLine(_ indent: Int) {
            text.append(10)
            text.append(contentsOf: repeatElement(0x20, count: 2 * indent))
        }
        text.append(UInt8(ascii: open))
        for (index, element) in elements.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            startLine(indent + 1)
            write(element, &text, indent + 1)
        }
        if !elements.isEmpty { startLine(indent) }
        text.append(UInt8(ascii: close))
    }

    private static func quote(_ value: String, into text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        if VisibleText.isPlain(value) {
            text.append(contentsOf: value.utf8)
        } else {
            text.append(contentsOf: escaped(value).utf8)
        }
        text.append(UInt8(ascii: "\""))
    }

    private static func escaped(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                // Control and bidirectional characters would be invisible in a viewer; `<` would end a script that
                // somebody puts the text into.
                let isPlain = scalar != "<" && scalar.value >= 0x20 && scalar.value != 0x7F
                if isPlain, scalar.value > 0xFFFF || !VisibleText.isHidden(scalar.value) {
                    text.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        return text
    }
}
