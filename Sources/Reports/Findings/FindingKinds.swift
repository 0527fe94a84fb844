import Core

/// Findings of one rule that say the same of many rows: what they say once, with the rows. Bounded however many come.
struct FindingKinds: Sendable {
    /// One thing that is said.
    struct Kind: Sendable {
        /// The first of them.
        let finding: Finding
        /// How many, exactly.
        var count = 0
        var rows = RowRanges()
    }

    private static let limit = 200

    /// What makes two findings say the same: everything but the row.
    private struct Key: Hashable {
        var bytes: [UInt8] = []

        mutating func append(_ mark: UInt8, _ text: String) {
            bytes.append(mark)
            bytes.append(contentsOf: text.utf8)
        }

        func hash(into hasher: inout Hasher) {
            unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        }
    }

    private var positions: [Key: Int] = [:]
    private var kinds: [Kind] = []
    /// Findings of kinds that are not kept.
    private(set) var others = 0

    /// Takes a finding that is cut to what is shown of it.
    mutating func add(_ finding: Finding) {
        let key = FindingKinds.key(of: finding)
        let position: Int
        if let known = positions[key] {
            position = known
        } else if kinds.count < FindingKinds.limit {
            position = kinds.count
            positions[key] = position
            kinds.append(Kind(finding: finding))
        } else {
            others += 1
            return
        }
        kinds[position].count += 1
        if let row = finding.place.line ?? finding.place.row { kinds[position].rows.add(row) }
    }

    private static func key(of finding: Finding) -> Key {
        let observation = finding.observation
        var key = Key()
        key.append(0, String(finding.place.file ?? -1))
        key.append(1, finding.place.column ?? "")
        key.append(1, observation.value ?? "\u{2}")
        key.append(1, observation.expected ?? "\u{2}")
        let details = observation.details
        if details.count < 2 {
            for (name, value) in details { append(name, value, to: &key) }
        } else {
            for (name, value) in details.sorted(by: { $0.key < $1.key }) { append(name, value, to: &key) }
        }
        return key
    }

    private static func append(_ name: String, _ value: String, to key: inout Key) {
        guard !places.contains(name) else { return }
        key.append(1, name)
        key.append(2, value)
    }

    /// Details that say where, which the ranges of rows do.
    private static let places: Set<String> = ["line", "row", "byte_offset"]

    /// The most frequent first, then in the order in which they came.
    func first(_ limit: Int) -> [Kind] {
        kinds.indices.sorted { (-kinds[$0].count, $0) < (-kinds[$1].count, $1) }.prefix(limit).map { kinds[$0] }
    }

    /// How many kinds are known.
    var count: Int { kinds.count }
}

/// Rows as people write them: `3–17, 20, 31–40`. Rows mostly come in their order; more ranges than fit are counted.
struct RowRanges: Sendable {
    private static let limit = 40

    private(set) var ranges: [ClosedRange<Int>] = []
    /// Rows behind those of the ranges.
    private(set) var more = 0

    mutating func add(_ row: Int) {
        if let last = ranges.last, last.contains(row) { return }
        if let last = ranges.last, more == 0, row == last.upperBound + 1 {
            ranges[ranges.count - 1] = last.lowerBound...row
        } else if ranges.count < RowRanges.limit {
            ranges.append(row...row)
        } else {
            more += 1
        }
    }

    /// The first so many ranges, and how many rows are not among them.
    func text(_ limit: Int, separator: String) -> (text: String, rest: Int) {
        let shown = ranges.prefix(limit).map { range in
            range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
        }
        let rest = ranges.dropFirst(limit).reduce(more) { $0 + $1.count }
        return (shown.joined(separator: separator), rest)
    }
}
