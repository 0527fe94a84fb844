/// Rows of short texts in two flat arrays: four bytes for a cell and the bytes themselves. An empty text is no text.
public struct TextRows: Sendable, Hashable {
    /// How many cells a row has.
    public let columnCount: Int
    /// How many rows there are.
    public private(set) var count = 0
    /// The bytes of all texts, UTF-8.
    public private(set) var bytes: [UInt8] = []
    /// Where each cell ends.
    private var ends: [UInt32] = []

    /// No rows.
    public init(columnCount: Int) { self.columnCount = columnCount }

    /// Adds a row; what would not fit into four gigabytes is left out.
    public mutating func append(_ cells: [String?]) {
        precondition(cells.count == columnCount, "a cell for each column")
        for cell in cells {
            if let cell, bytes.count + cell.utf8.count <= Int(UInt32.max) { bytes.append(contentsOf: cell.utf8) }
            ends.append(UInt32(bytes.count))
        }
        count += 1
    }

    /// Adds a row of others with as many columns, as it stands there.
    public mutating func append(row: Int, of others: TextRows) {
        precondition(others.columnCount == columnCount, "rows of one kind")
        for column in 0..<columnCount {
            if let range = others.range(row: row, column: column), bytes.count + range.count <= Int(UInt32.max) {
                bytes.append(contentsOf: others.bytes[range])
            }
            ends.append(UInt32(bytes.count))
        }
        count += 1
    }

    /// Where a cell lies in `bytes`; `nil` where there is nothing in it.
    public func range(row: Int, column: Int) -> Range<Int>? {
        let index = row * columnCount + column
        let start = index == 0 ? 0 : Int(ends[index - 1])
        return start == Int(ends[index]) ? nil : start..<Int(ends[index])
    }

    /// A cell as a string.
    public func string(row: Int, column: Int) -> String? {
        range(row: row, column: column).map { String(decoding: bytes[$0], as: UTF8.self) }
    }
}
