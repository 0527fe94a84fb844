public import Core

/// The page of one rule: what it means, what to do, why it is so, and examples.
public struct RulePage: Sendable {
    let description: RuleDescription
    /// Where the other language's page, the index and other rules lie.
    let links: RulePageLinks

    /// A page.
    public init(_ description: RuleDescription, links: RulePageLinks) {
        self.description = description
        self.links = links
    }

    /// The page, UTF-8.
    public func html(_ language: Language) -> [UInt8] {
        let parts = PageParts(language: language)
        let rule = description.rule
        let sections = [
            meaning(parts), conditions(parts), thresholds(parts), relations(parts), examples(parts),
        ]
        return Page(
            language: language, title: "\(rule.id) \(rule.title[language])",
            kicker: "\(description.group[language]) · \(parts(Labels.name(of: rule.stage)))",
            heading: "\(rule.id.rawValue) \(parts.native(rule.title[language]))",
            subtitle: "\(parts.badge(rule.severity)) \(description.dimension[language]) · \(tables(parts))",
            content: HTML(lines: sections), footer: footer(parts)
        ).bytes
    }

    private func tables(_ parts: PageParts) -> String {
        guard description.tables.count < DataTable.allCases.count else { return parts(RulePhrases.allTables) }
        return description.tables.map { parts(Labels.name(of: $0)) }.joined(separator: parts(Phrases.listSeparator))
    }

    private func meaning(_ parts: PageParts) -> HTML {
        let rule = description.rule
        var facts: [(String, HTML)] = [
            (parts(RulePhrases.message), "\(parts.native(rule.message[parts.language]))"),
            (parts(RulePhrases.remedy), "\(parts.native(rule.remedy[parts.language]))"),
        ]
        if let reason = description.reason { facts.append((parts(RulePhrases.reason), "\(reason[parts.language])")) }
        facts.append((parts(RulePhrases.judge), "\(description.judge[parts.language])"))
        if let scope = description.scope { facts.append((parts(RulePhrases.scope), "\(scope[parts.language])")) }
        if !description.needs.isEmpty {
            facts.append((parts(RulePhrases.needs), "<code>\(description.needs.joined(separator: ", "))</code>"))
        }
        if let author = description.author {
            facts.append((parts(RulePhrases.author), "\(author)\(description.since.map { ", \($0)" } ?? "")"))
        }
        if let code = description.externalCode { facts.append((parts(RulePhrases.code), "<code>\(code)</code>")) }
        facts.append((parts(RulePhrases.hash), "<code>\(rule.hash)</code>"))
        return parts.facts(facts)
    }

    private func conditions(_ parts: PageParts) -> HTML {
        guard !description.conditions.isEmpty else { return .empty }
        let rows = description.conditions.map { condition in
            [
                "\(condition.words[parts.language])", "<code>\(condition.expression)</code>",
                "<code>\(condition.column)</code>",
            ] as [HTML]
        }
        return "<h2>\(parts(RulePhrases.condition))</h2>\n"
            + parts.table(
                parts(RulePhrases.conditionNote),
                [
                    .wide(parts(RulePhrases.inWords)), .wide(parts(RulePhrases.asWritten)),
                    .short(parts(RulePhrases.pointsAt)),
                ], rows)
    }

    private func thresholds(_ parts: PageParts) -> HTML {
        guard !description.thresholds.isEmpty else { return .empty }
        let rows = description.thresholds.map { threshold in
            [
                "<code>\(threshold.name)</code>", "\(threshold.value)", "\(threshold.since)", "\(threshold.author)",
                "\(threshold.reason)",
            ] as [HTML]
        }
        return "<h2>\(parts(RulePhrases.thresholds))</h2>\n"
            + parts.table(
                parts(RulePhrases.thresholdNote),
                [
                    .short(parts(RulePhrases.name)), .number(parts(Phrases.value)), .short(parts(RulePhrases.since)),
                    .short(parts(RulePhrases.author)), .text(parts(RulePhrases.reason)),
                ], rows)
    }

    private func relations(_ parts: PageParts) -> HTML {
        var lines: [HTML] = []
        for (title, rules) in [
            (RulePhrases.explains, description.explains), (RulePhrases.explainedBy, description.explainedBy),
        ] where !rules.isEmpty {
            let named = rules.map { "<a href=\"\(links.page(of: $0))\">\($0.rawValue)</a> " as HTML }
            lines.append("<p>\(parts(title)) \(each: named)</p>")
        }
        guard !lines.isEmpty else { return .empty }
        return "<h2>\(parts(RulePhrases.roots))</h2>\n" + HTML(lines: lines)
    }

    private func examples(_ parts: PageParts) -> HTML {
        guard !description.examples.isEmpty else { return .empty }
        var lines: [HTML] = ["<h2>\(parts(RulePhrases.examples))</h2>"]
        for (index, example) in description.examples.enumerated() {
            let badge =
                example.fails
                ? parts.badge(parts(RulePhrases.fails), .bad) : parts.badge(parts(RulePhrases.passes), .good)
            lines.append("<h3>\(index + 1). \(badge) \(example.note?[parts.language] ?? "")</h3>")
            if example.cells.isEmpty {
                let text = example.text == "{}" ? parts(RulePhrases.unchanged) : example.text
                lines.append("<p><code>\(text)</code></p>")
            } else {
                lines.append(cells(example, parts))
            }
        }
        return HTML(lines: lines)
    }

    private func cells(_ example: RuleDescription.Example, _ parts: PageParts) -> HTML {
        let rows = example.cells.map { cell in
            [
                "<code>\(cell.table)</code>", "\(cell.row)", "\(cell.column[parts.language])", parts.raw(cell.before),
                parts.raw(cell.after),
            ] as [HTML]
        }
        let more = example.moreCells > 0 ? parts(RulePhrases.more, ["count": "\(example.moreCells)"]) : ""
        return parts.table(
            "\(parts(RulePhrases.exampleNote)) \(more)",
            [
                .short(parts(Phrases.table)), .number(parts(Phrases.row)), .text(parts(Phrases.column)),
                .cell(parts(RulePhrases.before)), .cell(parts(RulePhrases.after)),
            ], rows) + "\n<p class=\"note\"><code>\(example.text)</code></p>"
    }

    private func footer(_ parts: PageParts) -> HTML {
        """
        <p><a href="\(links.index)">\(parts(RulePhrases.allRules))</a> · \
        <a href="\(links.other(of: description.rule.id))" lang="\(parts.language.other.tag)">\
        \(parts.language == .chinese ? "English" : "中文")</a></p>
        """
    }
}

/// Where pages of rules lie, seen from one of them.
public struct RulePageLinks: Sendable {
    private let otherFolder: String

    /// Links of a page that lies beside the others of its language; `otherFolder` leads to those of the other one.
    public init(otherFolder: String) { self.otherFolder = otherFolder }

    var index: HTML { HTML.address("index.html") }

    func page(of rule: RuleID) -> HTML { HTML.address("\(rule).html") }

    func other(of rule: RuleID) -> HTML { HTML.address("\(otherFolder)/\(rule).html") }

    var otherIndex: HTML { HTML.address("\(otherFolder)/index.html") }
}

extension Language {
    fileprivate var other: Language { self == .chinese ? .english : .chinese }
}
