import Core

/// The row that is being read: its cells so far and what is wrong with it. Its memory is used again for the next row.
struct XMLOpenRow {
    /// `column` where text belongs to no column.
    static let noColumn = -1
    /// `column` in a `field` of which the `name` has not come yet.
    static let unnamedField = -2

    var isOpen = false
    var isTooLong = false
    /// The physical line of its start tag.
    private(set) var line = 0
    /// The offset of its start tag in what was given to the parser.
    private(set) var start = 0
    /// The same in the original bytes.
    private(set) var original = 0
    /// The column that text belongs to.
    var column = noColumn
    /// The offset of the start tag of the cell that begins.
    var cellStart = 0
    /// Its bytes, once it is complete.
    var raw: [UInt8] = []
    /// The text of its cells.
    private(set) var text: [UInt8] = []
    /// One extent of `text` for each column.
    private(set) var cells: [RowBatch.Extent]
    /// Where in what was given to the parser the tag of each cell starts; -1 for columns that did not come.
    private(set) var starts: [Int]
    /// What is wrong: a reason and the column, each once.
    private(set) var faults: [Fault] = []
    /// The columns that came more than once.
    private(set) var repeated: [Int] = []

    struct Fault: Hashable {
        var reason: String
        var column: String?
    }

    init(columns: Int) {
        cells = Array(repeating: .empty, count: columns)
        starts = Array(repeating: -1, count: columns)
    }

    mutating func begin(line: Int, start: Int, original: Int) {
        isOpen = true
        isTooLong = false
        self.line = line
        self.start = start
        self.original = original
        column = Self.noColumn
        raw.removeAll(keepingCapacity: true)
        faults.removeAll(keepingCapacity: true)
        repeated.removeAll(keepingCapacity: true)
        forgetCells()
    }

    private mutating func forgetCells() {
        forgetText()
        for index in starts.indices { starts[index] = -1 }
    }

    /// Empties the cells. Which columns came stays known: how far a row was read when it turned out to be too long
    /// depends on the sizes in which its bytes came, and what is said of it must not.
    mutating func forgetText() {
        text.removeAll(keepingCapacity: true)
        for index in cells.indices { cells[index] = .empty }
    }

    /// Begins the cell of a column; `false` where the row has it already.
    mutating func beginCell(_ column: Int) -> Bool {
        guard starts[column] < 0 else {
            self.column = Self.noColumn
            return false
        }
        self.column = column
        starts[column] = cellStart
        cells[column] = RowBatch.Extent(start: text.count, count: 0)
        return true
    }

    /// Appends to the cell that is open.
    mutating func append(_ bytes: ArraySlice<UInt8>) {
        guard column >= 0, !isTooLong else { return }
        text.append(contentsOf: bytes)
        cells[column].count += Int32(bytes.count)
    }

    mutating func note(_ reason: String, in column: String?) {
        let fault = Fault(reason: reason, column: column)
        if !faults.contains(fault) { faults.append(fault) }
    }

    mutating func noteRepeated(_ column: Int) {
        if !repeated.contains(column) { repeated.append(column) }
    }
}
