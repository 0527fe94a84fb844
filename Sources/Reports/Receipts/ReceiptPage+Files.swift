import Core

extension ReceiptPage {
    /// Wider headers than this are cut: a file may have ten thousand columns.
    private static let headerLimit = 100
    private static let fileLimit = 150

    // MARK: Files

    var filesSection: HTML {
        guard !report.files.isEmpty else { return .empty }
        let shown = report.files.prefix(ReceiptPage.fileLimit).enumerated().map { file($0.element, number: $0.offset) }
        let rest = report.files.count - shown.count
        return """
            <section aria-labelledby="files">
            <h2 id="files">\(parts(Phrases.filesHeading))</h2>
            \(isOnePackage ? "<p class=\"note\">\(parts(Phrases.fromPackage)) <code>\(VisibleText.cut(report.files[0].name, limit: 200))</code></p>" : .empty as HTML)
            \(HTML(lines: shown))
            \(rest > 0 ? "<p class=\"note\">\(parts(Phrases.moreFiles, ["n": "\(rest)"]))</p>" : .empty as HTML)
            </section>
            """
    }

    private func file(_ file: FileOutcome, number: Int) -> HTML {
        let table = file.table.map { parts(Labels.name(of: $0)) } ?? parts(Phrases.tableUnknown)
        let name = VisibleText.cut(file.member ?? file.name, limit: 200)
        let rows = RowTotals(CollectionOfOne(file))
        var facts: [(String, HTML)] = []
        if file.member != nil, !isOnePackage {
            facts.append((parts(Phrases.package), "<code>\(VisibleText.cut(file.name, limit: 200))</code>"))
        }
        facts.append((parts(Phrases.form), "\(form(of: file))"))
        if let fixFile = receipt.links.fixFiles[number] {
            facts.append(
                (
                    parts(Phrases.fixFile),
                    "<a href=\"\(HTML.address(fixFile))\">\(fixFile)</a> \(parts(Phrases.fixFileNote, ["n": NumberText.grouped(rows.quarantined)]))"
                ))
        }
        return """
            <article class="file">
            <h3>\(table) <span class="soft">·</span> <code>\(name)</code></h3>
            \(Plots.stackedBar(parts.rowSegments(rows), id: "file-\(number)", title: "\(parts(Phrases.whereRowsEnded)): \(name)"))
            \(parts.equation(rows))
            \(parts.facts(facts))
            \(normalisations(of: file))
            \(headers(of: file))
            </article>
            """
    }

    /// Whether all files come from one package, which then is named once.
    private var isOnePackage: Bool {
        guard let first = report.files.first, first.member != nil else { return false }
        return report.files.allSatisfy { $0.name == first.name }
    }

    private func form(of file: FileOutcome) -> String {
        [
            file.encoding ?? parts(Phrases.encodingUnknown),
            file.encoding == nil ? nil : parts(Labels.name(ofDelimiter: file.delimiter)),
            NumberText.size(file.size),
        ].compactMap { $0 }.joined(separator: " · ")
    }

    private func normalisations(of file: FileOutcome) -> HTML {
        let set = file.table.map(DataSet.of)
        let items = file.normalised.sorted { $0.key < $1.key }.prefix(ReceiptPage.headerLimit).flatMap { name, kinds in
            let column = set.flatMap { set in set.position(of: name).map { set.columns[$0] } }
            let label = parts.language == .chinese ? column?.header ?? name : name
            return kinds.sorted { $0.key < $1.key }.map { kind, count in
                "<li>\(label): \(parts(Labels.name(ofNormalisation: kind))) × \(parts.number(count))</li>\n" as HTML
            }
        }
        guard !items.isEmpty else { return .empty }
        return "<p class=\"note\">\(parts(Phrases.normalised))</p>\n<ul class=\"note\">\n\(each: items)</ul>"
    }

