import Core
import Foundation
import Testing

@testable import Reports

@Suite struct `Findings by cause` {
    private func finding(
        _ rule: RuleID, _ number: Int, row: Int, value: String = "0", root: Int? = nil, severity: Severity = .error
    ) -> Finding {
        var finding = Examples.finding(
            rule, severity, Place(table: .catalogue, file: 1, line: row + 3, row: row, column: "conversion_factor"),
            value: value)
        finding.fingerprint = Fingerprint(high: 9, low: UInt64(number))
        finding.root = root.map { Fingerprint(high: 9, low: UInt64($0)) }
        return finding
    }

    @Test(arguments: [false, true])
    func `what follows is counted below its root, whichever comes first`(isReversed: Bool) throws {
        // Two wrong factors make seven prices wrong; an eighth price is wrong by itself.
        var findings = [finding("C19", 0, row: 1), finding("C19", 1, row: 2)]
        for number in 2..<9 { findings.append(finding("C16", number, row: number, root: number % 2)) }
        findings.append(finding("C16", 9, row: 40))
        findings.append(finding("B01", 10, row: 50, root: 77))
        var groups = FindingGroups()
        for finding in isReversed ? findings.reversed() : findings { groups.add(finding) }
        #expect(groups.total == findings.count)
        let causes = groups.causes
        #expect(causes.map(\.rule) == ["C19", "B01", "C16"])
        #expect(causes[0].consequences == ["C16": 7])
        #expect(causes[0].weight == 9)
        #expect(causes[2].following == 7 && causes[2].count == 8)
        // A group of mere consequences is no cause, and still stands in the list.
        var only = FindingGroups()
        for finding in findings.prefix(9) { only.add(finding) }
        #expect(only.causes.map(\.rule) == ["C19"])
        #expect(only.sorted.map(\.rule) == ["C16", "C19"])
    }

    @Test func `the receipt says what goes away too and where the rows are`() {
        var receipt = ReceiptBuilder(
            report: Examples.report(), rules: Examples.rules,
            links: ReceiptLinks(findings: "findings.csv", fixFiles: [1: "fix-catalogue.csv"]))
        receipt.add(finding("C19", 0, row: 1))
        for number in 1..<4 { receipt.add(finding("C16", number, row: 10 + number, root: 0)) }
        let chinese = String(decoding: receipt.html(.chinese), as: UTF8.self)
        #expect(chinese.contains("另有 3 处由此引起，改正后会一并消失：C16 数字读不出来 × 3。"))
        #expect(chinese.contains("出错的行在 <a href=\"fix-catalogue.csv\">fix-catalogue.csv</a>"))
        #expect(chinese.contains("其中 3 处由别的问题引起，不必单独改。"))
        let english = String(decoding: receipt.html(.english), as: UTF8.self)
        #expect(english.contains("3 more findings follow from this and go away with it"))
        #expect(english.contains("14–16"))
    }

    @Test func `rows are written as ranges, and never without end`() {
        var rows = RowRanges()
        for row in [3, 4, 5, 9, 9, 11, 12] { rows.add(row) }
        #expect(rows.text(9, separator: ", ").text == "3–5, 9, 11–12")
        #expect(rows.text(1, separator: ", ") == ("3–5", 3))
        for row in 0..<10_000 { rows.add(100 + row * 2) }
        #expect(rows.ranges.count == 40)
        #expect(rows.text(12, separator: ", ").rest + rows.ranges.prefix(12).reduce(0) { $0 + $1.count } == 10_006)
    }

    @Test func `the same said of many rows is said once, and counts stay exact`() {
        var kinds = FindingKinds()
        for row in 0..<3_000 { kinds.add(finding("C19", row, row: row, value: row % 2 == 0 ? "0" : "\(row % 700)")) }
        #expect(kinds.first(1).first?.count == 1_500)
        #expect(kinds.first(.max).reduce(0) { $0 + $1.count } + kinds.others == 3_000)
        #expect(kinds.count == 200)
    }
}
