/// From evidence to how likely a candidate is right, measured on real pairs (docs/matching.md has the table).
enum Calibration {
    /// Hundredths of a per cent.
    static func score(_ evidence: Evidence, margin: Int, method: ComparisonMethod, vetoes: Vetoes) -> Int {
        let total = Int(evidence.total)
        switch method {
        case .suppliedCode, .approvalNumber, .otherCode:
            return 9_950
        case .exactDescription, .ranked:
            return min(9_999, max(0, total * 10))
        case .exempt:
            return 0
        }
    }

    /// What a candidate behind the first has of the doubt.
    static func share(_ first: Int, behind: Int) -> Int {
        let doubt = 10_000 - first
        return behind == 0 ? first : min(first, doubt * 100 / (100 + behind * 3))
    }
}
