import Compression
import Core
import Pipeline
import Readers
import Samples
import TestNight
import Testing

/// Whatever happens to the bytes of a valid file, every row ends in one place and every place is the right one.
@Suite struct `Damaged submissions` {
    static let each = 500

    /// Twenty batches of five hundred mutations: a batch damages one file of one shape after the other.
    /// One after the other: they are all work and no waiting, and would leave the other tests no thread.
    @Test(.serialized, arguments: UInt64(0)..<20)
    func `keep their sums and say where they are broken`(batch: UInt64) throws {
        try withFolder { folder in
            var random = SeededGenerator(seed: 20_260_302, path: batch)
            let shapes = Mutation.shapes
            var seen: [String: Int] = [:]
            for number in 0..<Damaged.each(batch) {
                let shape = shapes[(Int(batch) + number) % shapes.count]
                let damaged = try Damaged(shape, using: &random)
                let outcome = try damaged.submission.check(in: folder)
                let findings = try outcome.findings()
                check(outcome, findings, damaged, "batch \(batch), number \(number), \(shape)")
                seen[outcome.verdict.rawValue, default: 0] += 1
                for finding in findings { seen[finding.rule.rawValue, default: 0] += 1 }
            }
            // Mutations that nobody notices would prove nothing.
            for name in ["passed", "partly_loaded", "returned", "A05", "A10", "A15", "A16", "C16"] {
                #expect(seen[name] != nil, "nothing was \(name)")
            }
        }
    }

    private func check(_ outcome: CheckOutcome, _ findings: [Finding], _ damaged: Damaged, _ label: String) {
        let label = "\(label), \(damaged.what) in \(damaged.table)"
        for file in outcome.files {
            #expect(file.isBalanced, "\(label): \(file.name)")
            #expect(
                outcome.verdict != .returned || file.rowsLoaded == 0, "\(label): a returned submission loads nothing")
        }
        if outcome.verdict != .returned {
            for table in DataTable.allCases {
                let loaded = outcome.files.filter { $0.table == table }.reduce(0) { $0 + $1.rowsLoaded }
                #expect((try? outcome.stagedRows(of: table)) == loaded, "\(label): \(table)")
            }
        }
        var quarantined = 0
        #expect(throws: Never.self, "\(label)") { try outcome.staged.forEachQuarantinedRow { _ in quarantined += 1 } }
        #expect(quarantined == outcome.files.reduce(0) { $0 + $1.rowsQuarantined }, "\(label)")

        for finding in findings {
            let place = finding.place
            if let file = place.file { #expect(outcome.files.indices.contains(file), "\(label): \(finding)") }
            guard let index = place.file, outcome.files[index].table == damaged.table else { continue }
            damaged.expectPlace(of: finding, in: outcome.files[index], label)
        }
    }
}

/// A valid submission with one file damaged.
struct Damaged {
    var submission: TestSubmission
    let table: DataTable
    let what: String
    /// The bytes of the damaged file as a reader sees them, unpacked; `nil` where they cannot be unpacked.
    let text: [UInt8]?

    static func each(_ batch: UInt64) -> Int { `Damaged submissions`.each }

    init(_ shape: TestSubmission.Shape, using random: inout SeededGenerator) throws {
        submission = try Mutation.valid(shape)
        let table = random.pick(DataTable.allCases)
        self.table = table
        if let package = submission.packageName, let bytes = submission.files[package] {
            // The package itself, its directory and its members included.
            let (mutated, what) = Mutation.bytes(bytes, using: &random)
            submission.files[package] = mutated
            self.what = what
            text = nil
            return
        }
        let name = try #require(submission.files.keys.first { $0.hasPrefix(table.rawValue) })
        let bytes = try #require(submission.files[name])
        guard name.hasSuffix(".gz") else {
            let (mutated, what) = Mutation.text(bytes, using: &random)
            submission.files[name] = mutated
            self.what = what
            text = mutated
            return
        }
        if random.happens(perMille: 500) {
            let (mutated, what) = Mutation.bytes(bytes, using: &random)
            submission.files[name] = mutated
            self.what = "packed: " + what
            text = nil
        } else {
            let (mutated, what) = Mutation.text(try Mutation.plain(of: name, in: submission), using: &random)
            submission.files[name] = GzipWriter.gzip(mutated)
            self.what = "unpacked: " + what
            text = mutated
        }
    }

    /// A line is where the line is, and an offset points at what is reported.
    func expectPlace(of finding: Finding, in file: FileOutcome, _ label: String) {
        guard let text, let name = file.encoding, let encoding = TextEncoding(rawValue: name) else { return }
        let place = finding.place
        let label = "\(label): \(finding.observation)"
        guard let offset = place.byteOffset else { return }
        guard offset <= text.count else {
            Issue.record("\(label): an offset of \(text.count) bytes")
            return
        }
        let rest = text[offset...]
        if finding.rule == "A15" {
            #expect(isInvalid(rest, encoding), "\(label): the bytes there are valid")
        }
        let reason = finding.observation.details["reason"]
        if reason == "unclosed_quote", let value = finding.observation.value {
            // What cannot be shown as it is (invalid bytes, control characters) ends the comparison.
            let shown = value.unicodeScalars.prefix {
                $0.value >= 0x20 && $0 != "…" && $0 != "\u{FFFD}" && !(0x2400...0x2426).contains($0.value) && $0 != "\\"
                    && $0 != "↵" && $0 != "⏎"
            }
            let expected = encoding.encoded(String(String.UnicodeScalarView(shown.prefix(5))))
            #expect(rest.starts(with: expected), "\(label): the text there is another")
        }
    }

    /// Whether no valid character begins there, or the one that stands for a lost character.
    private func isInvalid(_ rest: ArraySlice<UInt8>, _ encoding: TextEncoding) -> Bool {
        guard rest.first != nil else { return false }
        let lost = encoding.encoded("\u{FFFD}")
        if rest.starts(with: lost) { return true }
        let start = Array(rest.prefix(4))
        switch encoding {
        case .utf8:
            guard let character = UTF8Scan.scalar(in: start.span, at: 0) else { return true }
            return character.value == 0xFFFD
        case .gb18030:
            // Another implementation than the program's: glibc's.
            return Mutation.firstCharacterIsInvalid(start)
        case .utf16LE, .utf16BE:
            guard start.count >= 2 else { return true }
            let unit =
                encoding == .utf16LE
                ? UInt16(start[1]) << 8 | UInt16(start[0]) : UInt16(start[0]) << 8 | UInt16(start[1])
            return (0xD800...0xDFFF).contains(unit)
        }
    }
}
