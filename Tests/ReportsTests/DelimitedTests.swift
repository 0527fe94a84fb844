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

    @Test func `a fault is said in words, and one that nobody knows as it is`() {
        let texts = RuleTexts([
            Examples.rule("A16", .error, Phrase("题", "t"), Phrase("（${reason}）", "(${reason})"), Phrase("", ""))
        ])
        func message(_ reason: String, _ language: Language) -> String {
            let place = Place(table: .usage, file: 1, row: 7)
            return texts.message(
                Examples.finding("A16", .error, place, details: ["reason": reason]), files: [], language)
        }
        #expect(message("field_count", .chinese) == "（列数与表头不同）")
        #expect(message("field_count", .english) == "(not as many cells as the header has)")
        #expect(message("sunspots", .chinese) == "（sunspots）")
    }

    /// The short names are written where a file is read, far from the words for them.
    @Test func `every fault of a reader has its words`() throws {
        let readers = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Readers")
        var names: Set<String> = []
        for folder in ["Delimited", "XML"] {
            let folder = readers.appending(path: folder)
            for file in try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil) {
                let text = try String(contentsOf: file, encoding: .utf8)
                for match in text.matches(of: /(?:"reason": |stop\(\s*|row\.note\()"([a-z_]+)"/) {
                    names.insert(String(match.1))
                }
            }
        }
        #expect(names.isSuperset(of: ["field_count", "unclosed_quote", "not_well_formed", "nested_element"]))
        for name in names.sorted() { #expect(Faults.words(for: name) != nil, "\(name)") }
    }
}
