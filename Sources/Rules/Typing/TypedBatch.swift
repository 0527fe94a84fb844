public import Core

/// What a cell turned out to be.
public enum CellState: UInt8, Sendable {
    /// Nothing in it.
    case blank
    /// A value, or text.
    case valid
    /// Something that is no value of its column; an observation says what.
    case invalid
}

/// The rows of a `RowBatch` with every cell read as what its column holds.
///
/// Numbers, days and flags are whole numbers in `values`; texts stay bytes in the batch, trimmed there. Arrays are laid
/// out row by row like `RowBatch.cells` and keep their memory from batch to batch.
public struct TypedBatch: Sendable {
    /// One for each cell.
    public internal(set) var states: [CellState] = []
    /// The value of a cell of a number, date or flag column; 0 where there is none.
    public internal(set) var values: [Int64] = []
    /// Cells that had to be put right, by column position and kind.
    public private(set) var normalised: [Int: [String: Int]] = [:]
    @usableFromInline var columnCount = 0
    /// Rows whose shared cells are those of the row before.
    @usableFromInline var repeated: [Bool] = []
    /// Cells that are not written as plainly as nearly all are, by their place in `states`.
    var unread: [Int] = []
    /// Which rows are data: neither broken nor total lines.
    var isData: [Bool] = []
    /// How many of them there are.
    public internal(set) var dataRows = 0
    /// What is known of each column, so that most checks need not look at its cells.
    var summaries: [ColumnSummary] = []

    /// What the data rows of a batch have in one column.
    struct ColumnSummary {
        var blanks = 0
        /// No cell has more bytes.
        var longest: Int32 = 0
        /// Whether a cell is written in another way than nearly all are: only such a one can be invalid.
        var hasUnusual = false
    }

    /// Nothing read yet.
    public init() {}

    /// The state of a cell.
    @inlinable
    public func state(row: Int, column: Int) -> CellState { states[row * columnCount + column] }

    /// The value of a cell, where it is valid.
    @inlinable
    public func value(row: Int, column: Int) -> Int64? {
        let index = row * columnCount + column
        return states[index] == .valid ? values[index] : nil
    }

    /// How many cells of data rows are blank in a column.
    public func blanks(inColumn position: Int) -> Int { summaries[position].blanks }

    /// What was put right since it was last asked.
    public mutating func takeNormalised() -> [Int: [String: Int]] {
        defer { normalised = [:] }
        return normalised
    }

    /// Whether the cells that say whose row it is and of when (`SharedColumn`) are byte for byte those of the row before,
    /// as in nearly every row. `false` may only mean that nobody looked closely.
    @inlinable
    public func repeatsIdentification(row: Int) -> Bool { repeated[row] }

