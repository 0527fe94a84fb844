/// How a delimited text is written: what stands between fields, around them, and at the end of a record.
public struct Dialect: Sendable, Hashable {
    /// The bytes between two fields, mostly one.
    public var delimiter: [UInt8]
    /// The byte around fields that hold a delimiter, a line end or the quote itself; `nil` where no byte has that meaning.
    public var quote: UInt8?
    /// The byte that takes the next one's meaning away. `nil` for the usual way: a quote inside quotes is doubled.
    public var escape: UInt8?
    /// Whether a carriage return alone ends a record. Else it is a part of its cell, and only LF and CR LF end one.
    public var endsAtCarriageReturn: Bool

    /// A dialect; without arguments RFC 4180.
    public init(
        delimiter: String = ",", quote: Character? = "\"", escape: Character? = nil, endsAtCarriageReturn: Bool = false
    ) {
        self.delimiter = delimiter.isEmpty ? [UInt8(ascii: ",")] : Array(delimiter.utf8)
        self.quote = quote?.asciiValue
        self.escape = escape?.asciiValue
        self.endsAtCarriageReturn = endsAtCarriageReturn
    }

    /// The delimiter as text.
    public var delimiterText: String { String(decoding: delimiter, as: UTF8.self) }
    /// The quote as text.
    public var quoteText: String? { quote.map { String(UnicodeScalar($0)) } }
    /// The escape as text.
    public var escapeText: String? { escape.map { String(UnicodeScalar($0)) } }

    /// Whether a byte with a meaning can also be the second or fourth byte of a GB18030 character.
    func isAmbiguous(in encoding: TextEncoding) -> Bool {
        guard encoding == .gb18030 else { return false }
        return delimiter.contains { $0 >= 0x30 } || (quote ?? 0) >= 0x30 || (escape ?? 0) >= 0x30
    }
}
