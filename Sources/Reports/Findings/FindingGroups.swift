public import Core

/// Findings counted by rule, with the first few places of each and what follows from what. However many findings come,
/// memory stays bounded.
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
        /// How many in each file, by its position in the submission's list.
        public fileprivate(set) var files: [Int: Int] = [:]
        /// How many of them follow from a finding of another rule and need no mending of their own.
        public internal(set) var following = 0
        /// Findings of other rules that follow from these, by rule.
        public internal(set) var consequences: [RuleID: Int] = [:]
        /// The same thing said of many rows, each with its rows.
        var kinds = FindingKinds()

        fileprivate mutating func add(_ finding: Finding, _ placesPerRule: Int) {
            count += 1
            if let table = finding.place.table { tables[table, default: 0] += 1 }
            if let file = finding.place.file { files[file, default: 0] += 1 }
            kinds.add(finding)
            if places.count < placesPerRule { places.append(finding) }
        }

        /// Whether there is something of its own to mend here.
        public var isCause: Bool { count > following }
        /// How many findings go away with these.
        public var weight: Int { count - following + consequences.values.reduce(0, +) }
    }

    private struct Key: Hashable {
        let rule: RuleID
        let severity: Severity
    }

    private let placesPerRule: Int
    private var groups: [Group] = []
    private var places: [Key: Int] = [:]
    private var counts: [Severity: Int] = [:]
    private var roots = RootTally()

    /// No findings yet.
    public init(placesPerRule: Int = 20) { self.placesPerRule = max(placesPerRule, 0) }

    /// Counts a finding, and keeps its place where it is among the first of its rule.
    public mutating func add(_ finding: Finding) {
        counts[finding.severity, default: 0] += 1
        let key = Key(rule: finding.rule, severity: finding.severity)
        let place: Int
        if let known = places[key] {
            place = known
        } else {
            place = groups.count
            places[key] = place
            groups.append(Group(rule: finding.rule, severity: finding.severity))
        }
        groups[place].add(FindingGroups.shortened(finding), placesPerRule)
        roots.add(finding)
    }

    /// Heaviest first, then the most frequent.
    public var sorted: [Group] {
        resolved.sorted { ($0.severity.rank, -$0.count, $0.rule) < ($1.severity.rank, -$1.count, $1.rule) }
    }

    /// What has to be mended: heaviest first, then what most goes away with. What only follows from something else is not
    /// among them.
    public var causes: [Group] {
        resolved.filter(\.isCause)
            .sorted { ($0.severity.rank, -$0.weight, $0.rule) < ($1.severity.rank, -$1.weight, $1.rule) }
    }

    /// The groups with what follows from them.
    private var resolved: [Group] {
        let links = roots.links
        guard !links.isEmpty else { return groups }
        return groups.map { group in
            var group = group
            for link in links {
                if link.rule == group.rule, link.severity == group.severity { group.following += link.count }
                if link.root == group.rule, link.rootSeverity == group.severity, link.rule != group.rule {
                    group.consequences[link.rule, default: 0] += link.count
                }
            }
            return group
        }
    }

    /// How many findings have a weight.
    public func count(of severity: Severity) -> Int { counts[severity] ?? 0 }

    /// How many findings there are.
    public var total: Int { counts.values.reduce(0, +) }

    /// Kept findings are cut to what is shown of them: a cell of a megabyte must not stay in memory.
    static func shortened(_ finding: Finding) -> Finding {
        let limit = ShownFinding.valueLimit + 1
        let observation = finding.observation
        // Nearly all are short.
        func isShort(_ text: String?) -> Bool { (text?.utf8.count ?? 0) <= limit }
        if isShort(observation.value), isShort(observation.expected), observation.details.values.allSatisfy(isShort) {
            return finding
        }
        var finding = finding
        finding.observation.value = finding.observation.value.map { VisibleText.cut($0, limit: limit) }
        finding.observation.expected = finding.observation.expected.map { VisibleText.cut($0, limit: limit) }
        finding.observation.details = finding.observation.details.mapValues { VisibleText.cut($0, limit: limit) }
        return finding
    }
}
