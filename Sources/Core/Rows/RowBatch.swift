/// Some rows of one file, as text cells over one buffer of bytes: what every reader gives, whatever the file's kind.
///
/// The buffer holds the rows' bytes as they came; cells point into it. Cells that had to be decoded or unquoted were
/// appended behind, so most cells of a plain UTF-8 file are copied nowhere. A batch is filled, checked, emptied with
/// `removeAll` and filled again; its memory is bounded by the reader's window.
public struct RowBatch: Sendable {
    /// A run of bytes in `bytes`.
    public struct Extent: Sendable, Hashable {
        /// Where it starts.
        public var start: Int32
        /// How many bytes it has; 0 for an empty cell.
        public var count: Int32

        /// A run of bytes.
        @inlinable
        public init(start: Int, count: Int) {
            self.start = Int32(start)
            self.count = Int32(count)
        }

        /// No bytes.
        public static let empty = Extent(start: 0, count: 0)

        /// As a range of offsets.
        @inlinable public var range: Range<Int> {
            // The count is never negative; the sum of two 32-bit numbers cannot overflow.
            Int(start)..<Int(start) &+ Int(count)
        }
    }

    /// One row: where it came from.
    public struct Row: Sendable, Hashable {
        /// The ordinal of the data row in its file, from 1.
        public var number: Int
        /// The physical line on which it starts, from 1; in XML the line of its start tag.
        public var line: Int
        /// The offset of its first byte in the unpacked file.
        public var byteOffset: Int
        /// The row's bytes as they came, without the line end.
        public var raw: Extent
        /// A total line (合计): compared with the sums and skipped.
        public var isTotal = false
        /// Set by the reader where the row cannot be used: its observations say why.
        public var isBroken = false

        /// A row.
        @inlinable
        public init(number: Int, line: Int, byteOffset: Int, raw: Extent) {
            self.number = number
            self.line = line
            self.byteOffset = byteOffset
            self.raw = raw
        }
    }

    /// The table the rows belong to.
    public let dataSet: DataSet
    /// The rows, in the order of the file.
    public var rows: [Row] = []
    /// One extent for each row and each column of the data set, row by row; UTF-8.
    public var cells: [Extent] = []
    /// The bytes that rows and cells point into.
    public var bytes: [UInt8] = []
    /// What the reader saw in these rows; `place.row` is the row's number.
    public var observations: [Observation] = []

    /// How many columns a row has.
    public let columnCount: Int

    /// An empty batch for a table.
    public init(_ dataSet: DataSet) {
        self.dataSet = dataSet
        columnCount = dataSet.columns.count
    }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        rows.removeAll(keepingCapacity: true)
        cells.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        observations.removeAll(keepingCapacity: true)
    }

    /// The extent of a cell.
    @inlinable
    public func extent(row: Int, column: Int) -> Extent { cells[row * columnCount + column] }

    /// A cell as a string.
    public func string(row: Int, column: Int) -> String {
        String(decoding: bytes[extent(row: row, column: column).range], as: UTF8.self)
    }
}
