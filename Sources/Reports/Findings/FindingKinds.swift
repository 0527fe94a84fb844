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

    private var positions: [String: Int] = [:]
    private var kinds: [Kind] = []
    /// Findings of kinds that are not kept.
    private(set) var others = 0

    mutating func add(_ finding: Finding) {
        let shown = FindingGroups.shortened(finding)
        let key = FindingKinds.key(of: shown)
        let position: Int
        if let known = positions[key] {
            position = known
        } else if kinds.count < FindingKinds.limit {
            position = kinds.count
            positions[key] = position
            kinds.append(Kind(finding: shown))
        } else {
            others += 1
            return
        }
        kinds[position].count += 1
        if let row = finding.place.line ?? finding.place.row { kinds[position].rows.add(row) }
    }

    /// What makes two findings say the same: everything but the row.
    private static func key(of finding: Finding) -> String {
        let observation = finding.observation
        var key = "\(finding.place.file ?? -1)\u{1}\(finding.place.column ?? "")\u{1}\(observation.value ?? "\u{2}")"
        key += "\u{1}\(observation.expected ?? "\u{2}")"
        for (name, value) in observation.details.sorted(by: { $0.key < $1.key }) where !places.contains(name) {
            key += "\u{1}\(name)\u{2}\(value)"
        }
        return key
    }

    /// Details that say where, which the ranges of rows do.
    private static let places: Set<String> = ["line", "row", "byte_offset"]

    /// The most frequent first, then in the order in which they came.
    func first(_ limit: Int) -> [Kind] {
        Array(
            kinds.enumerated().sorted { (-$0.element.count, $0.offset) < (-$1.element.count, $1.offset) }.prefix(limit)
                .map(\.element))
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
