import Core
import Foundation
import Reports

/// `yaoce run --json`: the object of contract section 3.
enum RunJSONOutput {
    static func bytes(_ report: RunReport) -> [UInt8] {
        let object = JSON.object([
            .init("run_id", .integer(report.runID)),
            .init("started_at", .string(report.startedAt.description)),
            .init("finished_at", report.finishedAt.map { .string($0.description) } ?? .null),
            .init("business_date", .string(report.businessDate.description)),
            .init("stages", .array(report.stages.map(stage))),
            .init("submissions", .array(report.submissions.map(submission))),
            .init("findings", byRule(report.findingCounts)),
            .init("intake", .array(report.sightings.map(sighting))),
            .init("failures", .array(report.failures.map(failure))),
            .init("rules_left_out", .array(report.rulesLeftOut.map(\.json))),
        ])
        return object.bytes
    }

    private static func stage(_ time: RunReport.StageTime) -> JSON {
        .object([
            .init("name", .string(time.stage.rawValue)),
            .init("seconds", .decimal(String(format: "%.3f", time.seconds))),
            .init("items", .integer(time.items)),
        ])
    }

    static func submission(_ report: SubmissionReport) -> JSON {
        .object([
            .init("submission_id", .integer(report.submission.id.rawValue)),
            .init("hospital_code", .string(report.submission.hospitalCode)),
            .init("period", .string(report.submission.period.description)),
            .init("version", .integer(report.submission.version)),
            .init("verdict", report.verdict.map { .string($0.rawValue) } ?? .null),
            .init("grade", report.grade.map { .string($0.rawValue) } ?? .null),
            .init("is_current", .boolean(report.isCurrent)),
            .init("source_name", .string(report.submission.sourceName)),
            .init("findings", bySeverity(report.findingCounts)),
            .init("files", .array(report.files.map(file))),
        ])
    }

    static func file(_ file: FileOutcome) -> JSON {
        .object([
            .init("name", .string(file.member ?? file.name)),
            .init("package", file.member == nil ? .null : .string(file.name)),
            .init("table", file.table.map { .string($0.rawValue) } ?? .null),
            .init("sha256", .string(file.sha256)),
            .init("encoding", file.encoding.map(JSON.string) ?? .null),
            .init("rows_read", .integer(file.rowsRead)),
            .init("rows_loaded", .integer(file.rowsLoaded)),
            .init("rows_quarantined", .integer(file.rowsQuarantined)),
            .init("rows_skipped", .integer(file.rowsSkippedTotal)),
            .init(
                "findings",
                .object(Severity.allCases.map { .init($0.rawValue, .integer(file.findings[$0.rawValue] ?? 0)) })),
        ])
    }

    private static func bySeverity(_ counts: [RuleCount]) -> JSON {
        .object(
            Severity.allCases.map { severity in
                let sum = counts.filter { $0.severity == severity }.reduce(0) { $0 + $1.count }
                return .init(severity.rawValue, .integer(sum))
            })
    }

    private static func byRule(_ counts: [RuleCount]) -> JSON {
        var totals: [RuleID: Int] = [:]
        for count in counts { totals[count.rule, default: 0] += count.count }
        return .object(totals.sorted { $0.key < $1.key }.map { .init($0.key.rawValue, .integer($0.value)) })
    }

    private static func sighting(_ sighting: IntakeSighting) -> JSON {
        .object([
            .init("source_name", .string(sighting.sourceName)), .init("outcome", .string(sighting.outcome.rawValue)),
            .init("reason", sighting.reason.map { .string($0[Environment.language]) } ?? .null),
            .init("submission_id", sighting.submission.map { .integer($0.rawValue) } ?? .null),
        ])
    }

    private static func failure(_ failure: StageFailure) -> JSON {
        .object([
            .init("submission_id", .integer(failure.submission.rawValue)),
            .init("stage", .string(failure.stage.rawValue)), .init("reason", .string(failure.reason)),
        ])
    }
}
