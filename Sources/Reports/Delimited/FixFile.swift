public import Core

/// The bad rows of one file alone, in the sender's own encoding, delimiter, line end and column order, with one added
/// column that says what is wrong.
///
/// The bytes of a row pass through as they came, wrong bytes included. Only two things are ever put in:
/// - an apostrophe before a cell that a spreadsheet would run as a formula (see `FormulaGuard`): the file is made to be
///   opened in one. Plain numbers and lone signs are left alone, so it touches no cell of an honest row;
/// - a closing quote where the row left one open, so that the message does not become part of the broken cell.
///
/// Rows with too few or too many cells are not padded: sent again uncorrected they must fail again and not shift.
public struct FixFile: Sendable {
    /// What the added column is called. A reader ignores a column with this name.
    public static let column = "错误说明"

    /// How the sender's file is written.
    public struct Form: Sendable {
        /// `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`.
        public var encoding: String?
        /// One character; `nil` for XML.
        public var delimiter: String?
        /// The quote character, where there is one.
        public var quote: String?
        /// The line end as it came.
        public var lineEnd: String
        /// The header record as it came, without its line end; empty for XML.
        public var rawHeader: [UInt8]
        /// Whether the file began with a byte order mark. UTF-16 always gets one.
        public var hasByteOrderMark: Bool
        /// What the XML root says, in its order: `table`, `hospital_code`, `period`.
        public var declared: [(name: String, value: String)]

        /// A form.
        public init(
            encoding: String?, delimiter: String?, quote: String? = "\"", lineEnd: String? = nil,
            rawHeader: [UInt8] = [],
            hasByteOrderMark: Bool = false, declared: [(name: String, value: String)] = []
        ) {
            self.encoding = encoding
            self.delimiter = delimiter
            self.quote = quote
            self.lineEnd = lineEnd ?? "\r\n"
            self.rawHeader = rawHeader
            self.hasByteOrderMark = hasByteOrderMark
            self.declared = declared
        }
    }

    let files: [FileOutcome]
    let rules: RuleTexts
    let form: Form
    let encode: @Sendable (String) -> [UInt8]
    private let delimiter: [UInt8]
    private let quote: [UInt8]
    private let lineEnd: [UInt8]
    private let apostrophe: [UInt8]
    private let telling: [[UInt8]: Unicode.Scalar]

    /// A fix file for one file of a submission.
    ///
    /// - Parameters:
    ///   - files: the submission's files, for the names in messages.
    ///   - encode: text in the sender's encoding, without byte order mark; what the encoding lacks as `?`.
    public init(files: [FileOutcome], form: Form, rules: RuleTexts, encode: @escaping @Sendable (String) -> [UInt8]) {
        self.files = files
        self.form = form
        self.rules = rules
        self.encode = encode
        delimiter = encode(form.delimiter ?? ",")
        quote = form.quote.map(encode) ?? []
        lineEnd = encode(form.lineEnd)
        apostrophe = encode("'")
        telling = Dictionary(
            FixFile.tellingScalars.map { (encode(String($0)), $0) }, uniquingKeysWith: { first, _ in first })
    }

    private var isXML: Bool { form.delimiter == nil }

    /// A name for the fix file of a file: its table and, where a table came in several files, its position in the
    /// list. ASCII only, and never anything of the sender's own.
    public static func fileName(for position: Int, among files: [FileOutcome]) -> String {
        let file = files[position]
        let isOnly = files.count { $0.table == file.table } == 1
        let name = "fix-" + (file.table?.rawValue ?? "file") + (isOnly ? "" : "-\(position + 1)")
        switch file.delimiter {
        case nil: return name + ".xml"
        case "\t": return name + ".tsv"
        default: return name + ".csv"
        }
    }

    /// What stands before the first row.
    public var header: [UInt8] {
        if isXML { return xmlHeader }
        var bytes = form.rawHeader
        let mark = encode("\u{FEFF}")
        let wantsMark = form.hasByteOrderMark || CodeUnits(encoding: form.encoding) == .utf16
        if wantsMark, !bytes.starts(with: mark) { bytes = mark + bytes }
        return bytes + delimiter + encode(FixFile.column) + lineEnd
    }

    /// A row with what is wrong with it. Rules the row broke of which no finding is given stand with their titles.
    public func row(_ row: QuarantinedRow, findings: [Finding]) -> [UInt8] {
        let message = message(row, findings: findings)
        if isXML { return xmlRow(row, message: message) + lineEnd }
        var bytes = guarded(row.raw)
        bytes.reserveCapacity(bytes.count + message.utf8.count * 2 + 16)
        bytes += delimiter
        bytes += encode(FormulaGuard.quoted(VisibleText.of(FormulaGuard.guarded(message))))
        return bytes + lineEnd
    }

