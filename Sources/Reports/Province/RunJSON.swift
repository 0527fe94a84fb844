public import Core

extension RunPage {
    /// The same content for machines, UTF-8, keys always in the same order. It has every member that the contract
    /// promises of `yaoce run --json`.
    public func json() -> [UInt8] { jsonValue.bytes }

    var jsonValue: JSON {
        let counts = report.findingCounts
        var byRule: [(rule: RuleID, count: Int)] = []
        for (rule, group) in Dictionary(grouping: counts, by: \.rule).sorted(by: { $0.key < $1.key }) {
            byRule.append((rule, group.reduce(0) { $0 + $1.count }))
        }
        var members: [JSON.Member] = [
            .init("run_id", .integer(report.runID)),
            .init("started_at", .string(report.startedAt.description)),
            .init("finished_at", .text(report.finishedAt?.description)),
            .init("business_date", .string(report.businessDate.description)),
            .init("exit_code", .whole(report.exitCode)),
            .init("stages", .array(report.stages.map(stageJSON))),
            .init("rows", rows.json),
            .init(
                "verdicts",
                .object(
                    Verdict.allCases.map { verdict in
                        .init(verdict.rawValue, .integer(report.submissions.count { $0.verdict == verdict }))
                    })),
            .init("submissions", .array(report.submissions.map(submissionJSON))),
            .init("findings", .object(byRule.map { .init($0.rule.rawValue, .integer($0.count)) })),
            .init("rules", .array(counts.map(ruleJSON))),
            .init("expected_institutions", .whole(report.expectedInstitutions)),
            .init("coverage", .array(Coverage.of(report).map(coverageJSON))),
            .init("missing", .array(report.missing.map(missingJSON))),
            .init("seen", .array(report.sightings.map(sightingJSON))),
            .init("failures", .array(report.failures.map(failureJSON))),
        ]
        if !report.rulesLeftOut.isEmpty {
            members.append(.init("rules_left_out", .array(report.rulesLeftOut.map(\.json))))
        }
        return .object(members)
    }

    private func stageJSON(_ stage: RunReport.StageTime) -> JSON {
        .object([
            .init("name", .string(stage.stage.rawValue)),
            .init("started_at", .string(stage.startedAt.description)),
            .init("seconds", .seconds(stage.seconds)),
            .init("items", .integer(stage.items)),
        ])
    }

    private func submissionJSON(_ item: SubmissionReport) -> JSON {
        var severities: [Severity: Int] = [:]
        for count in item.findingCounts { severities[count.severity, default: 0] += count.count }
        return .object([
            .init("submission_id", .integer(item.submission.id.rawValue)),
            .init("hospital_code", .string(item.submission.hospitalCode)),
            .init("hospital_name", .text(item.hospitalName)),
            .init("period", .string(item.submission.period.description)),
            .init("version", .integer(item.submission.version)),
            .init("supersedes", .whole(item.submission.supersedes?.rawValue)),
            .init("verdict", .text(item.verdict?.rawValue)),
            .init("grade", .text(item.grade?.rawValue)),
            .init("is_current", .boolean(item.isCurrent)),
            .init("set_aside_reason", .text(item.setAsideReason)),
            .init("rows", RowTotals(item.files).json),
            .init("files", .array(item.files.map { .object($0.jsonMembers) })),
            .init("findings", .object(Severity.allCases.map { .init($0.rawValue, .integer(severities[$0] ?? 0)) })),
            .init("receipt", .text(receipts[item.submission.id])),
        ])
    }

    private func ruleJSON(_ count: RuleCount) -> JSON {
        .object([
            .init("rule_id", .string(count.rule.rawValue)),
            .init("severity", .string(count.severity.rawValue)),
            .init("title", Phrase(rules.title(count.rule, .chinese), rules.title(count.rule, .english)).json),
            .init("count", .integer(count.count)),
        ])
    }

    private func coverageJSON(_ coverage: Coverage) -> JSON {
        .object([
            .init("period", .text(coverage.period?.description)),
            .init("expected", .integer(coverage.expected)),
            .init("reported", .integer(coverage.reported)),
            .init("missing", .integer(coverage.missing)),
            .init("band", .string(["good": "good", "caution": "fair"][coverage.band.tone.rawValue] ?? "to_improve")),
        ])
    }

    private func missingJSON(_ missing: RunReport.Missing) -> JSON {
        .object([
            .init("hospital_code", .string(missing.hospitalCode)),
            .init("name", .string(missing.name)),
            .init("period", .string(missing.period.description)),
            .init("was_returned", .boolean(missing.wasReturned)),
        ])
    }

    private func sightingJSON(_ sighting: IntakeSighting) -> JSON {
        .object([
            .init("source_name", .string(sighting.sourceName)),
            .init("sha256", .text(sighting.sha256?.hex)),
            .init("outcome", .string(sighting.outcome.rawValue)),
            .init("reason", sighting.reason?.json ?? .null),
            .init("submission_id", .whole(sighting.submission?.rawValue)),
        ])
    }

    private func failureJSON(_ failure: StageFailure) -> JSON {
        .object([
            .init("submission_id", .integer(failure.submission.rawValue)),
            .init("stage", .string(failure.stage.rawValue)),
            .init("reason", .string(failure.reason)),
        ])
    }
}

extension LeftOutRule {
    /// What was left out, and why.
    public var json: JSON { .object([.init("rule", .string(name)), .init("problem", .string(problem))]) }
}
