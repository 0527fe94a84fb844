internal import Core
internal import Readers
internal import Rules

/// Some rows of a file with everything that can be said of each without knowing another one.
struct CheckedBatch: Sendable {
    var batch: RowBatch
    var typed = TypedBatch()
    var hashes = RowHashes()
    /// What reader, typing and row checks saw, in this order, and conditions that were judged here.
    var observations: [Observation] = []
    /// What those conditions looked at.
    var tally = RuleTally()
    /// What the reader knew of the file behind these rows.
    var facts = FileFacts()
    /// Columns the file has, by position; cells of others are absent and not blank.
    var present: [Int] = []
    /// Cells that had to be put right, by column position and kind.
    var normalised: [Int: [String: Int]] = [:]
    /// Cells of data rows in these columns, and how many of them are blank.
    var cells = 0
    var blankCells = 0

    init(_ dataSet: DataSet) { batch = RowBatch(dataSet) }
}

/// Hashes of the rows of a batch, for whoever looks for repeats; they decide what is compared and are never kept.
struct RowHashes: Sendable {
    /// Of the cells that say whose row it is and of when.
    private(set) var identifications: [UInt64] = []
    /// Of all cells.
    private(set) var rows: [UInt64] = []

    /// Hashes the rows of a batch; rows that are no data have 0.
    mutating func take(_ batch: borrowing RowBatch, _ typed: borrowing TypedBatch) {
        identifications.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        let shared = min(SharedColumn.count, batch.columnCount)
        for row in batch.rows.indices {
            guard !batch.rows[row].isBroken, !batch.rows[row].isTotal else {
                identifications.append(0)
                rows.append(0)
                continue
            }
            let bytes = batch.bytes.span
            let identification: UInt64
            if typed.repeatsIdentification(row: row) {
                identification = identifications[row - 1]
            } else {
                var hash = ByteHash()
                for column in 0..<shared { hash.add(bytes.extracting(batch.extent(row: row, column: column).range)) }
                identification = hash.value
            }
            var hash = ByteHash()
            hash.add(identification)
            for column in shared..<batch.columnCount {
                hash.add(bytes.extracting(batch.extent(row: row, column: column).range))
            }
            identifications.append(identification)
            rows.append(hash.value)
        }
    }
}

/// What only the end of a file tells.
struct FileEnd: Sendable {
    var facts: FileFacts
    /// What is wrong with the file as a whole, its totals included.
    var observations: [Observation]
    /// Cells that had to be put right, by column position and kind.
    var normalised: [Int: [String: Int]] = [:]
    /// Of a member of a package: the hash of its bytes and how many there are. Those of a loose file are known.
    var digest: SHA256Digest?
    var size: Int?
    /// Why the rest of the bytes, of which no row was read, could not be hashed.
    var failure: ReadingError?
}

/// What comes of a file, one after the other.
enum FilePiece: Sendable {
    case batch(CheckedBatch)
    case end(FileEnd)
    /// The file could not be read, or not to its end.
    case failed(ReadingError)
}