    /// What stands after the last row.
    public var footer: [UInt8] { isXML ? encode("</dataset>") + lineEnd : [] }

    /// `[C16] 入库总金额（元）：…；[C19] …`
    func message(_ row: QuarantinedRow, findings: [Finding]) -> String {
        var sentences = findings.sorted { ($0.severity.rank, $0.rule) < ($1.severity.rank, $1.rule) }.map { finding in
            let shown = ShownFinding(finding, files: files)
            let sentence = rules.message(shown, .chinese)
            // Most sentences name their column.
            let column = shown.columnHeader.flatMap {
                sentence.hasBytes(of: $0) ? nil : "\($0)："
            }
            return "[\(finding.rule)] \(column ?? "")\(sentence)"
        }
        let told = Set(findings.map(\.rule))
        sentences += row.rules.filter { !told.contains($0) }.map { "[\($0)] \(rules.title($0, .chinese))" }
        return sentences.joined(separator: "；")
    }

    // MARK: Delimited text

    /// The row's bytes, with an apostrophe before cells that a spreadsheet would run, and with its last quote closed.
    private func guarded(_ raw: [UInt8]) -> [UInt8] {
        let units = CodeUnits(encoding: form.encoding)
        let (quote, delimiter) = (quote, delimiter)
        var result: [UInt8] = []
        // So many bytes of the row stand in the result. Nearly always all of them go there at once.
        var copied = 0
        var index = 0
        var isOpen = false
        var fieldStart = true
        while index < raw.count {
            if fieldStart {
                fieldStart = false
                if raw.hasBytes(quote, at: index) {
                    isOpen = true
                    index += quote.count
                }
                if mayRun(raw, from: index, isQuoted: isOpen, units) {
                    result += raw[copied..<index]
                    result += apostrophe
                    copied = index
                }
                continue
            }
            if isOpen, raw.hasBytes(quote, at: index) {
                index += quote.count
                if raw.hasBytes(quote, at: index) { index += quote.count } else { isOpen = false }
                continue
            }
            if !isOpen, raw.hasBytes(delimiter, at: index) {
                index += delimiter.count
                fieldStart = true
                continue
            }
            index += units.length(in: raw, at: index)
        }
        if copied == 0, !isOpen { return raw }
        result += raw[copied...]
        return isOpen ? result + quote : result
    }

    /// Whether the cell that starts here would run: the cell's first characters decide, so 64 of them are enough.
    private func mayRun(_ raw: [UInt8], from start: Int, isQuoted: Bool, _ units: CodeUnits) -> Bool {
        // Almost every cell begins with a letter, a digit or a Chinese character, and that settles it.
        if units != .utf16, start < raw.count {
            switch raw[start] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"):
                return false
            case 0xE4...0xE9: if units == .utf8 { return false }
            default: break
            }
        }
        var index = start
        var text = ""
        var count = 0
        while index < raw.count, count < 64 {
            if isQuoted ? raw.hasBytes(quote, at: index) : raw.hasBytes(delimiter, at: index) { break }
            let length = units.length(in: raw, at: index)
            let scalar = scalar(raw[index..<index + length], units)
            if text.isEmpty, !FormulaGuard.isTrigger(scalar), !FormulaGuard.isSkipped(scalar) { return false }
            text.unicodeScalars.append(scalar)
            index += length
            count += 1
        }
        return FormulaGuard.mayRun(text)
    }

    /// The characters beyond ASCII that decide whether a cell runs: full-width signs, and what may stand before them.
    private static let tellingScalars: [Unicode.Scalar] = [
        "＝", "＋", "－", "＠", "\u{3000}", "\u{A0}", "\u{FEFF}", "\u{200B}", "\u{200C}", "\u{200D}", "\u{200E}",
        "\u{200F}",
        "\u{202A}", "\u{202B}", "\u{202C}", "\u{202D}", "\u{202E}", "\u{2060}",
    ]

    /// The character of these bytes as far as it matters here: ASCII, or one that decides, else some letter.
    private func scalar(_ bytes: ArraySlice<UInt8>, _ units: CodeUnits) -> Unicode.Scalar {
        if bytes.count == 1, let byte = bytes.first { return byte < 0x80 ? Unicode.Scalar(byte) : "字" }
        if let scalar = telling[Array(bytes)] { return scalar }
        guard units == .utf16, bytes.count == 2 else { return "字" }
        let (first, second) = (bytes[bytes.startIndex], bytes[bytes.startIndex + 1])
        let (high, low) = form.encoding?.uppercased() == "UTF-16BE" ? (first, second) : (second, first)
        return high == 0 && low < 0x80 ? Unicode.Scalar(low) : "字"
    }
}
