public import Core

/// What a delimited file looks like: all that can be told from its first MiB, for `yaoce inspect`.
public struct Inspection: Sendable, Hashable, Codable {
    /// What the cells of a column look like.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// `yyyyMMdd`, `yyyy-MM-dd` or `yyyy/MM/dd`, a day that exists.
        case date
        /// A whole number.
        case integer
        /// A number, decorated or not.
        case number
        /// Letters and digits without blanks: a code.
        case code
        /// Anything else.
        case text
    }

    /// A column of the file.
    public struct Column: Sendable, Hashable, Codable {
        /// Its header as it came; empty where the file has none.
        public var header: String
        /// The column of the table that it was understood as, by its English name.
        public var name: String?
        /// Whether it is about a person; its cells are not shown.
        public var isPersonal = false
        /// What nearly all cells that are filled look like: at least 95 of 100.
        public var kind: Kind?
        /// How many cells look like what.
        public var counts: [String: Int] = [:]
        /// How many cells are blank.
        public var blank = 0
    }

    /// The encoding's name in the contract.
    public var encoding: String
    /// Whether the file begins with a byte order mark.
    public var hasByteOrderMark: Bool
    /// Sequences in the sample that are not valid in the encoding.
    public var invalidSequences: Int
    /// What stands between fields.
    public var delimiter: String
    /// The quote, where there is one.
    public var quote: String?
    /// The line end as it came.
    public var lineEnd: String?
    /// The physical line of the header; `nil` where none of the five tables was recognised.
    public var headerLine: Int?
    /// The table whose headers were found.
    public var table: DataTable?
    /// The columns, in the file's order.
    public var columns: [Column]
    /// Required columns of the table that the file does not have.
    public var missing: [String]
    /// The first rows, cells of personal columns left out.
    public var rows: [[String]]
    /// How many rows were looked at.
    public var rowsLookedAt: Int
    /// Whether these were all.
    public var isWhole: Bool

    /// Looks at a file. Without a known header the first record that has more than one cell filled is taken for one.
    /// - Parameters:
    ///   - named: the table that the file's name speaks of. Some tables have the same headers in English.
    ///   - rowCount: how many rows are shown.
    public static func of(
        _ source: any ByteSource, encoding: TextEncoding? = nil, named: DataTable? = nil, rowCount: Int = 5
    ) throws(ReadingError) -> Inspection {
        var stream = TextStream(source, encoding: encoding)
        try stream.window.fill(to: 4)
        let mark = TextEncoding.byteOrderMark(in: stream.window.bytes.span)
        try stream.open()
        return look(at: stream, hasMark: mark != nil, named: named, rowCount: rowCount)
    }

    private static func look(
        at stream: TextStream, hasMark: Bool, named: DataTable?, rowCount: Int
    ) -> Inspection {
        let held = stream.window.bytes
        let bytes = held.span
        let start = stream.window.start
        let encoding = stream.byteEncoding
        let lineEnd = LineEnds.kind(in: bytes)
        var dialect = DialectSniffer.dialect(
            of: bytes, from: start, isCutOff: !stream.window.isAtEnd, encoding, isReturn: lineEnd == "\r")
        // Where headers fit several tables alike, the first of the list is taken.
        let sets = (named.map { [DataSet.of($0)] } ?? []) + DataSet.all.filter { $0.table != named }
        let found = DialectSniffer.header(
            in: bytes, from: start, isCutOff: !stream.window.isAtEnd, encoding, isReturn: lineEnd == "\r", sets: sets)
        if let found { dialect = found.dialect }
        let rest = bytes.extracting(start..<bytes.count)
        let invalid =
            encoding == .gb18030
            ? GB18030.invalidBytes(in: rest, isCutOff: true) : UTF8Text.invalidBytes(in: rest, isCutOff: true)
        var inspection = Inspection(
            encoding: stream.encodingName, hasByteOrderMark: hasMark, invalidSequences: invalid.count,
            delimiter: dialect.delimiterText, quote: dialect.quoteText, lineEnd: lineEnd, headerLine: nil, table: nil,
            columns: [], missing: [], rows: [], rowsLookedAt: 0, isWhole: false)
        var position = start
        if let found {
            inspection.take(found.header, sets[found.header.set])
            position = found.header.next
        }
        inspection.read(bytes, from: position, dialect, encoding, isWhole: stream.window.isAtEnd, rowCount: rowCount)
        return inspection
    }

    private mutating func take(_ header: FoundHeader, _ set: DataSet) {
        headerLine = header.line
        table = set.table
        var seen: Set<String> = []
        for (position, match) in header.matches.enumerated() {
            var column = Column(header: CellText.shown(header.headers[position]))
            if case .column(let index)? = match {
                column.name = set.columns[index].name
                column.isPersonal = set.columns[index].isPersonal
                seen.insert(set.columns[index].name)
            }
            columns.append(column)
        }
        missing = set.columns.filter { $0.isRequired && !seen.contains($0.name) }.map(\.name)
    }

    private mutating func read(
        _ bytes: Span<UInt8>, from start: Int, _ dialect: Dialect, _ encoding: TextEncoding, isWhole: Bool,
        rowCount: Int
    ) {
        var scanner = DelimitedScanner(dialect, encoding: encoding)
        var position = start
        loop: while true {
            switch scanner.scan(bytes, from: position, isLast: isWhole) {
            case .record:
                position = scanner.next
                let cells = scanner.fields.fields.map { CellText.string($0, of: bytes, dialect, encoding) }
                if cells.contains(where: { !$0.isEmpty }) { take(cells, rowCount) }
            case .openQuote, .tooLong:
                guard let next = LineEnds.next(in: bytes, from: position, dialect) else { break loop }
                position = next
            case .needsInput: break loop
            case .endOfInput:
                self.isWhole = true
                break loop
            }
        }
        for index in columns.indices { columns[index].conclude() }
    }

    private mutating func take(_ cells: [String], _ rowCount: Int) {
        if columns.isEmpty {
            guard cells.count(where: { !$0.isEmpty }) > 1 || cells.count == 1 else { return }
            columns = cells.map { Column(header: CellText.shown($0)) }
            return
        }
        rowsLookedAt += 1
        for position in columns.indices {
            columns[position].count(position < cells.count ? cells[position] : "")
        }
        guard rows.count < rowCount else { return }
        rows.append(
            cells.enumerated().map { $0 < columns.count && columns[$0].isPersonal ? "" : CellText.shown($1) })
    }
}

