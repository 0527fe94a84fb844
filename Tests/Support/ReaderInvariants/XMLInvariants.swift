import Core
import Readers

/// What must hold for every XML file.
enum XMLInvariants {
    static func hold(for input: [UInt8]) throws {
        var choices = InputChoices(input)
        var choice = Int(choices.byte())
        let table = InputChoices.choose(&choice, from: DataTable.allCases)
        let size = InputChoices.choose(&choice, from: [0, 1, 3, 64, 700])
        var limits = ReadingLimits()
        switch choice {
        case 4, 5, 6: limits.windowBytes = 1 << 10
        case 7, 8:
            limits.windowBytes = 1 << 10
            limits.recordBytes = 600
            limits.columns = 12
        case 9: limits.rows = 3
        default: break
        }
        let bytes = Array(choices.rest)
        var reading = try read(bytes, table, limits, size: size)
        try check(reading, bytes, limits)
        limits.windowBytes *= 2
        var other = try read(bytes, table, limits, size: size == 0 ? 97 : 0)
        // How long a tag or comment may be is kept to within one piece: which one is too long may differ.
        for told in reading.fileObservations + other.fileObservations where told.details["reason"] == "too_long" {
            return
        }
        // Which of two faults expat names, and at which of their bytes, depends on how much it is given at a time.
        reading.forgetFault()
        other.forgetFault()
        if let difference = reading.difference(from: other) { throw BrokenInvariant("borders matter: \(difference)") }
        // The look that `Package` takes at the root reads the same bytes with another limit.
        _ = try XMLRootPeek.root(of: PieceSource(bytes, size: size))
    }

    private static func read(
        _ bytes: [UInt8], _ table: DataTable, _ limits: ReadingLimits, size: Int
    ) throws -> TableReading {
        let set = DataSet.of(table)
        let reader = XMLTableReader(PieceSource(bytes, size: size), dataSet: set, limits: limits)
        return try TableReading(reader, set, limits)
    }

    private static func check(_ reading: TableReading, _ bytes: [UInt8], _ limits: ReadingLimits) throws {
        let encoding = reading.facts.encoding.flatMap(TextEncoding.init)
        var position = 0
        for row in reading.rows {
            try require(row.raw.count <= limits.recordBytes, "row \(row.number) has \(row.raw.count) bytes")
            let start: [UInt8] =
                switch encoding {
                case .utf16LE: [0x3C, 0]
                case .utf16BE: [0, 0x3C]
                default: [0x3C]
                }
            try require(row.byteOffset >= position, "row \(row.number) begins in the one before")
            try require(
                row.byteOffset < bytes.count && bytes[row.byteOffset...].starts(with: start),
                "row \(row.number) begins with no tag")
            try require(row.raw.starts(with: start), "the bytes of row \(row.number) begin with no tag")
            // Of GB18030 they are the text.
            guard encoding != .gb18030 else { continue }
            try require(row.end <= bytes.count, "row \(row.number) ends at \(row.end) of \(bytes.count)")
            try require(
                bytes[row.byteOffset..<row.end].elementsEqual(row.raw),
                "row \(row.number) does not stand at \(row.byteOffset)")
            position = row.end
        }
        for observation in reading.observations + reading.fileObservations {
            try require((0...bytes.count).contains(observation.place.byteOffset ?? 0), "\(observation) is outside")
        }
        try require(reading.facts.headers.count <= limits.columns, "\(reading.facts.headers.count) headers")
    }
}

extension TableReading {
    fileprivate mutating func forgetFault() {
        for index in fileObservations.indices where fileObservations[index].details["reason"] == "not_well_formed" {
            fileObservations[index].place = Place()
            fileObservations[index].value = nil
            fileObservations[index].details["said"] = nil
        }
    }
}
