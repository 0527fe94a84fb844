/// Something that stands in an XML file. Names and text are in the parser: `names` and `text`.
public struct MarkupEvent: Sendable, Hashable {
    /// What it is.
    public enum Kind: UInt8, Sendable, Hashable {
        /// A start tag; its attributes follow as events of their own.
        case start
        /// One attribute of the start tag before it; the text is its value.
        case attribute
        /// A run of character data.
        case text
        /// An end tag, also of an empty element.
        case end
    }

    /// What it is.
    public var kind: Kind
    /// How many elements are open around it, its own included; the root has 1.
    public var depth: Int32
    /// The name of the element or attribute, in `MarkupParser.names`; -1 for text.
    public var name: Int32
    /// Where its text starts in `MarkupParser.text`.
    public var textStart: Int32
    /// How many bytes of text it has.
    public var textCount: Int32
    /// The physical line of a start tag, from 1; 0 for everything else, and below the depth that lines are told for.
    public var line: Int
    /// Where it starts in the file for a start tag; the byte behind it for an end tag; 0 for everything else.
    public var byteOffset: Int

    /// The bytes of its text, as a range of `MarkupParser.text`.
    public var textRange: Range<Int> { Int(textStart)..<Int(textStart) + Int(textCount) }
}

/// Why the reading of an XML file stopped, and where.
public struct MarkupFailure: Error, Sendable, Hashable {
    /// Why.
    public enum Reason: Sendable, Hashable {
        /// It is no well-formed XML: what expat says, in English.
        case notWellFormed(String)
        /// It declares a document type. Nothing of the declaration was read, so no entity was ever declared.
        case documentType
        /// Elements stand deeper in one another than allowed.
        case tooDeep(limit: Int)
        /// A tag, comment or instruction has more bytes than allowed.
        case tooLong(limit: Int)
        /// There are more different names of elements and attributes than allowed.
        case tooManyNames(limit: Int)
    }

    /// Why.
    public var reason: Reason
    /// The physical line, from 1.
    public var line: Int
    /// The column, from 1, in bytes of UTF-8 or units of UTF-16.
    public var column: Int
    /// The offset from the start of the file.
    public var byteOffset: Int
}

/// How much is read before an XML file is refused.
public struct MarkupLimits: Sendable, Hashable {
    /// Elements inside elements.
    public var depth = 64
    /// Bytes of one tag, comment or instruction.
    public var tokenBytes = 1 << 20
    /// Different names of elements and attributes; expat itself keeps every one of them until the end.
    public var names = 4_096
    /// Bytes of one name.
    public var nameBytes = 1_024
    /// The depth down to which start tags are told their line: looking it up costs a second look at the bytes.
    public var lineDepth = Int.max

    /// The defaults.
    public init() {}
}