extension Inspection.Column {
    fileprivate mutating func count(_ cell: String) {
        guard !cell.utf8.allSatisfy({ $0 <= 0x20 }) else {
            blank += 1
            return
        }
        counts[Inspection.Kind(of: cell).rawValue, default: 0] += 1
    }

    /// The narrowest kind that nearly all cells have: a whole number is a number and a code as well.
    fileprivate mutating func conclude() {
        let filled = counts.values.reduce(0, +)
        guard filled > 0 else { return }
        func share(_ kinds: [Inspection.Kind]) -> Bool {
            kinds.reduce(0) { $0 + (counts[$1.rawValue] ?? 0) } * 100 >= filled * 95
        }
        if share([.date]) {
            kind = .date
        } else if share([.integer, .date]) {
            kind = .integer
        } else if share([.number, .integer, .date]) {
            kind = .number
        } else {
            kind = share([.code, .integer, .date]) ? .code : .text
        }
    }
}

extension Inspection.Kind {
    /// What a cell that is not blank looks like.
    init(of cell: String) {
        let text = Array(cell.utf8)
        if Self.isDay(text) {
            self = .date
        } else if case .value = NumberReading(text.span, decimals: 0, limit: .max), text.allSatisfy(Self.isWhole) {
            self = .integer
        } else if case .notANumber = NumberReading(text.span, decimals: 4, limit: .max) {
            self = text.allSatisfy(Self.isCode) ? .code : .text
        } else {
            self = .number
        }
    }

    private static func isWhole(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte &- 0x30 <= 9 }

    private static func isCode(_ byte: UInt8) -> Bool {
        byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
    }

    private static func isDay(_ text: [UInt8]) -> Bool {
        var digits = text
        if text.count == 10, text[4] == text[7], text[4] == UInt8(ascii: "-") || text[4] == UInt8(ascii: "/") {
            digits.remove(at: 7)
            digits.remove(at: 4)
        }
        guard digits.count == 8, digits.allSatisfy({ $0 &- 0x30 <= 9 }) else { return false }
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        let (year, month, day) = (value / 10_000, value / 100 % 100, value % 100)
        let days = [
            31, year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
        ]
        guard (1900...2100).contains(year), (1...12).contains(month), day >= 1 else { return false }
        return day <= days[month - 1]
    }
}