    /// Reads all cells of a batch. Texts are trimmed in place; what is wrong becomes an observation.
    public mutating func read(_ batch: inout RowBatch, observe: (Observation) -> Void) {
        columnCount = batch.columnCount
        let cellCount = batch.rows.count * columnCount
        states.removeAll(keepingCapacity: true)
        states.append(contentsOf: repeatElement(.blank, count: cellCount))
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: repeatElement(0, count: cellCount))
        repeated.removeAll(keepingCapacity: true)
        repeated.append(contentsOf: repeatElement(false, count: batch.rows.count))
        unread.removeAll(keepingCapacity: true)
        isData.removeAll(keepingCapacity: true)
        for row in batch.rows.indices { isData.append(batch.rows[row].isData) }
        dataRows = isData.reduce(0) { $0 + ($1 ? 1 : 0) }
        summaries.removeAll(keepingCapacity: true)
        summaries.append(contentsOf: repeatElement(ColumnSummary(), count: columnCount))
        readShared(batch)
        for position in SharedColumn.count..<max(columnCount, SharedColumn.count) {
            readColumn(position, batch.dataSet.columns[position].kind, batch)
        }
        for index in unread {
            readCell(index, in: &batch, observe)
            let position = index % columnCount
            summaries[position].hasUnusual = true
            if states[index] == .blank { summaries[position].blanks += 1 }
        }
    }

    /// Reads a cell however it is written.
    private mutating func readCell(_ index: Int, in batch: inout RowBatch, _ observe: (Observation) -> Void) {
        let (row, position) = index.quotientAndRemainder(dividingBy: columnCount)
        let column = batch.dataSet.columns[position]
        tidy(index, row, column, position, in: &batch, observe)
        let cell = batch.bytes.span.extracting(batch.cells[index].range)
        guard !cell.isEmpty else { return }
        switch column.kind {
        case .text, .code:
            states[index] = .valid
        case .date:
            readDate(cell, index, batch.rows[row], column, position, observe)
        case .flag:
            readFlag(cell, index, batch.rows[row], column, position, observe)
        case .amount, .quantity, .factor, .count:
            readNumber(cell, index, batch.rows[row], column, position, observe)
        }
    }

    /// Takes away what nobody sees (C13).
    private mutating func tidy(
        _ index: Int, _ row: Int, _ column: Column, _ position: Int, in batch: inout RowBatch,
        _ observe: (Observation) -> Void
    ) {
        let extent = batch.cells[index]
        let text: CellText
        var cleaned: [UInt8]?
        do {
            let cell = batch.bytes.span.extracting(extent.range)
            text = CellText(cell)
            if text.hasReplacement {
                observe(observation("A15", batch.rows[row], column, String(cell), expected: nil, ["count": "1"]))
            }
            guard text.hasHidden || text.trimmed.count != cell.count else { return }
            if !text.trimmed.isEmpty {
                count("trimmed", position)
                observe(observation("C13", batch.rows[row], column, String(cell), expected: nil))
                if text.hasHidden { cleaned = CellText.cleaned(cell) }
            }
        }
        if let cleaned {
            batch.cells[index] = RowBatch.Extent(start: batch.bytes.count, count: cleaned.count)
            batch.bytes.append(contentsOf: cleaned)
        } else {
            batch.cells[index] = RowBatch.Extent(
                start: Int(extent.start) + text.trimmed.lowerBound, count: text.trimmed.count)
        }
    }

    private mutating func readDate(
        _ cell: Span<UInt8>, _ index: Int, _ row: RowBatch.Row, _ column: Column, _ position: Int,
        _ observe: (Observation) -> Void
    ) {
        if let day = CalendarDay(cell) {
            states[index] = .valid
            values[index] = Int64(day.daysSince2000)
        } else if let narrow = HalfWidth.folded(cell), let day = CalendarDay(narrow.span) {
            states[index] = .valid
            values[index] = Int64(day.daysSince2000)
            count("full_width", position)
            observe(observation("C17", row, column, String(cell), expected: day.description))
        } else {
            states[index] = .invalid
            observe(observation("C01", row, column, String(cell), expected: "yyyyMMdd | yyyy-MM-dd"))
        }
    }

    private mutating func readFlag(
        _ cell: Span<UInt8>, _ index: Int, _ row: RowBatch.Row, _ column: Column, _ position: Int,
        _ observe: (Observation) -> Void
    ) {
        let text = String(cell)
        switch text {
        case "1", "2":
            states[index] = .valid
            values[index] = text == "1" ? 1 : 2
        case "是", "0", "否", "１", "２", "０":
            let value: Int64 = text == "是" || text == "１" ? 1 : 2
            states[index] = .valid
            values[index] = value
            count("flag", position)
            observe(observation("C15", row, column, text, expected: "1 | 2", ["read_as": "\(value)"], .warning))
        default:
            states[index] = .invalid
            observe(observation("C15", row, column, text, expected: "1 | 2", ["read_as": ""]))
        }
    }

    private mutating func readNumber(
        _ cell: Span<UInt8>, _ index: Int, _ row: RowBatch.Row, _ column: Column, _ position: Int,
        _ observe: (Observation) -> Void
    ) {
        let decimals = column.kind.decimals ?? 0
        let limit = FixedPoint.limit(of: column.kind)
        switch NumberReading(cell, decimals: decimals, limit: limit) {
        case .value(let value, let normalisation):
            states[index] = .valid
            values[index] = value
            guard !normalisation.isEmpty else { return }
            let plain = FixedPoint.text(value, decimals: decimals)
            if column.kind == .count, normalisation.contains(.rounded) {
                // A count with a fraction is no count: its own rule (C29) says so, not the rule on decimals.
                states[index] = .invalid
                observe(observation("C29", row, column, String(cell), expected: "0…99999"))
            } else if normalisation.contains(.rounded) {
                count("rounded", position)
                observe(
                    observation("C28", row, column, String(cell), expected: plain, ["decimals": "\(decimals)"]))
            }
            if !normalisation.subtracting(.rounded).isEmpty {
                for (kind, name) in TypedBatch.kinds where normalisation.contains(kind) { count(name, position) }
                observe(observation("C17", row, column, String(cell), expected: plain))
            }
        case .notANumber:
            states[index] = .invalid
            observe(observation("C16", row, column, String(cell), expected: TypedBatch.pattern(decimals)))
        case .outOfRange:
            states[index] = .invalid
            let bound = FixedPoint.shortText(limit, decimals: decimals)
            observe(observation("C16", row, column, String(cell), expected: "|x| ≤ \(bound)"))
        }
    }

    private static let kinds: [(Normalisation, String)] = [
        (.thousands, "thousands"), (.currency, "currency"), (.fullWidth, "full_width"), (.scientific, "scientific"),
    ]

    private static func pattern(_ decimals: Int) -> String {
        decimals == 0 ? "123" : "123." + String(repeating: "0", count: decimals)
    }

    private mutating func count(_ kind: String, _ position: Int) {
        normalised[position, default: [:]][kind, default: 0] += 1
    }

    private func observation(
        _ rule: RuleID, _ row: RowBatch.Row, _ column: Column, _ value: String, expected: String?,
        _ details: [String: String] = [:], _ severity: Severity? = nil
    ) -> Observation {
        Observation(
            rule, at: Place(line: row.line, row: row.number, column: column.name), value: value.cut(),
            expected: expected, details: details, severity: severity)
    }
}

extension String {
    /// The bytes of a cell as text; what is not valid UTF-8 is shown as U+FFFD.
    init(_ cell: Span<UInt8>) {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(cell.count)
        for index in cell.indices { bytes.append(cell[index]) }
        self = String(decoding: bytes, as: UTF8.self)
    }

    /// Cut to a length fit for showing, with an ellipsis where something is missing.
    func cut(to limit: Int = 200) -> String {
        // No character is shorter than a byte.
        guard utf8.count > limit,
            let end = unicodeScalars.index(
                unicodeScalars.startIndex, offsetBy: limit, limitedBy: unicodeScalars.endIndex),
            end != unicodeScalars.endIndex
        else { return self }
        return String(unicodeScalars[..<end]) + "…"
    }
}
