import Core
import Foundation
import Reports
import Testing

struct FormulaGuardTests {
    @Test(
        arguments: [
            "=1+1", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1)", "＝1", "＋1", "－2", "＠x", "\t=1", "\r1", "\n1", "\u{FEFF}=1",
            " =1", "'=1",
            "\u{200B}@x", "+-1", "-1e5", "'+x",
        ])
    func `a cell that would run gets an apostrophe`(cell: String) {
        #expect(FormulaGuard.guarded(cell) == "'" + cell)
    }

    @Test(arguments: ["", "-12.50", "+3", "-7", "0.5", "-", "=", "@", "阿莫西林", "'abc", "1=2", "a@b", "'-12.50"])
    func `a cell that would not run stays as it is`(cell: String) {
        #expect(FormulaGuard.guarded(cell) == cell)
    }

    @Test(arguments: UInt64(0)..<300)
    func `the cell can always be had back`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = Array("=+-@'＝＠\t\n 1.药".unicodeScalars)
        var cell = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...5, using: &random) { cell.append(pieces.randomElement(using: &random) ?? "=") }
        #expect(FormulaGuard.restored(FormulaGuard.guarded(String(cell))) == String(cell))
    }
}

struct FindingsCSVTests {
    /// A small RFC 4180 reader, so that the test does not believe the writer.
    private func records(_ bytes: [UInt8]) -> [[String]] {
        var records: [[String]] = [[]]
        var cell: [UInt8] = []
        var isOpen = false
        var index = 0
        func endCell() {
            records[records.count - 1].append(String(decoding: cell, as: UTF8.self))
            cell = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            if isOpen {
                if byte == UInt8(ascii: "\""), index + 1 < bytes.count, bytes[index + 1] == byte {
                    cell.append(byte)
                    index += 1
                } else if byte == UInt8(ascii: "\"") {
                    isOpen = false
                } else {
                    cell.append(byte)
                }
            } else if byte == UInt8(ascii: "\"") {
                isOpen = true
            } else if byte == UInt8(ascii: ",") {
                endCell()
            } else if byte == 13, index + 1 < bytes.count, bytes[index + 1] == 10 {
                endCell()
                records.append([])
                index += 1
            } else {
                cell.append(byte)
            }
            index += 1
        }
        records.removeLast()
        return records
    }

    @Test(arguments: UInt64(0)..<100)
    func `every record has every cell, and none would run`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let list = FindingsCSV(files: Examples.files, rules: Examples.rules)
        var bytes = list.header
        for number in 0..<20 { bytes += list.row(for: Hostile.finding(number, &random), number: number) }
        #expect(bytes.starts(with: [0xEF, 0xBB, 0xBF]))
        let records = records(Array(bytes.dropFirst(3)))
        #expect(records.count == 21)
        for record in records {
            #expect(record.count == records[0].count)
            for cell in record {
                let isVisible = cell.unicodeScalars.allSatisfy {
                    "\t\r\n".unicodeScalars.contains($0)
                        || $0.properties.generalCategory != .control && $0.properties.generalCategory != .format
                }
                #expect(isVisible)
                #expect(FormulaGuard.restored(cell) == cell || cell.hasPrefix("'"))
            }
        }
    }
}

struct RuleTextsTests {
    @Test(arguments: [
        "没有", "${value}", "${value}${value} ${", "a ${nobody} b", "${}", "${limit}${", "} ${value} }", "${a ${value}",
    ])
    func `a sentence is filled as a phrase would be`(template: String) {
        let texts = RuleTexts([
            Examples.rule("C16", .error, Phrase("题", "t"), Phrase(template, template), Phrase("", ""))
        ])
        let finding = Examples.finding(
            "C16", .error, Place(table: .usage), value: "${expected}", expected: "1", details: ["limit": "5"])
        let filled = Phrase(template, template).filled(
            .chinese, ["value": "${expected}", "expected": "1", "limit": "5"])
        #expect(texts.message(finding, files: [], .chinese) == filled)
    }
}
