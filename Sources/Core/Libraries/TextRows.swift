/// Rows of short texts as one run of bytes: a byte of length before a text, one or two bytes for a text that came before,
/// nothing for empty cells at the end of a row. An empty text is no text.
///
/// Half a million entries of a library are held beside everything else, so a cell must not cost more than what it says.
public struct TextRows: Sendable, Hashable {
    /// How many cells a row has.
    public let columnCount: Int
    /// How many rows there are.
    public var count: Int { starts.count }
    /// The rows, and in them the bytes of all texts, UTF-8.
    public private(set) var bytes: [UInt8] = []
    /// Where each row begins.
    private var starts: [UInt32] = []
    private var repeated = RepeatedTexts()
    /// Of the row that is being added: where it begins, its cells so far, and how many of them at the end are empty.
    private var open = 0
    private var openCells = 0
    private var openBlanks = 0
    /// Rows that are expected.
    private var expected = 0

    /// What stands before a cell's bytes, or instead of them.
    private enum Mark {
        static let blank: UInt8 = 0
        /// A text of so many bytes at most is said to be by its mark.
        static let longest = 0x7F
        /// The first of the marks that are numbers of texts that came before.
        static let near: UInt8 = 0x80
        static let nearCount = 0x40
        /// The first of those that take one more byte.
        static let far: UInt8 = 0xC0
        static let farCount = 0x3F << 8
        /// Four bytes of length follow.
        static let long: UInt8 = 0xFF
    }

    /// No rows.
    public init(columnCount: Int) { self.columnCount = columnCount }

    /// Makes room for so many rows in all, so that no array has to be moved when it is large.
    public mutating func reserve(rows: Int) {
        expected = rows
        starts.reserveCapacity(rows)
    }

    /// Adds a row; what would not fit into four gigabytes is left out.
    public mutating func append(_ texts: [String?]) {
        precondition(texts.count == columnCount, "a cell for each column")
        for text in texts { append(text) }
        endRow()
    }

    /// Adds a row of others with as many columns, as it stands there.
    public mutating func append(row: Int, of others: TextRows) {
        precondition(others.columnCount == columnCount, "rows of one kind")
        var cursor = others.cursor(row)
        for _ in 0..<columnCount { append(others.bytes.span.extracting(others.next(&cursor) ?? 0..<0)) }
        endRow()
    }

    /// Adds a cell to the row at hand.
    public mutating func append(_ text: String?) {
        guard let text else { return append(Span()) }
        append(text.utf8.span)
    }

