import Core
import Readers

/// What must hold for every delimited file.
enum DelimitedInvariants {
    static func hold(for input: [UInt8]) throws {
        var choices = InputChoices(input)
        var choice = Int(choices.byte())
        let table = InputChoices.choose(&choice, from: DataTable.allCases)
        let size = InputChoices.choose(&choice, from: [0, 1, 3, 64, 700])
        var limits = ReadingLimits()
        var encoding: TextEncoding?
        var sampleBytes = 1 << 20
        switch choice {
        case 4, 5, 6:
            limits.windowBytes = 1 << 10
            sampleBytes = 1 << 10
        case 7, 8:
            limits.windowBytes = 1 << 10
            limits.recordBytes = 600
            limits.columns = 12
            sampleBytes = 1 << 10
        case 9: limits.rows = 3
        case 10: encoding = .gb18030
        default: break
        }
        let bytes = Array(choices.rest)
        let reading = try read(bytes, table, limits, encoding, sampleBytes, size: size)
        try check(reading, bytes, limits)
        // Neither where reads end nor where blocks end may change what is read.
        limits.windowBytes *= 2
        let other = try read(bytes, table, limits, encoding, sampleBytes, size: size == 0 ? 97 : 0)
        if let difference = reading.difference(from: other) { throw BrokenInvariant("borders matter: \(difference)") }
    }

    private static func read(
        _ bytes: [UInt8], _ table: DataTable, _ limits: ReadingLimits, _ encoding: TextEncoding?, _ sampleBytes: Int,
        size: Int
    ) throws -> TableReading {
        let set = DataSet.of(table)
        let reader = DelimitedTableReader(
            PieceSource(bytes, size: size), dataSet: set, limits: limits, encoding: encoding, sampleBytes: sampleBytes)
        return try TableReading(reader, set, limits)
    }

    private static func check(_ reading: TableReading, _ bytes: [UInt8], _ limits: ReadingLimits) throws {
        let name = reading.facts.encoding ?? ""
        guard let encoding = TextEncoding(rawValue: name) else { throw BrokenInvariant("no encoding \(name)") }
        for row in reading.rows {
            try require(row.raw.count <= limits.recordBytes, "row \(row.number) has \(row.raw.count) bytes")
            try require(row.byteOffset < bytes.count, "row \(row.number) at \(row.byteOffset) of \(bytes.count)")
            if encoding.isWide {
                try checkFirst(row, bytes, encoding)
            } else {
                try require(row.end <= bytes.count, "row \(row.number) ends at \(row.end) of \(bytes.count)")
                try require(
                    bytes[row.byteOffset..<row.end].elementsEqual(row.raw),
                    "row \(row.number) does not stand at \(row.byteOffset)")
            }
        }
        for observation in reading.observations {
            guard let offset = observation.place.byteOffset, let number = observation.place.row else {
                throw BrokenInvariant("\(observation) has no place")
            }
            let row = reading.rows[number - 1]
            let isInside = offset >= row.byteOffset && offset < (encoding.isWide ? bytes.count : max(row.end, offset))
            try require(isInside || offset == row.byteOffset, "\(observation) is outside of its row")
            guard !encoding.isWide else { continue }
            let reason = observation.details["reason"]
            if reason == "unclosed_quote" || reason == "text_after_quote" {
                try require(
                    String(UnicodeScalar(bytes[offset])) == reading.facts.quote, "\(observation) is at no quote")
            }
            if observation.rule == "A15" { try require(bytes[offset] >= 0x80, "\(observation) is at ASCII") }
        }
        if !encoding.isWide { try checkGaps(reading, bytes, limits) }
    }

    /// In UTF-16 a row's bytes are its text; the first letter must stand where the row is said to begin.
    private static func checkFirst(_ row: TableReading.Row, _ bytes: [UInt8], _ encoding: TextEncoding) throws {
        guard let first = row.raw.first, first < 0x80 else { return }
        let end = min(row.byteOffset + 2, bytes.count)
        let unit = encoding == .utf16LE ? [first, 0] : [0, first]
        try require(
            bytes[row.byteOffset..<end].elementsEqual(unit), "row \(row.number) does not begin at \(row.byteOffset)")
    }

    /// Nothing is lost: what stands between rows and behind the last one is blank.
    private static func checkGaps(_ reading: TableReading, _ bytes: [UInt8], _ limits: ReadingLimits) throws {
        guard reading.facts.headerLine != nil else { return }
        let blank =
            Array(" \t\r\n".utf8) + Array((reading.facts.delimiter ?? "").utf8)
            + Array((reading.facts.quote ?? "").utf8)
        let cut = reading.observations.filter { $0.details["reason"] == "field_too_long" }.compactMap(\.place.row)
        for (index, row) in reading.rows.enumerated() {
            let isLast = index + 1 == reading.rows.count
            // A file with too many rows is not read on.
            if isLast, reading.rows.count == limits.rows { return }
            let next = isLast ? bytes.count : reading.rows[index + 1].byteOffset
            try require(next >= row.end, "row \(row.number) reaches into the next one")
            var gap = bytes[row.end..<next]
            // Of a record that is too long the rest of its line is passed over.
            if cut.contains(row.number) { gap = gap.drop { $0 != 10 && ($0 != 13 || reading.facts.lineEnd != "\r") } }
            try require(gap.allSatisfy(blank.contains), "bytes behind row \(row.number) are in no row")
        }
    }
}
