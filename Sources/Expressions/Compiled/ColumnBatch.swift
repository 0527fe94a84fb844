/// Some rows, column by column: what a program runs over.
///
/// Only the columns that a program uses need values. The batch is filled, evaluated by any number of programs, emptied
/// and filled again; it keeps its memory.
public struct ColumnBatch: Sendable {
    /// Where a text lies in `bytes`.
    public struct TextExtent: Sendable, Hashable {
        /// The first byte.
        public var start: Int
        /// How many bytes.
        public var count: Int

        /// Some bytes.
        public init(start: Int, count: Int) {
            self.start = start
            self.count = count
        }

        var range: Range<Int> { start..<start + count }
    }

    /// One column: one element for each row in `isNull` and in the array of the column's type.
    public struct Column: Sendable {
        /// Whether there is no value.
        public var isNull: [Bool] = []
        /// Units of a number's last decimal, days since 2000-01-01, or 1 and 0 for true and false; any value where NULL.
        public var numbers: [Int64] = []
        /// Texts; any extent within the bytes where NULL.
        public var texts: [TextExtent] = []

        /// No rows.
        public init() {}
    }

    /// How many rows.
    public var rowCount = 0
    /// The columns, at the positions of the schema.
    public var columns: [Column]
    /// The texts' bytes, UTF-8. Evaluating appends what text functions make and takes it away the next time.
    public internal(set) var bytes: [UInt8] = []
    var inputCount = 0

    /// An empty batch with so many columns.
    public init(columnCount: Int) { columns = Array(repeating: Column(), count: columnCount) }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        rowCount = 0
        inputCount = 0
        bytes.removeAll(keepingCapacity: true)
        for index in columns.indices {
            columns[index].isNull.removeAll(keepingCapacity: true)
            columns[index].numbers.removeAll(keepingCapacity: true)
            columns[index].texts.removeAll(keepingCapacity: true)
        }
    }

    /// Appends a number, day or truth value to a column.
    public mutating func append(_ value: Int64?, to column: Int) {
        columns[column].isNull.append(value == nil)
        columns[column].numbers.append(value ?? 0)
    }

    /// Appends a text to a column.
    public mutating func append(text: Span<UInt8>?, to column: Int) {
        dropResults()
        columns[column].isNull.append(text == nil)
        columns[column].texts.append(TextExtent(start: bytes.count, count: text?.count ?? 0))
        if let text {
            unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        }
        inputCount = bytes.count
    }

    /// Appends a text that lies in the bytes that `setBytes` gave or `copyBytes` copied.
    public mutating func append(extent: TextExtent?, to column: Int) {
        columns[column].isNull.append(extent == nil)
        columns[column].texts.append(extent ?? TextExtent(start: 0, count: 0))
    }

    /// Appends so many numbers, days or truth values to a column.
    public mutating func append(numbers count: Int, to column: Int, _ value: (Int) -> Int64?) {
        var target = Column()
        swap(&target, &columns[column])
        target.isNull.reserveCapacity(target.isNull.count + count)
        target.numbers.reserveCapacity(target.numbers.count + count)
        for index in 0..<count {
            let value = value(index)
            target.isNull.append(value == nil)
            target.numbers.append(value ?? 0)
        }
        swap(&target, &columns[column])
    }

    /// Appends so many texts to a column, each copied from where it lies in others' bytes.
    public mutating func append(
        texts count: Int, to column: Int, from source: Span<UInt8>, _ range: (Int) -> Range<Int>?
    ) {
        dropResults()
        var target = Column()
        swap(&target, &columns[column])
        target.isNull.reserveCapacity(target.isNull.count + count)
        target.texts.reserveCapacity(target.texts.count + count)
        for index in 0..<count {
            let range = range(index)
            target.isNull.append(range == nil)
            target.texts.append(TextExtent(start: bytes.count, count: range?.count ?? 0))
            guard let range else { continue }
            unsafe source.extracting(range).withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        }
        swap(&target, &columns[column])
        inputCount = bytes.count
    }

    /// Appends so many rows to a column, where some have one and the same text and others none.
    public mutating func append(texts count: Int, to column: Int, all text: String, where isThere: (Int) -> Bool) {
        dropResults()
        let extent = TextExtent(start: bytes.count, count: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
        inputCount = bytes.count
        for index in 0..<count {
            let isThere = isThere(index)
            columns[column].isNull.append(!isThere)
            columns[column].texts.append(isThere ? extent : TextExtent(start: 0, count: 0))
        }
    }

    /// The same value in a column for so many rows.
    public mutating func append(repeating value: Int64?, count: Int, to column: Int) {
        columns[column].isNull.append(contentsOf: repeatElement(value == nil, count: count))
        columns[column].numbers.append(contentsOf: repeatElement(value ?? 0, count: count))
    }

    /// The same text in a column for so many rows.
    public mutating func append(repeating text: String?, count: Int, to column: Int) {
        dropResults()
        let extent = TextExtent(start: bytes.count, count: text?.utf8.count ?? 0)
        if let text { bytes.append(contentsOf: text.utf8) }
        inputCount = bytes.count
        columns[column].isNull.append(contentsOf: repeatElement(text == nil, count: count))
        columns[column].texts.append(contentsOf: repeatElement(extent, count: count))
    }

    /// Copies bytes that extents of text columns point into, before any text is appended.
    public mutating func copyBytes(_ newBytes: [UInt8]) {
        bytes.removeAll(keepingCapacity: true)
        bytes.append(contentsOf: newBytes)
        inputCount = bytes.count
    }

    /// Takes a buffer of bytes that extents of text columns point into, instead of the one it has.
    public mutating func setBytes(_ newBytes: [UInt8]) {
        bytes = newBytes
        inputCount = newBytes.count
    }

    /// Forgets what the last program made.
    mutating func dropResults() { bytes.removeLast(bytes.count - inputCount) }
}
