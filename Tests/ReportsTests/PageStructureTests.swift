import Core
import Foundation
import FoundationXML
import Reports
import Testing

/// Counts elements and attributes of a page with a strict XML parser: what a value broke out of would show here.
final class PageOutline: NSObject, XMLParserDelegate {
    var elements: Set<String> = []
    var attributes: Set<String> = []
    var addresses: [String] = []
    var identifiers: [String] = []

    init(_ bytes: [UInt8]) throws {
        super.init()
        let parser = XMLParser(data: Data(bytes))
        parser.delegate = self
        guard parser.parse() else {
            throw PageError(
                text: "not well-formed at line \(parser.lineNumber): \(String(describing: parser.parserError))")
        }
    }

    func parser(
        _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.insert(elementName)
        self.attributes.formUnion(attributes.keys)
        if let address = attributes["href"] { addresses.append(address) }
        if let identifier = attributes["id"] { identifiers.append(identifier) }
    }
}

struct PageError: Error {
    let text: String
}

struct PageStructureTests {
    private static let elements: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "article", "h1", "h2",
        "h3",
        "p", "span", "b", "a", "ul", "ol", "li", "dl", "dt", "dd", "div", "small", "table", "caption", "thead", "tbody",
        "tr",
        "th", "td", "code", "details", "summary", "svg", "desc", "rect",
    ]
    private static let attributes: Set<String> = [
        "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "scope", "aria-labelledby",
        "aria-hidden",
        "role", "viewBox", "preserveAspectRatio", "x", "y", "width", "height",
    ]

    private func check(_ bytes: [UInt8]) throws {
        let outline = try PageOutline(bytes)
        #expect(outline.elements.isSubset(of: Self.elements), "\(outline.elements.subtracting(Self.elements))")
        #expect(outline.attributes.isSubset(of: Self.attributes), "\(outline.attributes.subtracting(Self.attributes))")
        #expect(Set(outline.identifiers).count == outline.identifiers.count)
        for address in outline.addresses {
            #expect(!address.contains(":") && !address.hasPrefix("//"), "an address with a scheme: \(address)")
        }
        let text = String(decoding: bytes, as: UTF8.self)
        #expect(!text.unicodeScalars.contains { $0.properties.generalCategory == .format || $0.value == 0x7F })
    }

    @Test(arguments: UInt64(0)..<60)
    func `no value becomes an element, an attribute or an address`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let language: Language = seed % 2 == 0 ? .chinese : .english
        try check(Hostile.receipt(&random).html(language))
        try check(Hostile.run(&random).html(language))
    }

    @Test(arguments: Language.allCases)
    func `pages of an ordinary night are well-formed`(language: Language) throws {
        try check(Examples.receipt().html(language))
        try check(RunPage(Examples.runReport(), rules: Examples.rules).html(language))
        try check(
            IndexPage(runs: [RunSummary(Examples.runReport(), link: "run-128.html")], newest: Examples.runReport())
                .html(language))
        try check(IndexPage(runs: []).html(language))
    }

    @Test(arguments: UInt64(0)..<40)
    func `a receipt for machines is JSON whatever the values`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let receipt = try JSONSerialization.jsonObject(with: Data(Hostile.receipt(&random).json()))
        #expect((receipt as? [String: Any])?["findings"] is [Any])
        _ = try JSONSerialization.jsonObject(with: Data(Hostile.run(&random).json()))
    }

    @Test func `the run for machines has what the contract promises`() throws {
        let object = try JSONSerialization.jsonObject(
            with: Data(RunPage(Examples.runReport(), rules: Examples.rules).json()))
        let run = try #require(object as? [String: Any])
        for key in ["run_id", "started_at", "finished_at", "stages", "submissions", "findings"] {
            #expect(run[key] != nil)
        }
        let submission = try #require((run["submissions"] as? [[String: Any]])?.first)
        for key in ["submission_id", "hospital_code", "period", "verdict", "grade", "files", "findings"] {
            #expect(submission[key] != nil)
        }
        let file = try #require((submission["files"] as? [[String: Any]])?.first)
        for key in [
            "name", "table", "sha256", "encoding", "rows_read", "rows_loaded", "rows_quarantined", "rows_skipped",
        ] {
            #expect(file[key] != nil)
        }
    }

    @Test func `names of people stay masked everywhere`() {
        let receipt = Examples.receipt()
        let list = FindingsCSV(files: Examples.files, rules: Examples.rules)
        let papers =
            Language.allCases.map { receipt.html($0) } + [receipt.json()]
            + Examples.findings.map { list.row(for: $0, number: 1) }
        for paper in papers {
            let text = String(decoding: paper, as: UTF8.self)
            for name in ["王小明", "李四", "赵六"] { #expect(!text.contains(name)) }
        }
    }

    @Test func `a row of the institution table seen as a whole is masked too`() {
        let finding = Examples.finding(
            "C16", .error, Place(table: .institution, file: 0, line: 2, row: 1), value: "…,王小明,赵六")
        let row = FindingsCSV(files: Examples.files, rules: Examples.rules).row(for: finding, number: 1)
        #expect(!String(decoding: row, as: UTF8.self).contains("王小明"))
    }

    @Test func `a million findings leave a receipt of bounded size`() {
        var receipt = ReceiptBuilder(report: Examples.report(), rules: Examples.rules)
        let value = String(repeating: "长", count: 300)
        for number in 0..<100_000 {
            receipt.add(
                Examples.finding(
                    "C16", .error, Place(table: .usage, file: 4, line: number, row: number, column: "amount"),
                    value: value))
        }
        let page = receipt.html(.chinese)
        #expect(page.count < 100_000)
        #expect(String(decoding: page, as: UTF8.self).contains("100,000"))
    }

    @Test func `a file with ten thousand columns and findings in all of them stays a page`() {
        var file = Examples.file("宽.csv", .catalogue, read: 1)
        file.headers = (0..<10_000).map { HeaderMapping(header: "列\($0)", column: nil) }
        let page = ReceiptBuilder(report: Examples.report(files: [file]), rules: Examples.rules).html(.chinese)
        #expect(page.count < 60_000)
    }

    @Test func `a province's night of 2300 submissions is one page`() throws {
        let page = RunPage(Examples.runReport(submissions: 2300, missing: 400), rules: Examples.rules).html(.chinese)
        #expect(page.count < 2_500_000)
        try check(page)
    }
}
