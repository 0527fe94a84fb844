internal import Core
internal import Rules

/// An example ready to run: what the institution sends, what it sent before, and who else reports.
struct ExampleScenario: Sendable {
    /// What the finding must say besides its rule.
    struct Expectation: Sendable {
        var table: DataTable?
        var column: String?
        var row: Int?
        var value: String?
        var expected: String?
        var severity: Severity?
        /// How many findings of the rule there must be.
        var count: Int?
    }

    let example: RuleExample
    /// The institution in question.
    var submission: ExampleCase
    var files = FilePatch()
    /// What it reported in earlier periods, the latest first, where the example says so.
    var earlier: [ExampleCase] = []
    /// What it reported a period earlier.
    var before: ExampleCase? { earlier.first }
    /// What it sends again when its first version has been judged.
    var resent: ExampleCase?
    /// What it sends again of the period before.
    var resentBefore: ExampleCase?
    /// Its peers.
    var peers: [ExampleCase] = []
    /// What its peers reported a period earlier, where the example says so.
    var peersBefore: [ExampleCase] = []
    /// Whether the same bytes came before.
    var isSentTwice = false
    /// Whether the figures of the period are final already.
    var isFinal = false
    var expectation = Expectation()

    /// The periods in which anybody reports anything, earliest first.
    var periods: [Period] {
        let all = earlier + peersBefore + peers + [submission]
        return Set(all.map(\.period)).sorted()
    }

    /// Keys of an example besides the sheets.
    static let keys = [
        "files", "package", "manifest", "limits", "period", "business_date", "province", "drugs", "level", "peers",
        "others", "before", "others_before", "sent_twice", "finalised",
        "earlier", "resent", "resent_before",
    ]

    /// How an example is made: which one it is, and when, so that no two share a code or a period.
    struct Slot: Sendable {
        var number: Int
        var period: Period
    }

    /// Reads an example.
    init(_ example: RuleExample, slot: Slot) throws(ExampleError) {
        self.example = example
        let reader = ExampleReader(example: example)
        let entries = try reader.entries(example.patch)
        func entry(_ key: String) -> ExampleNode? { entries.last { $0.key == key }?.value }
        for entry in entries
        where !ExampleScenario.keys.contains(entry.key)
            && !ExampleCase.sheetNames.contains(entry.key)
        {
            throw reader.unknown(entry, known: ExampleCase.sheetNames + ExampleScenario.keys)
        }
        var base = BaseSubmission(period: slot.period)
        base.example = slot.number
        if let node = entry("period") { base.period = try reader.period(node).moved(to: slot) }
        let isAlone = example.rule.rawValue.first != "P"
        base.drugs = isAlone ? 60 : 12
        if let node = entry("drugs") { base.drugs = try reader.number(node, in: 1...600) }
        if let node = entry("level") { base.level = try reader.number(node, in: 1...9) }
        submission = base.makeCase()
        try ExampleScenario.apply(entries, to: &submission, reader)
        if let node = entry("business_date") { submission.businessDate = try reader.day(node) }
        try readFiles(entries, base: base.makeCase(), reader)
        if let node = entry("sent_twice") { isSentTwice = try reader.flag(node) }
        if let node = entry("finalised") { isFinal = try reader.flag(node) }
        let peerCount = try entry("peers").map { node throws(ExampleError) in try reader.number(node, in: 0...60) }
        for number in 0..<(peerCount ?? 0) {
            var peer = base
            peer.institution = number + 1
            var sheets = peer.makeCase()
            if let others = entry("others") {
                try ExampleScenario.apply(try reader.entries(others), to: &sheets, reader)
            }
            peers.append(sheets)
            if let others = entry("others_before") {
                var earlier = peer.before.makeCase()
                try ExampleScenario.apply(try reader.entries(others), to: &earlier, reader)
                peersBefore.append(earlier)
            }
        }
        if let node = entry("before") {
            let count = try entry("earlier").map { node throws(ExampleError) in try reader.number(node, in: 1...4) }
            var past = base
            for _ in 0..<(count ?? 1) {
                past = past.before
                earlier.append(try ExampleScenario.patched(past, node, reader))
            }
        }
        if let node = entry("resent") { resent = try ExampleScenario.patched(base, node, reader) }
        if let node = entry("resent_before") {
            resentBefore = try ExampleScenario.patched(base.before, node, reader)
        }
        if let finds = example.finds { expectation = try ExampleScenario.expectation(finds, reader) }
    }

