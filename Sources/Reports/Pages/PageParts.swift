import Core

/// What pages are put together from, in one language.
struct PageParts {
    let language: Language

    /// A sentence in the language of the page, `${…}` replaced.
    func callAsFunction(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        values.isEmpty ? phrase[language] : phrase.filled(language, values)
    }

    /// Text that came from the data, marked as Chinese on a page that is not.
    func native(_ text: String) -> HTML {
        language == .chinese || text.utf8.allSatisfy { $0 < 0x80 } ? "\(text)" : "<span lang=\"zh-CN\">\(text)</span>"
    }

    /// A cell as it came: blanks kept, in a fixed-width font.
    func raw(_ text: String?) -> HTML {
        guard let text else { return "<span class=\"soft\">—</span>" }
        guard !text.isEmpty else { return "<span class=\"soft\">\(self(Phrases.blank))</span>" }
        return "<span class=\"raw\"\(language == .chinese ? .empty : " lang=\"zh-CN\"")>\(text)</span>"
    }

    func badge(_ text: String, _ tone: Tone) -> HTML { "<span class=\"badge \(tone.name)\">\(text)</span>" }

    func badge(_ severity: Severity) -> HTML { badge(self(Labels.name(of: severity)), Tone(severity)) }

    func number(_ value: Int) -> HTML { "\(NumberText.grouped(value))" }

    // MARK: Tables

    /// A column of a table.
    struct Column {
        let title: String
        let kind: HTML

        static func text(_ title: String) -> Column { Column(title: title, kind: .empty) }
        static func short(_ title: String) -> Column { Column(title: title, kind: " class=\"short\"") }
        static func cell(_ title: String) -> Column { Column(title: title, kind: " class=\"cell\"") }
        static func wide(_ title: String) -> Column { Column(title: title, kind: " class=\"wide\"") }
        static func number(_ title: String) -> Column { Column(title: title, kind: " class=\"number\"") }
        static func plot(_ title: String) -> Column { Column(title: title, kind: " class=\"plot\"") }
    }

    /// A table with a caption and headers for columns and rows; the first cell of a row names it.
    func table(_ caption: String, _ columns: [Column], _ rows: [[HTML]]) -> HTML {
        var body = HTML.Interpolation(literalCapacity: rows.count * 256, interpolationCount: 0)
        for row in rows {
            body.appendLiteral("<tr>")
            for (index, cell) in row.enumerated() {
                body.appendLiteral(index == 0 ? "<th scope=\"row\"" : "<td")
                body.appendInterpolation(columns[index].kind)
                body.appendLiteral(">")
                body.appendInterpolation(cell)
                body.appendLiteral(index == 0 ? "</th>" : "</td>")
            }
            body.appendLiteral("</tr>\n")
        }
        // A header without words would be announced as nothing; a plain cell is passed over.
        let headers = columns.map { column in
            column.title.isEmpty
                ? "<td></td>" as HTML : "<th scope=\"col\"\(column.kind)>\(column.title)</th>" as HTML
        }
        return """
            <div class="scroll"><table>
            <caption>\(caption)</caption>
            <thead><tr>\(each: headers)</tr></thead>
            <tbody>
            \(HTML(stringInterpolation: body))</tbody>
            </table></div>
            """
    }

    /// Names and what they stand for.
    func facts(_ pairs: [(String, HTML)]) -> HTML {
        "<dl class=\"facts\">\n\(each: pairs.map { "<dt>\($0)</dt><dd>\($1)</dd>\n" as HTML })</dl>"
    }

    /// Big numbers.
    func tiles(_ tiles: [(label: String, value: HTML, tone: Tone)]) -> HTML {
        "<dl class=\"tiles\">\n"
            + HTML(lines: tiles.map { "<div class=\"\($0.tone.name)\"><dt>\($0.label)</dt><dd>\($0.value)</dd></div>" })
            + "\n</dl>"
    }

    // MARK: Rows

    /// The segments of the bar that shows where rows ended.
    func rowSegments(_ rows: RowTotals) -> [Plots.Segment] {
        [
            Plots.Segment(label: self(Phrases.loaded), count: rows.loaded, tone: .good),
            Plots.Segment(label: self(Phrases.quarantined), count: rows.quarantined, tone: .bad),
            Plots.Segment(label: self(Phrases.skipped), count: rows.skippedTotal, tone: .quiet),
        ]
    }

    /// `read = loaded + quarantined + skipped`, with a check mark or an alarm.
    func equation(_ rows: RowTotals) -> HTML {
        let skipped = rows.skipped.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        let reasons =
            skipped.isEmpty
            ? ""
            : self(
                Phrases.inBrackets,
                ["text": skipped.map { reason($0.key, $0.value) }.joined(separator: self(Phrases.listSeparator))])
        let mark: HTML =
            rows.isBalanced
            ? "<span class=\"ok\">✓ \(self(Phrases.balanced))</span>"
            : "<span class=\"alarm\">✗ \(self(Phrases.notBalanced))</span>"
        return """
            <p class="equation">\(self(Phrases.read)) <b>\(number(rows.read))</b> = \(Plots.swatch(.good))\(self(Phrases.loaded)) \
            <b>\(number(rows.loaded))</b> + \(Plots.swatch(.bad))\(self(Phrases.quarantined)) <b>\(number(rows.quarantined))</b> + \
            \(Plots.swatch(.quiet))\(self(Phrases.skipped)) <b>\(number(rows.skippedTotal))</b>\(reasons) &#160; \(mark)</p>
            """
    }

    private func reason(_ raw: String, _ count: Int) -> String {
        "\(self(Labels.name(ofSkipReason: raw))) \(NumberText.grouped(count))"
    }
}

extension HTML {
    static func + (left: HTML, right: HTML) -> HTML { HTML(markup: left.text + right.text) }
}