    private func headers(of file: FileOutcome) -> HTML {
        guard !file.headers.isEmpty else { return .empty }
        let set = file.table.map(DataSet.of)
        let rows = file.headers.prefix(ReceiptPage.headerLimit).map { mapping -> [HTML] in
            let column = set.flatMap { set in mapping.column.flatMap(set.position(of:)).map { set.columns[$0] } }
            let read: HTML =
                switch (mapping.column, column) {
                case (_, let column?): "\(column.header) <code>\(column.name)</code>"
                case (let name?, nil): "<code>\(name)</code>"
                case (nil, nil): "<span class=\"soft\">\(parts(Phrases.ignored))</span>"
                }
            return [parts.raw(VisibleText.cut(mapping.header, limit: 100)), read]
        }
        let rest = file.headers.count - rows.count
        let used = file.headers.count { $0.column != nil }
        // What was not understood is said openly; the rest may stay folded, and is not printed.
        let unused = file.headers.lazy.filter { $0.column == nil }.prefix(20).map {
            VisibleText.cut($0.header, limit: 40)
        }
        let note: HTML =
            unused.isEmpty
            ? .empty
            : "<p class=\"note\">\(parts(Phrases.ignoredColumns)) \(parts.native(unused.joined(separator: parts(Phrases.listSeparator))))</p>"
        return """
            \(note)
            <details><summary>\(parts(Phrases.headerMapping, ["used": "\(used)", "n": "\(file.headers.count)"]))</summary>
            \(parts.table(parts(Phrases.headerCaption), [.text(parts(Phrases.yourHeader)), .text(parts(Phrases.readAs))], rows))
            \(rest > 0 ? "<p class=\"note\">\(parts(Phrases.moreColumns, ["n": NumberText.grouped(rest)]))</p>" : .empty as HTML)
            </details>
            """
    }

    // MARK: About

    var repeatsSection: HTML {
        guard !report.repeats.isEmpty else { return .empty }
        let items = report.repeats.suffix(50).map { again in
            "<li>\(Labels.time(again.seenAt)) <span class=\"soft\">·</span> <code>\(VisibleText.cut(again.sourceName, limit: 200))</code></li>\n"
                as HTML
        }
        return """
            <section aria-labelledby="repeats">
            <h2 id="repeats">\(parts(Phrases.repeatsHeading))</h2>
            <p>\(parts(Phrases.repeatsText, ["n": "\(report.repeats.count)", "id": "\(submission.id)"]))</p>
            <ul>
            \(each: items)</ul>
            </section>
            """
    }

    var aboutSection: HTML {
        var facts: [(String, HTML)] = [
            (parts(Phrases.hospitalCode), "<code>\(submission.hospitalCode)</code>"),
            (parts(Phrases.hospitalName), parts.native(report.hospitalName ?? parts(Phrases.notInLibrary))),
            (parts(Phrases.period), "\(submission.period.description)"),
            (parts(Phrases.version), "\(submission.version)"),
            (parts(Phrases.submissionID), "\(submission.id.rawValue)"),
            (parts(Phrases.receivedAt), "\(Labels.time(submission.receivedAt)) \(parts(Phrases.beijingTime))"),
            (parts(Phrases.source), "<code>\(VisibleText.cut(submission.sourceName, limit: 300))</code>"),
            ("SHA-256", "<code>\(submission.sha256.hex)</code>"),
        ]
        if let older = submission.supersedes {
            facts.append((parts(Phrases.supersedes), "\(parts(Phrases.submissionNumber, ["n": "\(older)"]))"))
        }
        if let json = receipt.links.json {
            facts.append((parts(Phrases.forMachines), "<a href=\"\(HTML.address(json))\">\(json)</a>"))
        }
        let files = submission.files.prefix(ReceiptPage.fileLimit).map { file -> [HTML] in
            [
                "<code>\(VisibleText.cut(file.name, limit: 200))</code>", "\(NumberText.size(file.size))",
                "<code>\(file.sha256.hex)</code>",
            ]
        }
        let columns: [PageParts.Column] = [
            .text(parts(Phrases.file)), .number(parts(Phrases.fileSize)), .text("SHA-256"),
        ]
        return """
            <section aria-labelledby="about">
            <h2 id="about">\(parts(Phrases.aboutHeading))</h2>
            \(parts.facts(facts))
            \(files.isEmpty ? .empty : parts.table(parts(Phrases.receivedFiles), columns, files))
            </section>
            """
    }
}