    /// Adds a cell to the row at hand; without bytes there is no text.
    public mutating func append(_ text: Span<UInt8>) {
        precondition(openCells < columnCount, "no more cells than columns")
        openCells += 1
        guard !text.isEmpty, bytes.count + openBlanks + text.count + 5 <= Int(UInt32.max) else {
            openBlanks += 1
            return
        }
        while openBlanks > 0 {
            bytes.append(Mark.blank)
            openBlanks -= 1
        }
        let numbers = Mark.nearCount + Mark.farCount
        let here = bytes.count + (text.count <= Mark.longest ? 1 : 5)
        if let number = repeated.number(of: text, in: bytes, here: here, atMost: numbers) {
            if number < Mark.nearCount {
                bytes.append(Mark.near + UInt8(number))
            } else {
                let far = number - Mark.nearCount
                bytes.append(Mark.far + UInt8(far >> 8))
                bytes.append(UInt8(far & 0xFF))
            }
            return
        }
        if text.count <= Mark.longest {
            bytes.append(UInt8(text.count))
        } else {
            bytes.append(Mark.long)
            for shift in [0, 8, 16, 24] { bytes.append(UInt8(truncatingIfNeeded: text.count >> shift)) }
        }
        // The bytes are read here and nowhere kept.
        unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Ends the row at hand; cells that it does not have are empty.
    public mutating func endRow() {
        starts.append(UInt32(open))
        open = bytes.count
        openCells = 0
        openBlanks = 0
        // What the first rows took says what the rest will take.
        if count == TextRows.sample, expected > count {
            bytes.reserveCapacity(bytes.count / count * expected / 16 * 17)
        }
    }

    private static let sample = 2_000

    // MARK: Reading

    /// The next cell of a row, and where the row ends.
    private struct Cursor {
        var at: Int
        var end: Int
    }

    private func cursor(_ row: Int) -> Cursor {
        Cursor(at: Int(starts[row]), end: row + 1 < starts.count ? Int(starts[row + 1]) : open)
    }

    /// Where the text of the next cell lies; `nil` where there is none.
    private func next(_ cursor: inout Cursor) -> Range<Int>? {
        guard cursor.at < cursor.end else { return nil }
        let mark = bytes[cursor.at]
        cursor.at += 1
        if mark < Mark.near {
            let start = cursor.at
            cursor.at += Int(mark)
            return mark == Mark.blank ? nil : start..<cursor.at
        }
        if mark < Mark.far { return repeated.range(Int(mark - Mark.near)) }
        if mark < Mark.long {
            let number = Mark.nearCount + Int(mark - Mark.far) << 8 + Int(bytes[cursor.at])
            cursor.at += 1
            return repeated.range(number)
        }
        var size = 0
        for index in 0..<4 { size |= Int(bytes[cursor.at + index]) << (8 * index) }
        let start = cursor.at + 4
        cursor.at = start + size
        return start..<cursor.at
    }

    /// Where a cell lies in `bytes`; `nil` where there is nothing in it.
    public func range(row: Int, column: Int) -> Range<Int>? {
        var cursor = cursor(row)
        for _ in 0..<column { skip(&cursor) }
        return next(&cursor)
    }

    private func skip(_ cursor: inout Cursor) {
        guard cursor.at < cursor.end else { return }
        let mark = bytes[cursor.at]
        if mark < Mark.near {
            cursor.at += 1 + Int(mark)
        } else if mark < Mark.far {
            cursor.at += 1
        } else if mark < Mark.long {
            cursor.at += 2
        } else {
            _ = next(&cursor)
        }
    }

    /// How far a row was read.
    public struct Place: Sendable {
        /// Where the next cell begins.
        fileprivate var at: UInt32 = 0
        /// Which one that is; none yet.
        fileprivate var column = Int32.max

        /// Not read yet.
        public init() {}
    }

    /// Where a cell lies in `bytes`, found from where the row was last read where that is not behind it.
    public func range(row: Int, column: Int, from place: inout Place) -> Range<Int>? {
        var cursor = cursor(row)
        var next = 0
        if place.column <= column { (cursor.at, next) = (Int(place.at), Int(place.column)) }
        for _ in next..<column { skip(&cursor) }
        (place.at, place.column) = (UInt32(cursor.at), Int32(column))
        return self.next(&cursor)
    }

    /// A cell as a string.
    public func string(row: Int, column: Int) -> String? {
        range(row: row, column: column).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
}

/// Texts that came more than once, by numbers, and those of which that may still turn out.
///
/// Beside every text stands a part of its hash: the text itself lies somewhere else in memory, and is looked at only where
/// it is likely to be the same.
private struct RepeatedTexts: Sendable, Hashable {
    private struct Slot: Sendable, Hashable, BitwiseCopyable {
        /// One more than the number of a text; 0 where there is none.
        var number: UInt16 = 0
        var mark: UInt16 = 0
    }

    private struct Recent: Sendable, Hashable, BitwiseCopyable {
        var start: UInt32 = 0
        var count: UInt32 = 0
        var mark: UInt16 = 0

        var range: Range<Int> { Int(start)..<Int(start) + Int(count) }
    }

    private var ranges: [Range<UInt32>] = []
    /// At a place that a text's hash says.
    private var slots = [Slot](repeating: Slot(), count: 64)
    /// Texts that came lately, each at a place that its hash says.
    private var recent = [Recent](repeating: Recent(), count: RepeatedTexts.recentCount)
    private static let recentCount = 4_096

    func range(_ number: Int) -> Range<Int> { Int(ranges[number].lowerBound)..<Int(ranges[number].upperBound) }

    /// The number of a text that came before; `nil` where it is to be written down `here`.
    mutating func number(of text: Span<UInt8>, in bytes: [UInt8], here: Int, atMost limit: Int) -> Int? {
        let hash = RepeatedTexts.hash(text)
        let place = place(of: text, hash, in: bytes)
        if slots[place].number > 0 { return Int(slots[place].number) - 1 }
        let memory = Int(truncatingIfNeeded: hash >> 32) % RepeatedTexts.recentCount
        let before = recent[memory]
        let mark = RepeatedTexts.mark(hash)
        guard ranges.count < limit, before.mark == mark, before.count == text.count,
            ByteWords.areEqual(bytes.span.extracting(before.range), text)
        else {
            recent[memory] = Recent(start: UInt32(here), count: UInt32(text.count), mark: mark)
            return nil
        }
        ranges.append(before.start..<before.start + before.count)
        slots[place] = Slot(number: UInt16(ranges.count), mark: mark)
        if ranges.count * 4 > slots.count * 3 { grow(bytes) }
        return ranges.count - 1
    }

    private static func hash(_ text: Span<UInt8>) -> UInt64 {
        var hash = ByteHash()
        hash.add(text)
        return hash.value
    }

    private static func mark(_ hash: UInt64) -> UInt16 { UInt16(truncatingIfNeeded: hash >> 48) }

    /// Where the number of a text stands, or would.
    private func place(of text: Span<UInt8>, _ hash: UInt64, in bytes: [UInt8]) -> Int {
        let mask = slots.count - 1
        let mark = RepeatedTexts.mark(hash)
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place].number > 0 {
            if slots[place].mark == mark,
                ByteWords.areEqual(bytes.span.extracting(range(Int(slots[place].number) - 1)), text)
            {
                return place
            }
            place = (place + 1) & mask
        }
        return place
    }

    private mutating func grow(_ bytes: [UInt8]) {
        slots = Array(repeating: Slot(), count: slots.count * 2)
        let mask = slots.count - 1
        for number in ranges.indices {
            let hash = RepeatedTexts.hash(bytes.span.extracting(range(number)))
            var place = Int(truncatingIfNeeded: hash) & mask
            while slots[place].number > 0 { place = (place + 1) & mask }
            slots[place] = Slot(number: UInt16(number + 1), mark: RepeatedTexts.mark(hash))
        }
    }
}
