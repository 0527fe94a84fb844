/// Where the fields of one record lie. Nothing is copied; one value is reused for all records of a file.
public struct FieldRanges: Sendable {
    /// How a field was written.
    public enum Form: UInt8, Sendable {
        /// As it is.
        case plain
        /// In quotes that are not part of the range; nothing inside needs to be undone.
        case quoted
        /// In quotes that are not part of the range; quotes inside are doubled or escaped.
        case quotedWithEscapes
        /// Without quotes, with escaped bytes inside.
        case plainWithEscapes
        /// Quoted, with text behind the closing quote: the range is the whole field, quotes and all.
        case textAfterQuote
    }

    /// One field.
    public struct Field: Sendable, Hashable {
        /// The offset of its first byte.
        public var start: Int32
        /// The offset behind its last byte.
        public var end: Int32
        /// How it was written.
        public var form: Form

        /// As a range of offsets.
        public var range: Range<Int> { Int(start)..<Int(end) }
    }

    /// The fields, at most `limit` of them.
    public private(set) var fields: [Field] = []
    /// How many fields the record has, kept or not.
    public private(set) var count = 0
    /// Whether all fields are as they are or in quotes, with nothing inside to undo.
    private(set) var isVerbatim = true
    /// The most fields that are kept.
    public let limit: Int

    /// No fields.
    public init(limit: Int = 1_000) { self.limit = limit }

    /// Whether the record has more fields than are kept.
    public var isOverLimit: Bool { count > limit }

    @inline(__always)
    mutating func removeAll() {
        fields.removeAll(keepingCapacity: true)
        count = 0
        isVerbatim = true
    }

    @inline(__always)
    mutating func append(_ start: Int, _ end: Int, _ form: Form) {
        count += 1
        if form != .plain, form != .quoted { isVerbatim = false }
        guard count <= limit else { return }
        fields.append(Field(start: Int32(truncatingIfNeeded: start), end: Int32(truncatingIfNeeded: end), form: form))
    }

    /// The field at a position; an empty one behind the last.
    @inline(__always)
    public subscript(position: Int) -> Field {
        position < fields.count ? fields[position] : Field(start: 0, end: 0, form: .plain)
    }
}
