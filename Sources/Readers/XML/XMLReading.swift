import Core
import Markup

/// The XML reader's state as one value: goes through the parser's events and builds rows from them.
struct XMLReading {
    var facts = FileFacts()
    var observations: [Observation] = []
    let dataSet: DataSet
    let limits: ReadingLimits
    var row: XMLOpenRow
    var rowsWithInvalidBytes = 0
    /// Which columns any row has had.
    var columnsSeen: [Bool]

    private let source: any ByteSource
    private var input: XMLInput?
    private let parserLimits: MarkupLimits
    private var parser: MarkupParser
    private var names: XMLColumnNames
    private var nextEvent = 0
    /// The last bytes given to the parser, back to the start of the row or token that is open.
    private var held: [UInt8] = []
    /// The offset of `held[0]` in what was given to the parser.
    private var heldStart = 0
    private var isAtEnd = false
    private var isFinished = false
    private var hasToldNames = false
    /// The numbers of the names that have a meaning of their own, once they came.
    private var rowName = -1
    private var fieldName = -1
    private var nameName = -1
    private var knownNames = 0

    private static let pieceBytes = 64 << 10

    init(_ source: any ByteSource, _ dataSet: DataSet, _ limits: ReadingLimits) {
        self.source = source
        self.dataSet = dataSet
        self.limits = limits
        row = XMLOpenRow(columns: dataSet.columns.count)
        columnsSeen = Array(repeating: false, count: dataSet.columns.count)
        names = XMLColumnNames(dataSet)
        var parserLimits = MarkupLimits()
        parserLimits.depth = limits.depth
        parserLimits.lineDepth = 2
        // A row with attributes is one tag: those a few times too long break the row, longer ones the file.
        parserLimits.tokenBytes = 4 * limits.recordBytes
        self.parserLimits = parserLimits
        parser = MarkupParser(limits: parserLimits)
    }

    mutating func next(into batch: inout RowBatch) throws(ReadingError) -> Bool {
        if input == nil { try open() }
        while !isFinished {
            let isFull = takeEvents(into: &batch)
            facts.headers = Array(names.mappings.prefix(limits.columns))
            if isFull { return true }
            guard !isFinished else { break }
            if isAtEnd || parser.failure != nil { finish() } else { try feed() }
        }
        tellUnknownNames()
        return !batch.rows.isEmpty
    }

    private mutating func open() throws(ReadingError) {
        let input = try XMLInput(source)
        self.input = input
        facts.encoding = input.encoding?.name
        parser = MarkupParser(isUTF8: input.isTranscoded, limits: parserLimits)
        guard input.encoding == nil else { return }
        stop(
            "encoding", at: Place(line: 1, byteOffset: 0), value: input.unknownEncoding,
            expected: "UTF-8 | UTF-16 | GB18030")
    }

    private mutating func feed() throws(ReadingError) {
        guard let input else { return }
        keepRaw()
        let start = held.count
        let got = try input.read(into: &held, atMost: Self.pieceBytes)
        isAtEnd = got == 0
        nextEvent = 0
        _ = parser.parse(held.span.extracting(droppingFirst: start), isLast: isAtEnd)
        learnNames()
    }

    /// Drops what no open row or token needs.
    private mutating func keepRaw() {
        var keptFrom = parser.readUpTo
        if row.isOpen {
            if !row.isTooLong, heldStart + held.count - row.start > limits.recordBytes { tooLong() }
            if !row.isTooLong { keptFrom = min(keptFrom, row.start) }
        }
        guard keptFrom > heldStart else { return }
        held.removeFirst(min(keptFrom - heldStart, held.count))
        heldStart = keptFrom
    }

    private mutating func tooLong() {
        let start = row.start - heldStart
        row.isTooLong = true
        row.raw = Array(held[start..<min(start + limits.recordBytes, held.count)])
        row.forgetText()
    }

    private mutating func learnNames() {
        while knownNames < parser.names.count {
            switch parser.names.string(of: knownNames) {
            case "row": rowName = knownNames
            case "field": fieldName = knownNames
            case "name": nameName = knownNames
            default: break
            }
            knownNames += 1
        }
    }

    /// Goes through the events of the last piece; `true` when the batch is full.
    private mutating func takeEvents(into batch: inout RowBatch) -> Bool {
        // Names of their own for as long as no piece is parsed: the parser's arrays are not copied.
        let events = parser.events
        let text = parser.text
        while nextEvent < events.count, !isFinished {
            let event = events[nextEvent]
            nextEvent += 1
            switch event.kind {
            case .start: start(event)
            case .attribute: attribute(event, text)
            case .text: characters(event, text)
            case .end:
                guard event.depth <= 3 else { continue }
                if event.depth == 3, row.isOpen {
                    endCell()
                } else if event.depth == 2, row.isOpen {
                    endRow(at: event.byteOffset, into: &batch)
                    if batch.bytes.count + 8 * batch.cells.count >= limits.windowBytes { return true }
                }
            }
        }
        return false
    }

