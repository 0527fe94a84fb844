internal import Core

/// Where in a staging file the records of each kind lie: from the first of them to the last, others perhaps among them. So
/// whoever wants one kind reads no more than that part.
struct StagingExtents: Sendable, Equatable {
    private static let kinds = StagingRecord.allCases.filter { $0 != .extents && $0 != .end }
    /// How long the end of a whole file is: this record and the end record.
    static let tailBytes = 5 + kinds.count * 16 + 5

    private var ranges = [Range<Int>](repeating: 0..<0, count: kinds.count)

    /// Nothing yet.
    init() {}

    subscript(_ kind: StagingRecord) -> Range<Int> {
        StagingExtents.kinds.firstIndex(of: kind).map { ranges[$0] } ?? 0..<0
    }

    /// Takes note of a record.
    mutating func note(_ kind: StagingRecord, _ record: Range<Int>) {
        let place = Int(kind.rawValue) - 1
        guard ranges.indices.contains(place) else { return }
        ranges[place] = ranges[place].isEmpty ? record : ranges[place].lowerBound..<record.upperBound
    }

    func encode(into encoder: inout StagingEncoder) {
        for range in ranges {
            encoder.append(UInt64(range.lowerBound))
            encoder.append(UInt64(range.upperBound))
        }
    }

    /// What the last `tailBytes` of a file say; `nil` where it is not whole.
    init?(tail: [UInt8], fileSize: Int) {
        let length = StagingExtents.tailBytes - 10
        guard tail.count == StagingExtents.tailBytes, tail[0] == StagingRecord.extents.rawValue,
            Array(tail[1..<5]) == (0..<4).map({ UInt8(truncatingIfNeeded: length >> (8 * $0)) }),
            Array(tail.suffix(5)) == [StagingRecord.end.rawValue, 0, 0, 0, 0]
        else { return nil }
        var decoder = StagingDecoder(tail, 5..<5 + length, name: "")
        for place in ranges.indices {
            guard let first = try? decoder.integer(UInt64.self), let end = try? decoder.integer(UInt64.self),
                first <= end, end <= UInt64(max(0, fileSize - StagingExtents.tailBytes))
            else { return nil }
            ranges[place] = Int(first)..<Int(end)
        }
    }
}