    private static func patched(
        _ base: BaseSubmission, _ node: ExampleNode, _ reader: ExampleReader
    ) throws(ExampleError) -> ExampleCase {
        var sheets = base.makeCase()
        try apply(try reader.entries(node), to: &sheets, reader)
        return sheets
    }

    private static func apply(
        _ entries: [ExampleNode.Entry], to sheets: inout ExampleCase, _ reader: ExampleReader
    ) throws(ExampleError) {
        let patch = SheetPatch(reader: reader, base: sheets)
        for entry in entries {
            guard var sheet = sheets[sheet: entry.key] else {
                if ExampleScenario.keys.contains(entry.key) { continue }
                throw reader.unknown(entry, known: ExampleCase.sheetNames)
            }
            try patch.apply(entry.value, to: &sheet)
            sheets[sheet: entry.key] = sheet
        }
    }

    private mutating func readFiles(
        _ entries: [ExampleNode.Entry], base: ExampleCase, _ reader: ExampleReader
    ) throws(ExampleError) {
        let texts = ExampleText(reader: reader, base: base)
        for entry in entries {
            switch entry.key {
            case "files":
                for file in try reader.entries(entry.value) {
                    files.files.append((file.key, try FilePatch.file(file.value, reader, texts)))
                }
            case "package": files.package = try FilePatch.package(entry.value, reader)
            case "manifest": files.manifest = try texts.filled(entry.value)
            case "limits": files.limits = try FilePatch.limits(entry.value, reader)
            case "province": files.province = UInt8(try reader.number(entry.value, in: 11...82))
            default: break
            }
        }
    }

    private static func expectation(
        _ node: ExampleNode, _ reader: ExampleReader
    ) throws(ExampleError) -> Expectation {
        var expectation = Expectation()
        for entry in try reader.entries(node) {
            let text = try reader.text(entry.value)
            switch entry.key {
            case "table":
                guard let table = DataTable(rawValue: text) else {
                    throw reader.fail("a table is expected here", at: entry.value)
                }
                expectation.table = table
            case "column": expectation.column = text
            case "row": expectation.row = try reader.number(entry.value, in: 1...1_000_000)
            case "value": expectation.value = text
            case "expected": expectation.expected = text
            case "severity":
                guard let severity = Severity(rawValue: text) else {
                    throw reader.fail("a severity is expected here", at: entry.value)
                }
                expectation.severity = severity
            case "count": expectation.count = try reader.number(entry.value, in: 1...1_000_000)
            default:
                throw reader.unknown(
                    entry, known: ["table", "column", "row", "value", "expected", "severity", "count"])
            }
        }
        return expectation
    }
}

extension ExampleScenario.Expectation {
    /// Whether a finding says all of this.
    func fits(_ finding: Finding) -> Bool {
        (table == nil || table == finding.place.table) && (column == nil || column == finding.place.column)
            && (row == nil || row == finding.place.row) && (value == nil || value == finding.observation.value)
            && (expected == nil || expected == finding.observation.expected)
            && (severity == nil || severity == finding.severity)
    }
}

extension BaseSubmission {
    /// The same institution a period earlier.
    var before: BaseSubmission {
        var earlier = self
        earlier.period = period.previous
        earlier.season = season + 1
        return earlier
    }
}

extension Period {
    /// In the slot's year where the slot is one of many: examples in one database must not meet.
    fileprivate func moved(to slot: ExampleScenario.Slot) -> Period {
        slot.number == 0 ? self : Period(year: slot.period.year, length: length) ?? self
    }

    /// The period of the same length before this one; the first there is stays.
    var previous: Period {
        let earlier: Period? =
            switch length {
            case .year: Period(year: year - 1)
            case .quarter(let quarter):
                quarter == 1
                    ? Period(year: year - 1, length: .quarter(4)) : Period(year: year, length: .quarter(quarter - 1))
            case .month(let month):
                month == 1 ? Period(year: year - 1, length: .month(12)) : Period(year: year, length: .month(month - 1))
            }
        return earlier ?? self
    }
}
