/// A finding as it lies among the bytes that precheck left: its texts are extents of them, for they are only handed on.
public struct StagedFinding: Sendable {
    /// What the extents are extents of: valid UTF-8 at each of them.
    public var bytes: [UInt8]
    /// How much it weighs.
    public var severity: Severity
    /// Before or after the load.
    public var stage: Finding.Stage
    /// The same for the same violation over re-runs and resubmissions.
    public var fingerprint: Fingerprint
    /// The finding that this one is only a consequence of.
    public var root: Fingerprint?
    /// Where it stands; the column is `column`.
    public var place: Place
    /// The rule that speaks.
    public var rule: Range<Int>
    /// The column, or the header as it came.
    public var column: Range<Int>?
    /// The cell.
    public var value: Range<Int>?
    /// What a right value looks like.
    public var expected: Range<Int>?
    /// Names and values in turn, in the order of names.
    public var details: [Range<Int>]

    /// A finding among bytes.
    public init(
        in bytes: [UInt8], severity: Severity, stage: Finding.Stage, fingerprint: Fingerprint, root: Fingerprint?,
        place: Place, rule: Range<Int>, column: Range<Int>?, value: Range<Int>?, expected: Range<Int>?,
        details: [Range<Int>]
    ) {
        self.bytes = bytes
        self.severity = severity
        self.stage = stage
        self.fingerprint = fingerprint
        self.root = root
        self.place = place
        self.rule = rule
        self.column = column
        self.value = value
        self.expected = expected
        self.details = details
    }

    /// A finding whose texts are laid among bytes of its own.
    public init(_ finding: Finding) {
        var bytes: [UInt8] = []
        func lay(_ text: String) -> Range<Int> {
            let start = bytes.count
            bytes += text.utf8
            return start..<bytes.count
        }
        let observation = finding.observation
        rule = lay(observation.rule.rawValue)
        column = observation.place.column.map(lay)
        value = observation.value.map(lay)
        expected = observation.expected.map(lay)
        details = observation.details.sorted { $0.key < $1.key }.flatMap { [lay($0.key), lay($0.value)] }
        place = observation.place
        place.column = nil
        (severity, stage) = (finding.severity, finding.stage)
        (fingerprint, root) = (finding.fingerprint, finding.root)
        self.bytes = bytes
    }

    /// A text of it.
    public func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    /// The finding with texts of its own.
    public var finding: Finding {
        var place = place
        place.column = column.map(text)
        var pairs: [String: String] = [:]
        for start in stride(from: 0, to: details.count - 1, by: 2) {
            pairs[text(details[start])] = text(details[start + 1])
        }
        return Finding(
            Observation(
                RuleID(text(rule)), at: place, value: value.map(text), expected: expected.map(text), details: pairs,
                severity: severity),
            severity: severity, fingerprint: fingerprint, stage: stage, root: root)
    }
}
