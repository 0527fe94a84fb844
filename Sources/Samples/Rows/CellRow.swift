/// One row as cells over one buffer of UTF-8: filled, written, cleared and filled again.
struct CellRow {
    /// All cells, one behind the other.
    private(set) var bytes: [UInt8] = []
    /// Where each cell ends.
    private(set) var ends: [Int] = []

    /// How many cells there are.
    var count: Int { ends.count }

    /// Where a cell lies in `bytes`.
    func range(of cell: Int) -> Range<Int> { (cell == 0 ? 0 : ends[cell - 1])..<ends[cell] }

    /// A cell as text.
    func string(_ cell: Int) -> String { String(decoding: bytes[range(of: cell)], as: UTF8.self) }

    /// Forgets the cells and keeps the memory.
    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// One more cell with the bytes of a text.
    mutating func add(_ text: [UInt8]) {
        bytes.append(contentsOf: text)
        ends.append(bytes.count)
    }

    /// One more cell with a text.
    mutating func add(_ text: String) {
        bytes.append(contentsOf: text.utf8)
        ends.append(bytes.count)
    }

    /// One more cell that is empty.
    mutating func addBlank() { ends.append(bytes.count) }

    /// One more cell with a number kept in units of its last decimal: 123450 with 2 decimals is `1234.50`.
    mutating func add(_ units: Int, decimals: Int) {
        var divisor = 1
        for _ in 0..<decimals { divisor *= 10 }
        appendDigits(units / divisor, atLeast: 1)
        if decimals > 0 {
            bytes.append(UInt8(ascii: "."))
            appendDigits(units % divisor, atLeast: decimals)
        }
        ends.append(bytes.count)
    }

    /// One more cell with a quantity kept in halves: 25 is `12.5`, 24 is `12`.
    mutating func add(halves: Int) {
        appendDigits(halves / 2, atLeast: 1)
        if halves % 2 == 1 {
            bytes.append(UInt8(ascii: "."))
            bytes.append(UInt8(ascii: "5"))
        }
        ends.append(bytes.count)
    }

    private mutating func appendDigits(_ number: Int, atLeast count: Int) {
        let start = bytes.count
        var rest = number
        var written = 0
        while rest > 0 || written < count {
            bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
            written += 1
        }
        bytes[start...].reverse()
    }

    /// The same row with some cells replaced.
    mutating func replace(_ changes: [Int: [UInt8]]) {
        guard !changes.isEmpty else { return }
        var changed = CellRow()
        for cell in 0..<count { changed.add(changes[cell] ?? Array(bytes[range(of: cell)])) }
        self = changed
    }
}
