public import Core

extension ViolationReport {
    /// All institutions, by level: what needs an officer first.
    public func institutions(_ language: Language) -> [UInt8] {
        let view = ViolationParts(self, language)
        let parts = view.parts
        let levels = InstitutionLevel.allCases.map { level in
            (level, ordered(summary.submissions.lazy.filter { $0.level == level }))
        }.filter { !$0.1.isEmpty }
        let jumps = levels.map { level, items -> HTML in
            "<a href=\"#level-\(HTML(markup: level.rawValue))\">\(parts(Labels.name(of: level)))</a> (\(parts.number(items.count)))"
        }
        let title = parts(Phrases.institutionsTitle, ["period": view.period])
        return view.page(
            title: title, heading: "\(title)",
            subtitle:
                "\(view.link("index.html", "\(parts(Phrases.report))")) · \(view.link("returns.html", "\(parts(Phrases.returnsHeading))"))",
            [
                "<p class=\"ways\">\(parts(Phrases.jumpTo)) \(HTML(markup: jumps.map(\.text).joined(separator: " · ")))</p>",
                NameFilter.field(parts),
                HTML(
                    lines: levels.map { level, items in
                        view.section(
                            HTML(markup: "level-\(level.rawValue)"), parts(Labels.name(of: level)),
                            list(items, level, view))
                    }),
                view.section(
                    "files", parts(Phrases.downloads), view.files([("institutions.csv", Phrases.downloadInstitutions)])),
            ], script: NameFilter.script)
    }

    private func list(_ items: [JudgedSubmission], _ level: InstitutionLevel, _ view: ViolationParts) -> HTML {
        let parts = view.parts
        let rows = items.prefix(ViolationReport.lineLimit).map { item -> [HTML] in
            [
                view.institution(item), view.cityAndCounty(item), view.grade(item),
                parts.number(item.count(.interrupt, .error)), parts.number(item.count(.anomaly, .forced)),
                parts.number(item.count(.warning)), view.rate(item.anomalies),
                "\(NumberText.points(item.quality.score))",
            ]
        }
        let columns: [PageParts.Column] = [
            .wide(parts(Phrases.hospital)), .cell(parts(Phrases.city)), .short(parts(Phrases.gradeColumn)),
            .number(parts(Phrases.errors)), .number(parts(Phrases.anomalies)), .number(parts(Phrases.warnings)),
            .number(parts(Phrases.anomalyRate)), .number(parts(Phrases.score)),
        ]
        let rest = items.count - rows.count
        let more: HTML =
            rest > 0
            ? "<p class=\"note\">\(parts(Phrases.moreInstitutions, ["n": NumberText.grouped(rest), "file": "institutions.csv"]))</p>"
            : .empty
        let caption = parts(
            Phrases.institutionsCaption,
            ["level": parts(Labels.name(of: level)), "n": NumberText.grouped(items.count)])
        return parts.table(caption, columns, rows) + more
    }

    /// Institutions whose return is suggested or demanded, each with its reasons.
    public func returns(_ language: Language) -> [UInt8] {
        let view = ViolationParts(self, language)
        let parts = view.parts
        let items = returns
        let rows = items.prefix(ViolationReport.lineLimit).map { item -> [HTML] in
            let reasons = view.reasons(item).map { "<li>\($0)</li>" as HTML }
            let receipt = receipts[item.submission].map { view.link($0, "\(parts(Phrases.open))") } ?? "—"
            return [
                view.institution(item), view.cityAndCounty(item), view.level(item), view.grade(item),
                view.rate(item.anomalies), "<ul class=\"reasons\">\(each: reasons)</ul>", receipt,
            ]
        }
        let columns: [PageParts.Column] = [
            .wide(parts(Phrases.hospital)), .cell(parts(Phrases.city)), .short(parts(Phrases.level)),
            .short(parts(Phrases.gradeColumn)), .number(parts(Phrases.anomalyRate)), .wide(parts(Phrases.reasons)),
            .short(parts(Phrases.receiptColumn)),
        ]
        let caption = parts(Phrases.returnsCaption, ["n": NumberText.grouped(items.count)])
        let rest = items.count - rows.count
        let more: HTML =
            rest > 0
            ? "<p class=\"note\">\(parts(Phrases.moreInstitutions, ["n": NumberText.grouped(rest), "file": "returns.csv"]))</p>"
            : .empty
        let title = parts(Phrases.returnsTitle, ["period": view.period])
        return view.page(
            title: title, heading: "\(title)",
            subtitle:
                "\(view.link("index.html", "\(parts(Phrases.report))")) · \(view.link("institutions.html", "\(parts(Phrases.byInstitution))"))",
            [
                "<p class=\"note\">\(parts(Phrases.returnsNote))</p>",
                items.isEmpty
                    ? "<p class=\"ok\">✓ \(parts(Phrases.noReturns))</p>"
                    : NameFilter.field(parts) + parts.table(caption, columns, rows) + more,
                view.files([("returns.csv", Phrases.downloadReturns)]),
            ], script: NameFilter.script)
    }
}

/// A field that hides the rows of tables that do not contain what is typed. Without scripts it is not there, and all rows
/// are.
enum NameFilter {
    static func field(_ parts: PageParts) -> HTML {
        "<p class=\"filter\" id=\"filter\" hidden=\"hidden\"><label>\(parts(Phrases.findName)) <input type=\"search\" autocomplete=\"off\" /></label></p>"
    }

    /// A constant: no value ever gets into it. Written without `<` and `&`, so that an XML parser reads the page.
    static let script = Page.Script(
        text: """
            (function(){var box=document.getElementById("filter");if(!box){return}
            box.hidden=false;var field=box.querySelector("input");
            var rows=Array.prototype.slice.call(document.querySelectorAll("tbody tr"));
            field.addEventListener("input",function(){var wanted=field.value.trim().toLowerCase();
            rows.forEach(function(row){row.hidden=row.textContent.toLowerCase().indexOf(wanted)===-1})})})();
            """,
        hash: "sha256-Cv2WrgCueFMOz1HmWI48PL7a9rCowqDTawA8dLg+wUM=")
}
