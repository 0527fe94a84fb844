import Core
import Digests
import Foundation
import Testing

@testable import Reports

@Suite struct `The officers' report` {
    private let report = ViolationExamples.report()

    @Test(arguments: Language.allCases)
    func `reads as it did`(language: Language) throws {
        let name = language.rawValue
        try expectSnapshot(report.index(language), "violations.\(name).html")
        try expectSnapshot(report.returns(language), "violations-returns.\(name).html")
        try expectSnapshot(
            try ViolationExamples.rulePage(report, "P02", language), "violations-rule.\(name).html")
        let page = ViolationExamples.institution(report, 2)
        try expectSnapshot(
            page.html(language, quarantined: ViolationExamples.quarantined), "violations-institution.\(name).html")
    }

    @Test func `has the lists it had`() throws {
        try expectSnapshot(report.json(), "violations.json")
        try expectSnapshot(ViolationCSV.institutions(in: report), "violations-institutions.csv")
        try expectSnapshot(ViolationCSV.returns(in: report), "violations-returns.csv")
        try expectSnapshot(ViolationCSV.evaluation(in: report), "violations-evaluation.csv")
        let total = try #require(report.ruleTotals.first { $0.rule == "P02" })
        try expectSnapshot(ViolationCSV.institutions(of: total, in: report), "violations-rule-institutions.csv")
    }

    @Test(arguments: Language.allCases)
    func `is well-formed, whole in itself, and says no name of a person`(language: Language) throws {
        for (name, paper) in try ViolationExamples.papers(report, language) {
            try ViolationPages.check(paper, name)
            let text = String(decoding: paper, as: UTF8.self)
            #expect(!text.contains("王小明") && !text.contains("赵六"), "\(name) names a person")
        }
    }

    @Test(arguments: UInt64(0)..<20)
    func `lets no value become an element, an address or a formula`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var summary = ViolationExamples.summary
        for index in summary.submissions.indices {
            summary.submissions[index].name = Hostile.random(&random)
            summary.submissions[index].hospitalCode = Hostile.random(&random)
            summary.submissions[index].city = Hostile.random(&random)
            summary.submissions[index].county = Hostile.random(&random)
        }
        summary.regions[0].name = Hostile.random(&random)
        let report = ViolationExamples.report(summary)
        for (name, paper) in try ViolationExamples.papers(report, seed % 2 == 0 ? .chinese : .english) {
            try ViolationPages.check(paper, name)
        }
        _ = try JSONSerialization.jsonObject(with: Data(report.json()))
        for record in CSVRecords.of(ViolationCSV.institutions(in: report)) {
            #expect(record.count == 27)
            for cell in record {
                #expect(cell.unicodeScalars.first == "'" || !FormulaGuard.mayRun(cell), "a formula: \(cell.prefix(40))")
            }
        }
    }

    @Test func `names files so that none leaves the folder and no two are one`() {
        var item = ViolationExamples.submissions[0]
        var names: Set<String> = []
        for (number, code) in ["../../etc/passwd", "", "a/b", "A1", "a b", String(repeating: "9", count: 400)]
            .enumerated()
        {
            item.submission = SubmissionID(number)
            item.hospitalCode = code
            let name = ViolationReport.file(of: item, ".html")
            #expect(
                name.hasPrefix("institutions/") && name.dropFirst(13).allSatisfy { $0 != "/" } && !name.contains(".."))
            #expect(name.utf8.count < 80)
            names.insert(name)
        }
        #expect(names.count == 6)
    }

    @Test func `lists five thousand institutions and says where the rest is`() throws {
        var summary = ViolationExamples.summary
        summary.submissions = (1...6_000).map { number in
            ViolationExamples.submission(
                number, "镇卫生院 \(number)", .primary, ViolationExamples.cities[number % 3], grade: .suggestedReturn,
                anomalous: 100, counts: [RuleCount(rule: "P02", severity: .anomaly, count: 100)])
        }
        let report = ViolationExamples.report(summary)
        let page = String(decoding: report.returns(.english), as: UTF8.self)
        #expect(page.components(separatedBy: "<tr>").count - 1 == 5_001)
        #expect(page.contains("6,000 institutions") && page.contains("1,000 more are not listed here: see returns.csv"))
        #expect(ViolationCSV.returns(in: report).count { $0 == UInt8(ascii: "\n") } == 6_001)
        #expect(report.index(.chinese).count < 60_000)
    }

    @Test func `runs no script but the one it knows`() throws {
        let page = String(decoding: report.institutions(.chinese), as: UTF8.self)
        var hasher = SHA256Hasher()
        hasher.update(Array(NameFilter.script.text.utf8))
        let hash = Data(hasher.finish()).base64EncodedString()
        #expect(NameFilter.script.hash == "sha256-\(hash)")
        #expect(page.contains("script-src 'sha256-\(hash)'"))
        #expect(page.components(separatedBy: "<script>").count == 2)
        #expect(!NameFilter.script.text.contains("<") && !NameFilter.script.text.contains("&"))
    }
}

/// A comma-separated file taken apart as RFC 4180 says.
enum CSVRecords {
    static func of(_ bytes: [UInt8]) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var cell: [UInt8] = []
        var isQuoted = false
        for (index, byte) in bytes.enumerated().dropFirst(3) {
            switch byte {
            case UInt8(ascii: "\""):
                if isQuoted, index + 1 < bytes.count, bytes[index + 1] == byte { cell.append(byte) }
                isQuoted.toggle()
            case UInt8(ascii: ",") where !isQuoted, 10 where !isQuoted:
                record.append(String(decoding: cell, as: UTF8.self))
                cell = []
                if byte == 10 {
                    records.append(record)
                    record = []
                }
            case 13 where !isQuoted: break
            default: cell.append(byte)
            }
        }
        return records
    }
}

/// What holds for every page of the report.
enum ViolationPages {
    private static let elements: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "h1", "h2",
        "h3",
        "p", "span", "b", "a", "ul", "ol", "li", "dl", "dt", "dd", "div", "small", "table", "caption", "thead", "tbody",
        "tr",
        "th", "td", "code", "details", "summary", "svg", "desc", "rect", "line", "path", "text", "figure", "figcaption",
        "br",
        "label", "input", "script",
    ]
    private static let attributes: Set<String> = [
        "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "aria-labelledby",
        "aria-hidden",
        "role", "viewBox", "preserveAspectRatio", "x", "y", "width", "height", "x1", "x2", "y1", "y2", "d", "rowspan",
        "open",
        "hidden", "type", "autocomplete",
    ]

    static func check(_ bytes: [UInt8], _ name: String) throws {
        let outline = try PageOutline(bytes)
        #expect(outline.elements.isSubset(of: elements), "\(name): \(outline.elements.subtracting(elements))")
        #expect(outline.attributes.isSubset(of: attributes), "\(name): \(outline.attributes.subtracting(attributes))")
        #expect(Set(outline.identifiers).count == outline.identifiers.count, "\(name) has an id twice")
        for address in outline.addresses {
            #expect(!address.contains(":") && !address.hasPrefix("//"), "\(name): an address with a scheme: \(address)")
            guard address.hasPrefix("#") else { continue }
            #expect(outline.identifiers.contains(String(address.dropFirst())), "\(name): nothing at \(address)")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format || $0.value == 0x7F })
    }
}
