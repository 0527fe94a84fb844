import Core

/// What the pages of the officers' report are put together from.
struct ViolationParts {
    let report: ViolationReport
    let parts: PageParts
    /// The way from the page to the report's folder, empty or `../`.
    let root: String

    init(_ report: ViolationReport, _ language: Language, root: String = "") {
        self.report = report
        parts = PageParts(language: language)
        self.root = root
    }

    var period: String { parts(Labels.name(of: report.summary.period)) }

    func page(
        title: String, heading: HTML, subtitle: HTML, _ sections: [HTML], script: Page.Script? = nil
    ) -> [UInt8] {
        Page(
            language: parts.language, title: title, kicker: parts(Phrases.violationsKicker), heading: heading,
            subtitle: subtitle, content: HTML(lines: sections),
            footer: "<p>\(parts(Phrases.violationsFooter))</p>", style: Stylesheet.officers, script: script
        ).bytes
    }

    func section(_ id: HTML, _ heading: String, _ content: HTML) -> HTML {
        guard !content.isEmpty else { return .empty }
        return """
            <section aria-labelledby="\(id)">
            <h2 id="\(id)">\(heading)</h2>
            \(content)
            </section>
            """
    }

    func link(_ path: String, _ text: HTML, anchor: HTML = .empty) -> HTML {
        "<a href=\"\(HTML.address(root + path))\(anchor)\">\(text)</a>"
    }

    /// An institution with its code; with a link where it has a page.
    func institution(_ item: JudgedSubmission, anchor: HTML = .empty) -> HTML {
        let name = item.name.map { parts.native(VisibleText.cut($0, limit: 100)) }
        let code: HTML = "<code>\(VisibleText.cut(item.hospitalCode, limit: 60))</code>"
        let shown = name ?? code
        let linked =
            report.isWithFindings(item)
            ? link(ViolationReport.file(of: item, ".html"), shown, anchor: anchor) : shown
        return name == nil ? linked : linked + "<span class=\"english\">\(code)</span>"
    }

    func city(_ item: JudgedSubmission) -> HTML {
        guard let city = item.city ?? item.cityCode else {
            return "<span class=\"soft\">\(parts(Phrases.notListed))</span>"
        }
        return parts.native(VisibleText.cut(city, limit: 40))
    }

    func cityAndCounty(_ item: JudgedSubmission) -> HTML {
        guard let county = item.county, !county.isEmpty, county != item.city else { return city(item) }
        return city(item) + " " + parts.native(VisibleText.cut(county, limit: 40))
    }

    func level(_ item: JudgedSubmission) -> HTML { "\(parts(Labels.name(of: item.level)))" }

    /// The grade, or the verdict where it was returned before its load.
    func grade(_ item: JudgedSubmission) -> HTML {
        if let grade = item.grade { return parts.badge(parts(Labels.name(of: grade)), Tone(grade)) }
        return parts.badge(parts(Labels.name(of: item.verdict)), Tone(item.verdict))
    }

    func rate(_ rate: Rate?) -> HTML { "\(NumberText.percent(hundredths: rate?.hundredths))" }

    /// A rule with its name and a link to its page.
    func rule(_ rule: RuleID) -> HTML {
        link(ViolationReport.file(of: rule, ".html"), "\(rule.rawValue)")
            + " \(report.rules.title(rule, parts.language))"
    }

    /// Why a return is suggested or demanded.
    func reasons(_ item: JudgedSubmission) -> [HTML] {
        var lines = item.counts.filter { $0.severity == .forced }.map { count in
            rule(count.rule) + " " + parts.badge(.forced)
                + (count.count > 1 ? " × \(parts.number(count.count))" as HTML : .empty)
        }
        if let limit = report.limits?[item.level], let rate = item.anomalies,
            item.grade == .suggestedReturn || isOver(item)
        {
            lines.append(
                "\(parts(Phrases.reachesLimit, ["rate": NumberText.percent(hundredths: rate.hundredths), "part": NumberText.grouped(rate.part), "whole": NumberText.grouped(rate.whole), "limit": NumberText.percent(hundredths: Int(limit))]))"
            )
            let main = item.counts.filter { $0.severity == .anomaly }.sorted {
                ($1.count, $0.rule) < ($0.count, $1.rule)
            }
            if !main.isEmpty {
                let named = main.prefix(3).map { rule($0.rule) + " × \(parts.number($0.count))" as HTML }
                lines.append(
                    "\(parts(Phrases.mostly)) \(HTML(markup: named.map(\.text).joined(separator: parts(Phrases.listSeparator))))"
                )
            }
        }
        return lines
    }

    private func isOver(_ item: JudgedSubmission) -> Bool {
        guard let limits = report.limits, let rate = item.anomalies else { return false }
        let basis = GradeBasis(
            level: item.level, anomalousRows: rate.part, judgedRows: rate.whole, isForced: false, isQuestioned: true)
        return limits.grade(basis) == .suggestedReturn
    }

    /// Links to the lists beside a page.
    func files(_ files: [(path: String, words: Phrase)]) -> HTML {
        let items = files.map { file in
            "<li>\(link(file.path, "\(parts(file.words))")) <span class=\"soft\"><code>\(file.path)</code></span></li>\n"
                as HTML
        }
        return "<p>\(parts(Phrases.downloads))</p>\n<ul class=\"files\">\n\(each: items)</ul>"
    }
}
