import Core
import Foundation
import Testing

@testable import Samples

/// The key of the small night against the bytes of the small night.
struct AnswerKeyTests {
    private static let submissions = SampleReading.key.submissions

    @Test(arguments: submissions) func `each finding stands where the key says`(submission: ExpectedSubmission) throws {
        for file in submission.files where file.encoding != nil {
            let findings = submission.findings.filter {
                $0.file == file.name && $0.member == file.member && $0.table == file.table
            }
            guard !findings.isEmpty else { continue }
            let lines = try SampleReading.lines(of: file, in: submission)
            for finding in findings {
                guard let number = finding.line else { continue }
                if file.delimiter == nil {
                    try expectInXML(finding, lines, number)
                } else {
                    try expectInText(finding, file, lines, number)
                }
            }
        }
    }

    private func expectInText(
        _ finding: ExpectedFinding, _ file: ExpectedFile, _ lines: [String], _ number: Int
    ) throws {
        let delimiter = try #require(file.delimiter?.first)
        let dataSet = DataSet.of(try #require(file.table))
        let headerLine = try #require(
            lines.firstIndex { $0.contains("hospital_code") || $0.contains("机构代码") })
        let header = SampleReading.cells(lines[headerLine], delimiter: delimiter)
        let line = lines[number - 1]
        let cells = SampleReading.cells(line, delimiter: delimiter)
        guard let row = finding.row else {
            #expect(number == headerLine + 1, "\(finding)")
            return
        }
        #expect(row == number - headerLine - 1, "\(finding)")
        if finding.rule == "A16" {
            #expect(cells.count == header.count + 1)
        } else {
            #expect(cells.count == header.count)
        }
        guard let name = finding.column, let planted = finding.planted else { return }
        let column = try #require(dataSet.columns.first { $0.name == name })
        // The loose headers of one file leave brackets and 元 to be recognised; the first letters tell columns apart.
        let position = try #require(
            header.firstIndex { text in
                ([column.header, column.name] + column.aliases).contains { loose($0) == loose(text) }
            }, "\(name) in \(header)")
        #expect(cells[position] == planted, "\(finding)")
    }

    private func loose(_ header: String) -> String {
        var text = header.replacing("（", with: "(").replacing("）", with: ")").replacing(" ", with: "")
        if text.hasSuffix("(元)") { text.removeLast(3) }
        return text
    }

    private func expectInXML(_ finding: ExpectedFinding, _ lines: [String], _ number: Int) throws {
        let line = lines[number - 1]
        guard let row = finding.row else {
            #expect(line.contains("<!DOCTYPE") || line.contains("</row></report_date>"), "\(finding)")
            return
        }
        #expect(line.hasPrefix("  <row"), "\(finding)")
        #expect(lines[..<number].count { $0.hasPrefix("  <row") } == row, "\(finding)")
        guard let planted = finding.planted else { return }
        let rest = lines[(number - 1)...]
        let end = try #require(rest.firstIndex { $0.hasSuffix("</row>") || $0.hasSuffix("/>") })
        #expect(rest[...end].contains { $0.contains(">\(planted)<") || $0.contains("\"\(planted)\"") }, "\(finding)")
    }

    @Test(arguments: submissions) func `every row of a file is accounted for`(submission: ExpectedSubmission) throws {
        for file in submission.files {
            let skipped = file.rowsSkipped.values.reduce(0, +)
            #expect(file.rowsRead == file.rowsLoaded + file.rowsQuarantined + skipped)
            #expect(submission.verdict != .returned || file.rowsLoaded == 0)
            let bad = Set(
                submission.findings.filter {
                    $0.severity >= .error && $0.file == file.name
                        && $0.member == file.member && $0.table == file.table
                }.compactMap(\.row))
            #expect(bad.count == file.rowsQuarantined)
            guard file.encoding != nil, file.rowsRead > 0 else { continue }
            let lines = try SampleReading.lines(of: file, in: submission)
            if file.delimiter == nil {
                let broken = submission.findings.contains { $0.rule == "A16" && $0.table == file.table } ? 1 : 0
                #expect(lines.count { $0.hasPrefix("  <row") } == file.rowsRead + broken)
            } else {
                let header = try #require(lines.firstIndex { $0.contains("hospital_code") || $0.contains("机构代码") })
                // What follows the last line end is no line.
                #expect(lines.count - header - 2 == file.rowsRead)
            }
        }
    }

    @Test func `every defect of the reading is planted, and each brings its own rule`() throws {
        let key = SampleReading.key
        let planted = Set(key.submissions.flatMap(\.findings).map(\.rule))
        // A23 needs five million rows; what else the small night does not have, the planted one has.
        let sink = MemorySink()
        try SampleNight.write(.planted(seed: 1), into: sink)
        let all = try AnswerKey(json: sink.files["answer-key.json"] ?? [])
        let others = Set(all.submissions.flatMap(\.findings).map(\.rule))
        #expect(Set(key.rules).subtracting(planted).subtracting(others) == ["A23"])
        // Too large to be made, known to the database alone, or about columns that no table has.
        #expect(
            Set(all.rules).subtracting(others)
                == ["A02", "A17", "A23", "A24", "C35", "D16", "F09", "G07", "G10", "G12"])
        #expect(planted.isSubset(of: key.rules))
        for defect in Defect.all {
            #expect(defect.expected.contains { $0.rule == defect.rule.rawValue }, "\(defect.name)")
            #expect(!defect.about.chinese.isEmpty && !defect.about.english.isEmpty)
        }
    }

    @Test func `all verdicts occur, and clean submissions have no finding`() {
        let verdicts = Dictionary(grouping: Self.submissions, by: \.verdict)
        #expect(Set(verdicts.keys) == Set(Verdict.allCases))
        #expect((verdicts[.passed] ?? []).allSatisfy { $0.findings.isEmpty })
        #expect((verdicts[.passed] ?? []).count == 10)
    }

    @Test func `what is taken lies in the inbox, and what is half-written has no marker`() {
        let night = SampleReading.night
        for entry in SampleReading.key.intake {
            let path = "inbox/" + entry.source
            if night.links[path] != nil || night.files[path] != nil { continue }
            let marker = night.files[path + "/submission.ok"] != nil
            #expect(night.files.keys.contains { $0.hasPrefix(path + "/") }, "\(entry.source)")
            #expect(marker == (entry.outcome == .taken), "\(entry.source)")
        }
        #expect(!night.fresh.isEmpty)
    }

    @Test func `names in old zips are GBK without a mark, others UTF-8 with one`() throws {
        let submission = try #require(
            Self.submissions.first { $0.files.first?.member == "医疗机构基本情况.csv" && $0.version == 2 })
        let zip = try #require(SampleReading.night.files["inbox/" + submission.source])
        // Bit 11 of the flags of the first entry.
        #expect(zip[7] & 0x08 == 0)
        #expect(try SampleReading.members(of: zip).count == 5)
    }
}
