import Core
import Pipeline
import Reports

/// A finding as JSON, with the names of the view `yaoce_api.finding`.
enum FindingJSON {
    static func value(_ finding: Finding, _ files: [FileOutcome], _ texts: RuleTexts) -> JSON {
        let place = finding.place
        let file = place.file.map { files[$0] }
        func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
        func whole(_ value: Int?) -> JSON { value.map(JSON.integer) ?? .null }
        return .object([
            .init("rule_id", .string(finding.rule.rawValue)),
            .init("severity", .string(finding.severity.rawValue)),
            .init("table_name", text(place.table?.rawValue)),
            .init("file_name", text(file?.name)),
            .init("member", text(file?.member)),
            .init("line", whole(place.line)),
            .init("row_number", whole(place.row)),
            .init("column_name", text(place.column)),
            .init("byte_offset", whole(place.byteOffset)),
            .init("value", text(finding.observation.value)),
            .init("expected", text(finding.observation.expected)),
            .init("message_zh", .string(texts.message(finding, files: files, .chinese))),
            .init("message_en", .string(texts.message(finding, files: files, .english))),
            .init("fingerprint", .string(finding.fingerprint.description)),
            .init("root", text(finding.root?.description)),
        ])
    }
}

/// `yaoce validate --json`
enum ValidationJSON {
    static func bytes(_ outcome: CheckOutcome, _ input: CheckInput, _ findings: [JSON]) -> [UInt8] {
        JSON.object([
            .init("hospital_code", .string(input.hospitalCode)),
            .init("period", .string(input.period.description)),
            .init("verdict", .string(outcome.verdict.rawValue)),
            .init("files", .array(outcome.files.map(RunJSONOutput.file))),
            .init(
                "finding_counts",
                .object(Severity.allCases.map { .init($0.rawValue, .integer(outcome.findingCounts[$0] ?? 0)) })),
            .init("rule_results", .array(outcome.results.map(rule))),
            .init("findings", .array(findings)),
        ]).bytes
    }

    /// What became of a rule, with the names of the view `yaoce_api.rule_result`.
    private static func rule(_ result: RuleResult) -> JSON {
        .object([
            .init("rule_id", .string(result.rule.rawValue)),
            .init("rule_hash", .string(result.ruleHash)),
            .init("status", .string(result.status.rawValue)),
            .init("reason", result.reason.map(JSON.string) ?? .null),
            .init("evaluated", .integer(result.evaluated)),
            .init("violated", .integer(result.violated)),
        ])
    }
}
