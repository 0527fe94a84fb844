internal import Core
internal import Digests
internal import Rules

/// Turns observations into findings: weighs them, names them, counts them and stages them.
struct FindingLog: ~Copyable {
    private let rules: RuleBook
    private let identity: [UInt8]
    private let digester = SHA256Digester()
    /// Rules that were left out of the run: nothing is said of them.
    let silent: Set<RuleID>
    private(set) var counts: [Severity: Int] = [:]
    /// The heaviest finding of each rule.
    private(set) var worst: [RuleID: Severity] = [:]
    /// The same by the position of the file, for those that stand in one.
    private(set) var countsByFile: [Int: [String: Int]] = [:]

    /// - Parameter identity: what makes a violation this institution's and this period's.
    init(rules: RuleBook, hospitalCode: String, period: Period) {
        self.rules = rules
        silent = rules.silent
        identity = Array("\(hospitalCode)\u{0}\(period)\u{0}".utf8)
    }

    /// Whether anything returns the whole submission.
    var hasInterrupt: Bool { counts[.interrupt] != nil }

    /// The weight of an observation.
    func severity(of observation: Observation) -> Severity { rules.severity(of: observation) }

    /// Stages an observation as a finding.
    ///
    /// - Parameters:
    ///   - key: what names the row over re-runs and resubmissions: its drug code; for a finding on a file, the file.
    ///   - occurrence: which row of that key it is, from 0.
    ///   - root: the finding that it follows from.
    /// - Returns: what names the finding.
    @discardableResult
    mutating func add(
        _ observation: Observation, key: [UInt8], occurrence: Int = 0, root: Fingerprint? = nil,
        to writer: inout StagingWriter
    ) throws -> Fingerprint {
        guard !silent.contains(observation.rule) else {
            return fingerprint(of: observation, key: key, occurrence: occurrence)
        }
        let severity = severity(of: observation)
        counts[severity, default: 0] += 1
        if worst[observation.rule].map({ $0 < severity }) ?? true { worst[observation.rule] = severity }
        if let file = observation.place.file { countsByFile[file, default: [:]][severity.rawValue, default: 0] += 1 }
        let fingerprint = fingerprint(of: observation, key: key, occurrence: occurrence)
        try writer.append(Finding(observation, severity: severity, fingerprint: fingerprint, root: root))
        return fingerprint
    }

    /// What names the finding that an observation becomes.
    func fingerprint(of observation: Observation, key: [UInt8], occurrence: Int) -> Fingerprint {
        let place = observation.place
        var bytes: [UInt8] = []
        bytes.reserveCapacity(identity.count + key.count + 64)
        bytes += identity
        // The value is left out on purpose: a wrong value replaced by another wrong value is the same violation.
        for part in [observation.rule.rawValue, place.table?.rawValue ?? "", place.column ?? ""] {
            bytes += part.utf8
            bytes.append(0)
        }
        bytes += "\(occurrence)".utf8
        bytes.append(0)
        bytes += key
        let (high, low) = digester.half(of: bytes.span)
        return Fingerprint(high: high, low: low)
    }
}
