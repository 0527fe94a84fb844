import Core

extension ReceiptBuilder {
    /// Everything the page says, with both languages where it has sentences.
    var jsonValue: JSON {
        let verdict = ReceiptVerdict(self)
        var members: [JSON.Member] = [
            .init("submission", report.jsonIdentity),
            .init("verdict", .text(report.verdict?.rawValue)),
            .init("grade", .text(report.grade?.rawValue)),
            .init("is_current", .boolean(report.isCurrent)),
            .init("withdrawn_at", .text(report.withdrawnAt?.description)),
            .init("set_aside_reason", .text(report.setAsideReason)),
            .init("headline", verdict.filledHeadline.json),
            .init("rows", rows.json),
            .init("files", .array(report.files.enumerated().map { fileJSON($0.element, number: $0.offset) })),
            .init("findings_total", .integer(groups.total)),
            .init(
                "findings_by_severity",
                .object(Severity.allCases.map { .init($0.rawValue, .integer(groups.count(of: $0))) })),
            .init("findings_csv", .text(links.findings)),
            .init("findings", .array(sortedGroups.map(groupJSON))),
            .init("difference", difference.map(\.json) ?? .null),
            .init(
                "repeats",
                .array(
                    report.repeats.map {
                        .object([
                            .init("source_name", .string($0.sourceName)),
                            .init("seen_at", .string($0.seenAt.description)),
                        ])
                    })),
        ]
        if !report.rulesLeftOut.isEmpty {
            members.append(.init("rules_left_out", .array(report.rulesLeftOut.map { .string($0) })))
        }
        return .object(members)
    }

    private func fileJSON(_ file: FileOutcome, number: Int) -> JSON {
        .object(
            file.jsonMembers + [
                .init("size", .integer(file.size)),
                .init(
                    "headers",
                    .array(
                        file.headers.map {
                            .object([.init("header", .string($0.header)), .init("column", .text($0.column))])
                        })),
                .init(
                    "normalised",
                    .object(
                        file.normalised.sorted { $0.key < $1.key }.map { column, kinds in
                            .init(
                                column,
                                .object(kinds.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) }))
                        })),
                .init("fix_file", .text(links.fixFiles[number])),
            ])
    }

    private func groupJSON(_ group: FindingGroups.Group) -> JSON {
        .object([
            .init("rule_id", .string(group.rule.rawValue)),
            .init("severity", .string(group.severity.rawValue)),
            .init("title", Phrase(rules.title(group.rule, .chinese), rules.title(group.rule, .english)).json),
            .init("remedy", Phrase(rules.remedy(group.rule, .chinese), rules.remedy(group.rule, .english)).json),
            .init("count", .integer(group.count)),
            .init(
                "tables",
                .object(group.tables.sorted { $0.key < $1.key }.map { .init($0.key.rawValue, .integer($0.value)) })),
            .init("first", .array(group.places.map(findingJSON))),
            .init("following", .integer(group.following)),
            .init(
                "consequences",
                .object(
                    group.consequences.sorted { $0.key < $1.key }.map { .init($0.key.rawValue, .integer($0.value)) })),
            .init("fix_files", .array(fixFiles(of: group).map(JSON.string))),
        ])
    }

    private func findingJSON(_ finding: Finding) -> JSON {
        let shown = ShownFinding(finding, files: report.files)
        return .object([
            .init("table_name", .text(finding.place.table?.rawValue)),
            .init("file_name", .text(shown.fileName)),
            .init("member", .text(shown.member)),
            .init("line", .whole(finding.place.line)),
            .init("row_number", .whole(finding.place.row)),
            .init("column_name", .text(shown.columnName ?? finding.place.column)),
            .init("column_header", .text(shown.columnHeader)),
            .init("value", .text(shown.value(.chinese))),
            .init("expected", .text(shown.expected)),
            .init("message_zh", .string(rules.message(shown, .chinese))),
            .init("message_en", .string(rules.message(shown, .english))),
            .init("fingerprint", .string(finding.fingerprint.description)),
        ])
    }
}

extension VersionDifference {
    fileprivate var json: JSON {
        .object([
            .init("against", .integer(against.rawValue)),
            .init("version", .integer(version)),
            .init(
                "tables",
                .array(
                    tables.map {
                        .object([
                            .init("table", .string($0.table.rawValue)), .init("added", .integer($0.added)),
                            .init("removed", .integer($0.removed)), .init("changed", .integer($0.changed)),
                            .init("unchanged", .integer($0.unchanged)),
                        ])
                    })),
            .init(
                "samples",
                .array(
                    samples.prefix(50).map {
                        .object([
                            .init("table", .string($0.table.rawValue)), .init("key", .string($0.key)),
                            .init("name", .text($0.name)), .init("kind", .string($0.kind.rawValue)),
                            .init("column_name", .text($0.column)),
                            .init("before", .text($0.shown($0.before, .chinese))),
                            .init("after", .text($0.shown($0.after, .chinese))),
                        ])
                    })),
        ])
    }
}
