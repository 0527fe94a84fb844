import Core
import Readers

/// What must hold for every text that is normalised or looked at.
enum NormalizerInvariants {
    static func hold(for input: [UInt8]) throws {
        var choices = InputChoices(input)
        var choice = Int(choices.byte())
        let size = InputChoices.choose(&choice, from: [0, 1, 3, 700])
        var limits = ReadingLimits()
        var sampleBytes = 1 << 20
        let isShort = InputChoices.choose(&choice, from: [false, true])
        if isShort {
            limits.windowBytes = 1 << 10
            limits.recordBytes = 600
            sampleBytes = 1 << 10
        }
        var options = NormalizerOptions()
        if InputChoices.choose(&choice, from: [false, false, true]) {
            var given = Int(choices.byte())
            options.delimiter = InputChoices.choose(&given, from: [nil, ",", "||", "|", "药", "\\"])
            options.quote = InputChoices.choose(&given, from: [nil, "'", "", "\""])
            options.escape = InputChoices.choose(&given, from: [nil, "\\", "", "\""])
            var more = Int(choices.byte())
            options.headerRows = InputChoices.choose(&more, from: [nil, 2, 3, 0])
            options.skip = InputChoices.choose(&more, from: [nil, 0, 2])
            options.encoding = InputChoices.choose(&more, from: [nil, .gb18030, .utf16LE, .utf8])
        }
        let bytes = Array(choices.rest)
        // One at a time: finding out the dialect is the slow part, and each of them does it.
        if InputChoices.choose(&choice, from: [false, true]) {
            return try holdForInspection(of: bytes, options.encoding, size: size)
        }
        let (text, summary) = try normalise(bytes, options, limits, sampleBytes, size: size)
        try check(text, summary, bytes)
        if size == 0 { return try holdForClean(text, summary) }
        let (other, otherSummary) = try normalise(bytes, options, limits, sampleBytes, size: 0)
        try require(text == other && summary == otherSummary, "borders matter: \(summary) and \(otherSummary)")
    }

    private static func normalise(
        _ bytes: [UInt8], _ options: NormalizerOptions, _ limits: ReadingLimits, _ sampleBytes: Int, size: Int
    ) throws -> (text: [UInt8], summary: Normalizer.Summary) {
        var normalizer = Normalizer(
            PieceSource(bytes, size: size), options: options, limits: limits, sampleBytes: sampleBytes)
        var text: [UInt8] = []
        var parts = 0
        while try normalizer.next(into: &text) {
            parts += 1
            try require(parts <= 4 * bytes.count + 100, "no end after \(parts) parts of \(bytes.count) bytes")
        }
        let end = text.count
        let again = try normalizer.next(into: &text)
        try require(!again && text.count == end, "the end is the end")
        return (text, normalizer.summary)
    }

    private static func check(_ text: [UInt8], _ summary: Normalizer.Summary, _ bytes: [UInt8]) throws {
        try require(String(validating: text, as: UTF8.self) != nil, "what comes out is no UTF-8")
        try require(text.count <= 6 * bytes.count + 16, "\(text.count) bytes out of \(bytes.count)")
        try require(try records(in: text) == summary.records, "\(summary.records) records are told")
    }

    /// How many records some RFC 4180 text has; it must be clean.
    private static func records(in text: [UInt8]) throws -> Int {
        let quote = UInt8(ascii: "\"")
        var count = 0
        var index = 0
        while index < text.count {
            if text[index] == quote {
                index += 1
                while index < text.count {
                    if text[index] != quote {
                        index += 1
                    } else if index + 1 < text.count, text[index + 1] == quote {
                        index += 2
                    } else {
                        break
                    }
                }
                try require(index < text.count, "a quote is not closed")
                index += 1
            } else {
                while index < text.count, !",\r\n\"".utf8.contains(text[index]) { index += 1 }
            }
            try require(index < text.count, "the last record has no end")
            if text[index] == UInt8(ascii: ",") {
                index += 1
                // An empty last field.
                guard text[index...].starts(with: "\r\n".utf8) else { continue }
            }
            try require(text[index...].starts(with: "\r\n".utf8), "a cell has no quotes and needs them, at \(index)")
            count += 1
            index += 2
        }
        return count
    }

    /// What is clean stays as it is.
    private static func holdForClean(_ text: [UInt8], _ summary: Normalizer.Summary) throws {
        // A second byte order mark is a character of the text the first time and none the second.
        guard !text.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        var options = NormalizerOptions()
        options.encoding = .utf8
        options.delimiter = ","
        options.quote = "\""
        options.escape = ""
        options.headerRows = 1
        options.skip = 0
        let (again, second) = try normalise(text, options, ReadingLimits(), 1 << 20, size: 0)
        try require(again == text, "clean text is changed")
        try require(
            second.records == summary.records && second.repaired + second.cut + second.invalid == 0,
            "clean text is repaired: \(second)")
    }

    private static func holdForInspection(of bytes: [UInt8], _ encoding: TextEncoding?, size: Int) throws {
        let inspection = try Inspection.of(PieceSource(bytes, size: size), encoding: encoding, rowCount: 3)
        if size > 0 {
            let other = try Inspection.of(PieceSource(bytes), encoding: encoding, rowCount: 3)
            try require(inspection == other, "borders matter: \(inspection) and \(other)")
        }
        try require(TextEncoding(rawValue: inspection.encoding) != nil, "no encoding \(inspection.encoding)")
        try require(inspection.rows.count == min(3, inspection.rowsLookedAt), "\(inspection.rows.count) rows are shown")
        for column in inspection.columns {
            let seen = column.blank + column.counts.values.reduce(0, +)
            try require(seen == inspection.rowsLookedAt, "\(seen) cells in \(inspection.rowsLookedAt) rows")
        }
        for cell in inspection.rows.joined() { try require(cell.utf8.count <= 500, "a cell is shown whole") }
    }
}