    private mutating func start(_ event: MarkupEvent) {
        switch event.depth {
        case 1:
            let name = parser.names.string(of: Int(event.name))
            guard name != "dataset" else { return }
            stop(
                "root", at: Place(line: event.line, byteOffset: originalOffset(of: event.byteOffset)),
                value: XMLReading.shown(Array(name.utf8)[...]), expected: "dataset")
        case 2:
            guard Int(event.name) == rowName else {
                _ = meaning(of: event, line: event.line)
                return
            }
            guard facts.rowsRead < limits.rows else {
                observations.append(
                    Observation(
                        "A23", at: Place(line: event.line, byteOffset: originalOffset(of: event.byteOffset)),
                        expected: "≤ \(limits.rows)", details: ["limit": "\(limits.rows)"]))
                isFinished = true
                return
            }
            row.begin(line: event.line, start: event.byteOffset, original: originalOffset(of: event.byteOffset))
        case 3:
            guard row.isOpen else { return }
            row.cellStart = event.byteOffset
            if Int(event.name) == fieldName {
                row.column = XMLOpenRow.unnamedField
            } else {
                beginCell(meaning(of: event, line: row.line))
            }
        default:
            if row.isOpen { row.note("nested_element", in: columnName(row.column)) }
        }
    }

    private mutating func attribute(_ event: MarkupEvent, _ text: [UInt8]) {
        let number = Int(event.name)
        switch event.depth {
        case 1:
            let name = parser.names.string(of: number)
            guard ["table", "hospital_code", "period"].contains(name) else { return }
            facts.declared[name] = XMLReading.shown(text[event.textRange])
        case 2:
            guard row.isOpen else { return }
            row.cellStart = row.start
            beginCell(meaning(of: event, line: row.line))
            row.append(text[event.textRange])
            row.column = XMLOpenRow.noColumn
        case 3:
            guard row.isOpen else { return }
            if number == nameName, row.column == XMLOpenRow.unnamedField {
                beginCell(names.meaning(ofField: text.span.extracting(event.textRange), line: row.line))
            } else {
                _ = meaning(of: event, line: row.line)
            }
        default: return
        }
    }

    private mutating func characters(_ event: MarkupEvent, _ text: [UInt8]) {
        guard row.isOpen else { return }
        if event.depth == 3 {
            row.append(text[event.textRange])
        } else if event.depth == 2, text[event.textRange].contains(where: { $0 > 0x20 }) {
            row.note("text_outside_cell", in: nil)
        }
    }

    /// What the name of an element or attribute means.
    private mutating func meaning(of event: MarkupEvent, line: Int) -> XMLColumnNames.Meaning {
        let number = Int(event.name)
        return names.meaning(ofTag: number, named: parser.names.string(of: number), line: line)
    }

    private mutating func beginCell(_ meaning: XMLColumnNames.Meaning) {
        guard case .column(let column) = meaning else {
            row.column = XMLOpenRow.noColumn
            return
        }
        if !row.beginCell(column) { row.noteRepeated(column) }
    }

    private mutating func endCell() {
        if row.column == XMLOpenRow.unnamedField { row.note("field_without_name", in: nil) }
        row.column = XMLOpenRow.noColumn
    }

    private mutating func endRow(at end: Int, into batch: inout RowBatch) {
        if !row.isTooLong, end - row.start > limits.recordBytes { tooLong() }
        if !row.isTooLong { row.raw.append(contentsOf: held[row.start - heldStart..<end - heldStart]) }
        facts.rowsRead += 1
        addRow(to: &batch)
        row.isOpen = false
    }

    /// Ends the reading, and says what only the end can tell.
    private mutating func finish() {
        isFinished = true
        if let failure = parser.failure { tell(failure) } else { judgeColumns() }
    }

    /// Says which names are no columns, each once with how often it came (A12).
    private mutating func tellUnknownNames() {
        guard !hasToldNames else { return }
        hasToldNames = true
        for unknown in names.unknown.prefix(limits.columns) {
            let shown = XMLReading.shown(Array(unknown.name.utf8)[...])
            observations.append(
                Observation(
                    "A12", at: Place(line: unknown.line, column: shown), value: shown,
                    details: ["count": "\(unknown.count)"]))
        }
    }

    private mutating func tell(_ failure: MarkupFailure) {
        let place = Place(line: failure.line, byteOffset: originalOffset(of: failure.byteOffset))
        switch failure.reason {
        case .notWellFormed(let said):
            stop("not_well_formed", at: place, value: said, expected: "well-formed XML", details: ["said": said])
        case .documentType: stop("document_type", at: place, value: "<!DOCTYPE", expected: "no DTD")
        case .tooDeep(let limit): stop("depth", at: place, expected: "≤ \(limit)", details: ["limit": "\(limit)"])
        case .tooLong(let limit): stop("too_long", at: place, expected: "≤ \(limit)", details: ["limit": "\(limit)"])
        case .tooManyNames(let limit):
            stop("too_many_names", at: place, expected: "≤ \(limit)", details: ["limit": "\(limit)"])
        }
    }

    /// Says why the file cannot be read any further (A16).
    private mutating func stop(
        _ reason: String, at place: Place, value: String? = nil, expected: String? = nil,
        details: [String: String] = [:]
    ) {
        isFinished = true
        observations.append(
            Observation(
                "A16", at: place, value: value, expected: expected,
                details: details.merging(["reason": reason]) { old, _ in old }))
    }

    /// The offset in the original of a byte that the parser was given.
    func originalOffset(of offset: Int) -> Int { input?.originalOffset(of: offset) ?? offset }

    func columnName(_ column: Int) -> String? { column >= 0 ? dataSet.columns[column].name : nil }

    /// The start of some text, for showing.
    static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        let text = String(decoding: bytes.prefix(480), as: UTF8.self)
        return text.unicodeScalars.count <= 120
            ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(119))) + "…"
    }
}
