public import Core

/// Findings counted by rule, with the first few places of each. However many findings come, memory stays bounded.
public struct FindingGroups: Sendable {
    /// What one rule found.
    public struct Group: Sendable {
        /// The rule.
        public let rule: RuleID
        /// Its weight.
        public let severity: Severity
        /// How many findings, exactly.
        public fileprivate(set) var count = 0
        /// The first of them, in the order in which they came.
        public fileprivate(set) var places: [Finding] = []
        /// How many in each table.
        public fileprivate(set) var tables: [DataTable: Int] = [:]
    }

    private struct Key: Hashable {
        let rule: RuleID
        let severity: Severity
    }

    private let placesPerRule: Int
    private var groups: [Key: Group] = [:]
    private var counts: [Severity: Int] = [:]

    /// No findings yet.
    public init(placesPerRule: Int = 20) { self.placesPerRule = max(placesPerRule, 0) }

    /// Counts a finding, and keeps its place where it is among the first of its rule.
    public mutating func add(_ finding: Finding) {
        counts[finding.severity, default: 0] += 1
        let key = Key(rule: finding.rule, severity: finding.severity)
        var group = groups.removeValue(forKey: key) ?? Group(rule: finding.rule, severity: finding.severity)
        group.count += 1
        if let table = finding.place.table { group.tables[table, default: 0] += 1 }
        if group.places.count < placesPerRule { group.places.append(FindingGroups.shortened(finding)) }
        groups[key] = group
    }

    /// Heaviest first, then the most frequent.
    public var sorted: [Group] {
        groups.values.sorted { ($0.severity.rank, -$0.count, $0.rule) < ($1.severity.rank, -$1.count, $1.rule) }
    }

    /// How many findings have a weight.
    public func count(of severity: Severity) -> Int { counts[severity] ?? 0 }

    /// How many findings there are.
    public var total: Int { counts.values.reduce(0, +) }

    /// Kept findings are cut to what is shown of them: a cell of a megabyte must not stay in memory.
    static func shortened(_ finding: Finding) -> Finding {
        var finding = finding
        let limit = ShownFinding.valueLimit + 1
        finding.observation.value = finding.observation.value.map { VisibleText.cut($0, limit: limit) }
        finding.observation.expected = finding.observation.expected.map { VisibleText.cut($0, limit: limit) }
        finding.observation.details = finding.observation.details.mapValues { VisibleText.cut($0, limit: limit) }
        return finding
    }
}
