/// Something said about the data, however bad: a rule, a place and a weight. Findings are collected; the run goes on.
public struct Finding: Sendable, Hashable {
    /// Before or after the load.
    public enum Stage: String, Sendable, Codable {
        case pre, post
    }

    /// What was seen, and where.
    public var observation: Observation
    /// How much it weighs.
    public var severity: Severity
    /// The same for the same violation over re-runs and resubmissions.
    public var fingerprint: Fingerprint
    /// Before or after the load.
    public var stage: Stage
    /// The finding that this one is only a consequence of; `nil` where it stands for itself.
    public var root: Fingerprint?

    /// A finding.
    public init(
        _ observation: Observation, severity: Severity, fingerprint: Fingerprint, stage: Stage = .pre,
        root: Fingerprint? = nil
    ) {
        self.observation = observation
        self.severity = severity
        self.fingerprint = fingerprint
        self.stage = stage
        self.root = root
    }

    /// The rule that speaks.
    public var rule: RuleID { observation.rule }
    /// Where.
    public var place: Place { observation.place }
}

/// 128 bits that name a violation: the same institution, period, rule, table, column and row key give the same bits.
public struct Fingerprint: Sendable, Hashable, Codable {
    /// The upper 64 bits.
    public let high: UInt64
    /// The lower 64 bits.
    public let low: UInt64

    /// A fingerprint from its bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}

extension Fingerprint: CustomStringConvertible {
    /// 32 hexadecimal digits.
    public var description: String {
        func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex(high) + hex(low)
    }
}
