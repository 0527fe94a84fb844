import Core
import Reports
import Testing

struct TerminalTests {
    @Test func `columns line up where cells are Chinese`() {
        var table = TextTable([("机构", .left), ("rows", .right)])
        table.add(["临川县第二人民医院", "12"])
        table.add(["abc", "1,234", "surplus"])
        table.add(["e\u{301}é"])
        #expect(
            table.text
                == """
                机构                 rows
                ──────────────────  ─────
                临川县第二人民医院     12
                abc                 1,234
                e\u{301}é

                """.replacing("机构                 rows", with: "机构                 rows"))
    }

    @Test func `a cell cannot drive the terminal`() {
        var table = TextTable([("a", .left)], columnLimit: 12)
        table.add(["\u{1B}[2J\u{7}\u{202E}\r\n"])
        #expect(!table.text.contains("\u{1B}") && !table.text.contains("\u{202E}") && !table.text.contains("\r"))
        #expect(table.text.contains("…"))
    }

    @Test(arguments: UInt64(0)..<50)
    func `no finding drives the terminal or leaves its width`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var groups = FindingGroups(placesPerRule: 5)
        for number in 0..<10 { groups.add(Hostile.finding(number, &random)) }
        let text = ValidateReport(files: Examples.files, groups: groups, rules: Examples.rules).text(
            .english, width: 80)
        let isClean = text.unicodeScalars.allSatisfy {
            $0 == "\n"
                || $0.value >= 0x20 && $0.properties.generalCategory != .format
                    && $0.properties.generalCategory != .control
        }
        #expect(isClean)
    }
}
