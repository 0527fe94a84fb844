import Core

/// Which rule's findings follow from which other's, counted while findings come by, whichever of the two comes first.
///
/// Findings are remembered by their fingerprints, up to a number that no ordinary submission reaches; beyond it a
/// consequence counts as a cause of its own.
struct RootTally: Sendable {
    /// Findings of a rule that follow from findings of another.
    struct Link: Sendable {
        let rule: RuleID
        let severity: Severity
        let root: RuleID
        let rootSeverity: Severity
        let count: Int
    }

    private struct Kind: Hashable {
        let rule: RuleID
        let severity: Severity
    }

    private struct Pair: Hashable {
        let following: UInt16
        let root: UInt16
    }

    private static let limit = 400_000

    private var kinds: [Kind] = []
    private var numbers: [Kind: UInt16] = [:]
    private var seen: [Fingerprint: UInt16] = [:]
    private var counts: [Pair: Int] = [:]
    /// Findings whose root has not come yet, by root.
    private var waiting: [Fingerprint: [UInt16: Int]] = [:]

    mutating func add(_ finding: Finding) {
        guard let number = number(of: Kind(rule: finding.rule, severity: finding.severity)) else { return }
        if let root = finding.root, root != finding.fingerprint {
            if let rootNumber = seen[root] {
                counts[Pair(following: number, root: rootNumber), default: 0] += 1
            } else if waiting.count < RootTally.limit {
                waiting[root, default: [:]][number, default: 0] += 1
            }
        }
        guard seen.count < RootTally.limit, seen[finding.fingerprint] == nil else { return }
        seen[finding.fingerprint] = number
        if let early = waiting.removeValue(forKey: finding.fingerprint) {
            for (following, count) in early { counts[Pair(following: following, root: number), default: 0] += count }
        }
    }

    private mutating func number(of kind: Kind) -> UInt16? {
        if let number = numbers[kind] { return number }
        guard kinds.count < 4_096 else { return nil }
        let number = UInt16(kinds.count)
        kinds.append(kind)
        numbers[kind] = number
        return number
    }

    var links: [Link] {
        counts.map { pair, count in
            let (following, root) = (kinds[Int(pair.following)], kinds[Int(pair.root)])
            return Link(
                rule: following.rule, severity: following.severity, root: root.rule, rootSeverity: root.severity,
                count: count)
        }
    }
}
