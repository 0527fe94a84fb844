public import Core

/// The findings of rows that will be quarantined, by row, so that a fix file can say them beside the row.
///
/// Findings and rows come in two streams; this holds the first for the second, up to a limit. Rows beyond it get the
/// titles of their rules instead of sentences, and memory stays bounded.
public struct RowFindings: Sendable {
    private struct Key: Hashable {
        let file: Int
        let row: Int
    }

    private var left: Int
    private var findings: [Key: [Finding]] = [:]

    /// Nothing yet.
    public init(limit: Int = 50_000) { left = limit }

    /// Keeps a finding that puts its row aside; others are not needed here.
    public mutating func add(_ finding: Finding) {
        guard left > 0, finding.severity >= .error, let file = finding.place.file, let row = finding.place.row else {
            return
        }
        left -= 1
        findings[Key(file: file, row: row), default: []].append(FindingGroups.shortened(finding))
    }

    /// What was found in a row.
    public func of(_ row: QuarantinedRow) -> [Finding] {
        findings[Key(file: Int(row.origin.file), row: Int(row.origin.row))] ?? []
    }
}
