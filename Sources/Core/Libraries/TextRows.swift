/// Rows of short texts: four bytes for a cell, and the bytes of each text once as long as it comes again soon. An empty text
/// is no text.
public struct TextRows: Sendable, Hashable {
    /// How many cells a row has.
    public let columnCount: Int
    /// How many rows there are.
    public private(set) var count = 0
    /// The bytes of all texts, UTF-8.
    public private(set) var bytes: [UInt8] = []
    /// Where each text ends.
    private var ends: [UInt32] = []
    /// The text of each cell, from 1; 0 for none.
    private var cells: [UInt32] = []
    /// Texts that came lately, each at a place that its bytes say.
    private var recent = [UInt32](repeating: 0, count: TextRows.recentCount)
    private static let recentCount = 4_096
    /// Rows and bytes that are expected.
    private var expected = 0

    /// No rows.
    public init(columnCount: Int) { self.columnCount = columnCount }

    /// Makes room for so many rows in all, so that no array has to be moved when it is large.
    public mutating func reserve(rows: Int) {
        expected = rows
        cells.reserveCapacity(rows * columnCount)
    }

    /// Adds a row; what would not fit into four gigabytes is left out.
    public mutating func append(_ texts: [String?]) {
        precondition(texts.count == columnCount, "a cell for each column")
        for text in texts { cells.append(text.map { number(of: $0.utf8) } ?? 0) }
        endRow()
    }

    /// Adds a row of others with as many columns, as it stands there.
    public mutating func append(row: Int, of others: TextRows) {
        precondition(others.columnCount == columnCount, "rows of one kind")
        for column in 0..<columnCount {
            cells.append(others.range(row: row, column: column).map { number(of: others.bytes[$0]) } ?? 0)
        }
        endRow()
    }

    private mutating func endRow() {
        count += 1
        // What the first rows took says what the rest will take.
        if count == TextRows.sample, expected > count {
            bytes.reserveCapacity(bytes.count / count * expected / 16 * 17)
            ends.reserveCapacity(ends.count * (expected / count + 1))
        }
    }

    private static let sample = 2_000

    private mutating func number(of text: some Collection<UInt8>) -> UInt32 {
        let size = text.count
        guard size > 0, bytes.count + size <= Int(UInt32.max) else { return 0 }
        // FNV-1a: which place a text has must not depend on the process.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let place = Int(truncatingIfNeeded: (hash ^ hash >> 32) % UInt64(TextRows.recentCount))
        if recent[place] > 0 {
            let range = range(of: recent[place])
            if range.count == size, bytes[range].elementsEqual(text) { return recent[place] }
        }
        bytes.append(contentsOf: text)
        ends.append(UInt32(bytes.count))
        recent[place] = UInt32(ends.count)
        return recent[place]
    }

    private func range(of number: UInt32) -> Range<Int> {
        let place = Int(number) - 1
        return (place == 0 ? 0 : Int(ends[place - 1]))..<Int(ends[place])
    }

    /// Where a cell lies in `bytes`; `nil` where there is nothing in it.
    public func range(row: Int, column: Int) -> Range<Int>? {
        let number = cells[row * columnCount + column]
        return number == 0 ? nil : range(of: number)
    }

    /// A cell as a string.
    public func string(row: Int, column: Int) -> String? {
        range(row: row, column: column).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
}
