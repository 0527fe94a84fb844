/// A JSON value whose members keep the order in which they were written, so that the same report is the same bytes.
public indirect enum JSON: Sendable, Hashable {
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
        var text = ""
        write(to: &text, indent: 0)
        text += "\n"
        return Array(text.utf8)
    }

    private func write(to text: inout String, indent: Int) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .decimal(let digits): text += digits
        case .string(let value): JSON.quote(value, into: &text)
        case .array(let values):
            JSON.writeBlock("[", "]", values, to: &text, indent: indent) { value, text, indent in
                value.write(to: &text, indent: indent)
            }
        case .object(let members):
            JSON.writeBlock("{", "}", members, to: &text, indent: indent) { member, text, indent in
                JSON.quote(member.name, into: &text)
                text += ": "
                member.value.write(to: &text, indent: indent)
            }
        }
    }

    private static func writeBlock<Element>(
        _ open: String, _ close: String, _ elements: [Element], to text: inout String, indent: Int,
        _ write: (Element, inout String, Int) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            text += index == 0 ? "\n" : ",\n"
            text += String(repeating: "  ", count: indent + 1)
            write(element, &text, indent + 1)
        }
        if !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        if VisibleText.isPlain(value) {
            text += value
            text += "\""
            return
        }
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
        text += "\""
    }
}
