/// Finds rows by the text of their first cell: five bytes for each of its slots, and the text itself says whether it is
/// the one. Of rows with the same text it finds the first that was added.
///
/// A byte of each row's hash stands beside its number: the texts lie scattered in memory, and hardly one is looked at that is
/// not the one.
public struct TextIndex: Sendable {
    /// One more than a row; 0 where empty.
    private var slots: [UInt32]
    /// Of the row in the same place.
    private var marks: [UInt8]
    private var count = 0

    /// Nothing in it, with room for so many rows.
    public init(expecting rows: Int = 0) {
        var size = 16
        while size * 3 < rows * 4 { size *= 2 }
        slots = Array(repeating: 0, count: size)
        marks = Array(repeating: 0, count: size)
    }

    /// All rows there are.
    public init(_ rows: TextRows) {
        self.init(expecting: rows.count)
        for row in 0..<rows.count { insert(row, of: rows) }
    }

    /// The row with a text.
    public func row(of text: Span<UInt8>, in rows: TextRows) -> Int? {
        let slot = slots[place(of: text, TextIndex.hash(text), in: rows)]
        return slot == 0 ? nil : Int(slot) - 1
    }

    /// Adds a row, unless there is one with its text; says whether there was none.
    @discardableResult public mutating func insert(_ row: Int, of rows: TextRows) -> Bool {
        let text = rows.range(row: row, column: 0) ?? 0..<0
        let hash = TextIndex.hash(rows.bytes.span.extracting(text))
        let place = place(of: rows.bytes.span.extracting(text), hash, in: rows)
        guard slots[place] == 0 else { return false }
        slots[place] = UInt32(row + 1)
        marks[place] = TextIndex.mark(hash)
        count += 1
        if count * 4 > slots.count * 3 { grow(rows) }
        return true
    }

    /// Where the row with a text stands, or would.
    private func place(of text: Span<UInt8>, _ hash: UInt64, in rows: TextRows) -> Int {
        let mask = slots.count - 1
        let mark = TextIndex.mark(hash)
        var place = Int(truncatingIfNeeded: hash) & mask
        while slots[place] != 0 {
            if marks[place] == mark {
                let other = rows.range(row: Int(slots[place]) - 1, column: 0) ?? 0..<0
                if ByteWords.areEqual(rows.bytes.span.extracting(other), text) { return place }
            }
            place = (place + 1) & mask
        }
        return place
    }

    private static func hash(_ text: Span<UInt8>) -> UInt64 {
        var hash = ByteHash()
        hash.add(text)
        return hash.value
    }

    /// Of the other end of the hash than the place.
    private static func mark(_ hash: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: hash >> 56) }

    private mutating func grow(_ rows: TextRows) {
        let before = slots
        slots = Array(repeating: 0, count: before.count * 2)
        marks = Array(repeating: 0, count: before.count * 2)
        let mask = slots.count - 1
        for slot in before where slot != 0 {
            let range = rows.range(row: Int(slot) - 1, column: 0) ?? 0..<0
            let hash = TextIndex.hash(rows.bytes.span.extracting(range))
            var place = Int(truncatingIfNeeded: hash) & mask
            while slots[place] != 0 { place = (place + 1) & mask }
            slots[place] = slot
            marks[place] = TextIndex.mark(hash)
        }
    }
}
