/// How much a finding weighs, from the heaviest down.
public enum Severity: String, CaseIterable, Sendable, Codable {
    /// Before the load: the whole submission is returned and nothing is loaded.
    case interrupt
    /// Before the load: the row is quarantined.
    case error
    /// After the load: the submission is returned whatever its rate.
    case forced
    /// After the load: the row counts toward the return rate.
    case anomaly
    /// The row is loaded with the finding attached.
    case warning
    /// Worth knowing; nothing follows from it.
    case info

    /// 0 for the heaviest.
    public var rank: Int {
        switch self {
        case .interrupt: 0
        case .error: 1
        case .forced: 2
        case .anomaly: 3
        case .warning: 4
        case .info: 5
        }
    }

    /// The severity with a rank.
    public init?(rank: Int) {
        guard Severity.allCases.indices.contains(rank) else { return nil }
        self = Severity.allCases[rank]
    }
}

extension Severity: Comparable {
    /// A lighter severity is less than a heavier one.
    public static func < (lhs: Severity, rhs: Severity) -> Bool { lhs.rank > rhs.rank }
}
