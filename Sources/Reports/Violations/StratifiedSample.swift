import Core

/// A few findings that stand for many, chosen by nothing but the submission's number and the findings themselves: the
/// same again whenever and in whatever order they come.
///
/// Findings are sorted into strata by table, column and the size of the value. The largest stratum gives first and then
/// each in turn, the rarest before, so that one odd value among thousands of blanks is seen. In a stratum those come first
/// whose names hash lowest.
struct StratifiedSample {
    private static let strataLimit: UInt64 = 64

    private struct Stratum {
        var count = 0
        var entries: [Entry] = []
    }

    private struct Entry {
        let order: UInt64
        let finding: Finding
    }

    private let seed: UInt64
    private let limit: Int
    private var strata: [UInt64: Stratum] = [:]
    /// How many there are, exactly.
    private(set) var count = 0

    init(of submission: SubmissionID, limit: Int) {
        seed = StratifiedSample.mixed(UInt64(truncatingIfNeeded: submission.rawValue))
        self.limit = max(limit, 1)
    }

    mutating func add(_ finding: Finding) {
        count += 1
        let key = StratifiedSample.stratum(of: finding) % StratifiedSample.strataLimit
        var order = seed
        for part in [
            finding.fingerprint.high, finding.fingerprint.low, UInt64(truncatingIfNeeded: finding.place.row ?? 0),
        ] {
            order = StratifiedSample.mixed(order ^ part)
        }
        var stratum = strata.removeValue(forKey: key) ?? Stratum()
        stratum.count += 1
        let entries = stratum.entries
        if entries.count < limit || order < entries[entries.count - 1].order {
            let entry = Entry(order: order, finding: FindingGroups.shortened(finding))
            stratum.entries.insert(entry, at: entries.firstIndex { order < $0.order } ?? entries.count)
            if stratum.entries.count > limit { stratum.entries.removeLast() }
        }
        strata[key] = stratum
    }

    /// The chosen ones, in the order of their places.
    var chosen: [Finding] {
        var sorted = strata.sorted { ($0.value.count, $0.key) < ($1.value.count, $1.key) }.map(\.value)
        if let largest = sorted.popLast() { sorted.insert(largest, at: 0) }
        var result: [Finding] = []
        for turn in 0..<limit {
            for stratum in sorted where turn < stratum.entries.count && result.count < limit {
                result.append(stratum.entries[turn].finding)
            }
        }
        return result.sorted { StratifiedSample.place($0) < StratifiedSample.place($1) }
    }

    private static func place(_ finding: Finding) -> (Int, Int, String, UInt64) {
        let place = finding.place
        return (place.file ?? -1, place.row ?? -1, place.column ?? "", finding.fingerprint.low)
    }

    /// Table, column, and how large or long the value is.
    private static func stratum(of finding: Finding) -> UInt64 {
        var hash = UInt64(finding.place.table?.number ?? 0)
        for byte in (finding.place.column ?? "").utf8 { hash = mixed(hash ^ UInt64(byte)) }
        guard let value = finding.observation.value, !value.isEmpty else { return mixed(hash ^ 1) }
        if let number = Double(value.prefix(40)) {
            let size = number == 0 || !number.isFinite ? 0 : number.magnitude.exponent / 3
            return mixed(hash ^ UInt64(bitPattern: Int64(size) &* 2 &+ (number < 0 ? 1 : 0)) ^ 0xF0F0)
        }
        return mixed(hash ^ UInt64(value.utf8.prefix(4096).count) << 8)
    }

    /// SplitMix64's last step: neighbours come out far apart.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
