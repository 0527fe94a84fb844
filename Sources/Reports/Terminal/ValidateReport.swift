public import Core

/// What `yaoce validate` prints: where the rows would end, then the findings by rule with their first places.
public struct ValidateReport: Sendable {
    private let files: [FileOutcome]
    private let groups: FindingGroups
    private let rules: RuleTexts
    private let verdict: Verdict?

    /// A report about some files; `verdict` is what the submission would get, where they are one.
    public init(files: [FileOutcome], groups: FindingGroups, rules: RuleTexts, verdict: Verdict? = nil) {
        self.files = files
        self.groups = groups
        self.rules = rules
        self.verdict = verdict
    }

    /// The report for a terminal.
    ///
    /// - Parameters:
    ///   - isColoured: whether ANSI colours may be used.
    ///   - width: how wide the terminal is; sentences are wrapped to it.
    public func text(_ language: Language, isColoured: Bool = false, width: Int = 100) -> String {
        let parts = PageParts(language: language)
        let paint = Paint(isOn: isColoured)
        var text = ""
        if let verdict {
            text += paint(parts(Labels.name(of: verdict)), Paint.colour(Tone(verdict)), isBold: true)
            text += " — " + parts(ValidateReport.sentence(verdict)) + "\n\n"
        }
        text += table(of: files, parts)
        text += "\n"
        let sorted = groups.sorted
        guard !sorted.isEmpty else { return text + paint("✓ " + parts(Phrases.noFindings), .green) + "\n" }
        for group in sorted { text += self.text(of: group, parts, paint, width: min(max(width, 40), 160)) + "\n" }
        return text + summary(parts, paint) + "\n"
    }

    private static func sentence(_ verdict: Verdict) -> Phrase {
        switch verdict {
        case .passed: Phrase("可以上报。", "ready to be sent.")
        case .passedWithWarnings: Phrase("可以上报，请留意提醒。", "ready to be sent; mind the warnings.")
        case .partlyLoaded: Phrase("现在上报的话，有错误的行不会入库。", "sent as it is, rows with errors would not be loaded.")
        case .returned: Phrase("现在上报的话会整份退回。", "sent as it is, the whole would be returned.")
        }
    }

    private func table(of files: [FileOutcome], _ parts: PageParts) -> String {
        var table = TextTable([
            (parts(Phrases.file), .left), (parts(Phrases.table), .left), (parts(Phrases.encoding), .left),
            (parts(Phrases.rowsRead), .right), (parts(Phrases.good), .right), (parts(Phrases.quarantined), .right),
            (parts(Phrases.skipped), .right),
        ])
        for file in files {
            table.add([
                file.label(among: files),
                file.table.map { parts(Labels.name(of: $0)) } ?? "—", file.encoding ?? "—",
                NumberText.grouped(file.rowsRead), NumberText.grouped(file.rowsLoaded),
                NumberText.grouped(file.rowsQuarantined), NumberText.grouped(file.rowsSkippedTotal),
            ])
        }
        return table.text
    }

    private func text(of group: FindingGroups.Group, _ parts: PageParts, _ paint: Paint, width: Int) -> String {
        let severity = paint(parts(Labels.name(of: group.severity)), Paint.colour(Tone(group.severity)), isBold: true)
        let title = VisibleText.of(rules.title(group.rule, parts.language))
        var text =
            "\(severity)  \(VisibleText.of(group.rule.rawValue))  \(paint(title, nil, isBold: true))  × \(NumberText.grouped(group.count))\n"
        let remedy = rules.remedy(group.rule, parts.language)
        if !remedy.isEmpty {
            text += lines(parts(Phrases.remedy) + " " + remedy, indent: "    ", width: width)
        }
        for finding in group.places {
            let shown = ShownFinding(finding, files: files)
            let sentence = rules.message(finding, files: files, parts.language)
            // Most sentences name their column.
            let column = shown.columnLabel(parts.language).flatMap { sentence.contains($0) ? nil : $0 }
            let place = [shown.path, finding.place.line.map { parts(Phrases.lineNumber, ["n": "\($0)"]) }, column]
                .compactMap { $0 }.joined(separator: ", ")
            text += lines("· " + (place.isEmpty ? "" : place + ": ") + sentence, indent: "    ", width: width)
        }
        let rest = group.count - group.places.count
        if rest > 0 {
            text += "    " + paint(parts(Phrases.moreFindings, ["n": NumberText.grouped(rest)]), .dim) + "\n"
        }
        return text
    }

    private func lines(_ sentence: String, indent: String, width: Int) -> String {
        DisplayWidth.wrapped(VisibleText.of(sentence), to: width - indent.utf8.count - 2).enumerated()
            .map { indent + ($0.offset > 0 ? "  " : "") + $0.element + "\n" }.joined()
    }

    private func summary(_ parts: PageParts, _ paint: Paint) -> String {
        Severity.allCases.filter { groups.count(of: $0) > 0 }.map { severity in
            let text = "\(parts(Labels.name(of: severity))) \(NumberText.grouped(groups.count(of: severity)))"
            return paint(text, Paint.colour(Tone(severity)))
        }.joined(separator: "  ")
    }
}

/// ANSI colours, or none.
private struct Paint {
    enum Colour: String {
        case red = "31"
        case yellow = "33"
        case green = "32"
        case cyan = "36"
        case dim = "2"
    }

    let isOn: Bool

    func callAsFunction(_ text: String, _ colour: Colour?, isBold: Bool = false) -> String {
        let codes = [isBold ? "1" : nil, colour?.rawValue].compactMap { $0 }
        guard isOn, !codes.isEmpty else { return text }
        return "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
    }

    static func colour(_ tone: Tone) -> Colour {
        switch tone {
        case .bad: .red
        case .caution: .yellow
        case .good: .green
        case .accent: .cyan
        case .quiet: .dim
        }
    }
}
