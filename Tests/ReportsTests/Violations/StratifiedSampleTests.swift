import Core
import Testing

@testable import Reports

@Suite struct `A stratified sample` {
    private func finding(_ number: Int, value: String, column: String = "amount") -> Finding {
        Finding(
            Observation(
                "P02", at: Place(table: .usage, file: 0, line: number, row: number, column: column), value: value),
            severity: .anomaly, fingerprint: Fingerprint(high: 7, low: UInt64(number)))
    }

    private func rows(_ findings: [Finding], of submission: Int, limit: Int = 5) -> [Int?] {
        var sample = StratifiedSample(of: SubmissionID(submission), limit: limit)
        for finding in findings { sample.add(finding) }
        #expect(sample.count == findings.count)
        return sample.chosen.map(\.place.row)
    }

    @Test func `is the same in whatever order findings come, and another for another submission`() {
        let findings = (0..<2_000).map { finding($0, value: "\($0 % 90)") }
        var random = SeededGenerator(seed: 5)
        let first = rows(findings, of: 12)
        #expect(first.count == 5)
        for _ in 0..<3 { #expect(rows(findings.shuffled(using: &random), of: 12) == first) }
        #expect(rows(findings, of: 13) != first)
    }

    @Test func `shows the one odd value among thousands`() {
        var findings = (0..<5_000).map { finding($0, value: "") }
        findings.append(finding(5_000, value: "120000000"))
        findings.append(finding(5_001, value: "", column: "pack_quantity"))
        let chosen = rows(findings, of: 3)
        #expect(chosen.contains(5_000) && chosen.contains(5_001) && chosen.count == 5)
    }

    @Test func `holds a bounded number of bounded findings`() {
        var sample = StratifiedSample(of: SubmissionID(1), limit: 4)
        for number in 0..<3_000 {
            sample.add(finding(number, value: String(repeating: "9", count: number % 700), column: "列\(number % 50)"))
        }
        #expect(sample.count == 3_000)
        #expect(sample.chosen.count == 4)
        #expect(sample.chosen.allSatisfy { ($0.observation.value?.count ?? 0) <= 202 })
    }
}
