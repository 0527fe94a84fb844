/// A piece of a page that is safe to stand in it: text that comes in by interpolation is escaped, and only another `HTML`
/// passes unchanged.
///
/// Written with quotes around every attribute and every element closed, so that an XML parser reads a page too. Nothing
/// is ever interpolated into a script or a style: there are no scripts, and the one style sheet is a constant.
public struct HTML: Sendable, Hashable {
    /// The markup.
    public let text: String

    init(markup: String) { text = markup }

    /// No markup.
    static let empty = HTML(markup: "")

    var isEmpty: Bool { text.isEmpty }

    /// The pieces after one another, each on its own line.
    init(lines: [HTML]) { text = lines.lazy.filter { !$0.isEmpty }.map(\.text).joined(separator: "\n") }
}

extension HTML: ExpressibleByStringInterpolation {
    /// Markup written in the source of the program.
    public init(stringLiteral value: String) { text = value }

    /// Markup written in the source of the program, with values escaped.
    public init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// Gathers markup and escaped values.
    public struct Interpolation: StringInterpolationProtocol {
        var text = ""

        /// Makes room.
        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 16)
        }

        /// Markup of the program's own.
        public mutating func appendLiteral(_ literal: String) { text += literal }

        /// Markup that is safe already.
        public mutating func appendInterpolation(_ html: HTML) { text += html.text }

        /// Text: escaped, with everything invisible made visible. Fit for content and for quoted attributes.
        public mutating func appendInterpolation(_ value: String) { HTML.escape(value, into: &text) }

        /// A number, as its digits.
        public mutating func appendInterpolation(_ value: Int) { text += String(value) }

        /// Pieces after one another.
        public mutating func appendInterpolation(each pieces: some Sequence<HTML>) {
            for piece in pieces { text += piece.text }
        }
    }
}

extension HTML {
    /// The text of a value as it may stand in content or between quotes.
    static func escape(_ value: String, into text: inout String) {
        if VisibleText.isPlain(value) {
            text += value
            return
        }
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case ">": text += "&gt;"
            case "\"": text += "&quot;"
            case "'": text += "&apos;"
            default: VisibleText.append(scalar, to: &text)
            }
        }
    }

    /// A relative address: every byte that is not a letter, digit, `-`, `.`, `_`, `~` or `/` is percent-encoded, so no
    /// scheme, query or fragment can come of a file's name.
    static func address(_ path: String) -> HTML {
        let digits = Array("0123456789ABCDEF".unicodeScalars)
        var text = ""
        // A name that begins with a slash would leave the folder (`//host/…` even the machine).
        for byte in path.utf8.drop(while: { $0 == UInt8(ascii: "/") }) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text.append("%")
                text.unicodeScalars.append(digits[Int(byte >> 4)])
                text.unicodeScalars.append(digits[Int(byte & 15)])
            }
        }
        return HTML(markup: text)
    }
}
