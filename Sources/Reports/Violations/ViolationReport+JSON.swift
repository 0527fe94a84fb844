public import Core

extension ViolationReport {
    /// The counts of the report for machines, UTF-8, keys always in the same order.
    public func json() -> [UInt8] {
        let all = summary.submissions
        return JSON.object([
            .init("period", .string(summary.period.description)),
            .init("compared_with", .text(summary.earlier?.period.description)),
            .init("submissions", .integer(all.count)),
            .init("institutions_with_findings", .integer(all.count(where: isWithFindings))),
            .init("findings", .integer(ruleTotals.reduce(0) { $0 + $1.count })),
            .init("causes", .integer(ruleTotals.reduce(0) { $0 + $1.count } - following.total)),
            .init("anomalous_rows", .integer(all.anomalyRate.part)),
            .init("judged_rows", .integer(all.anomalyRate.whole)),
            .init("grades", .object(Grade.allCases.map { .init($0.rawValue, .integer(all.count($0))) })),
            .init("rules", .array(ruleTotals.map { json($0) })),
            .init(
                "period_findings",
                .array(
                    periodFindings.map { entry in
                        .object([
                            .init("rule_id", .string(entry.rule.rawValue)),
                            .init("severity", .string(entry.severity.rawValue)),
                            .init("subject", .string(entry.subject)),
                            .init("message_zh", .string(entry.message[.chinese])),
                            .init("message_en", .string(entry.message[.english])),
                        ])
                    })),
            .init(
                "returns",
                .array(
                    returns.map { item in
                        .object([
                            .init("submission_id", .integer(item.submission.rawValue)),
                            .init("hospital_code", .string(item.hospitalCode)),
                            .init("grade", .text(item.grade?.rawValue)),
                            .init("anomalous_rows", .whole(item.anomalies?.part)),
                            .init("judged_rows", .whole(item.anomalies?.whole)),
                            .init(
                                "forced_by",
                                .array(
                                    item.counts.filter { $0.severity == .forced }.map { .string($0.rule.rawValue) })),
                        ])
                    })),
            .init("regions", .array(summary.regions.map { $0.json(weights) })),
        ]).bytes
    }

    private func json(_ total: RuleTotal) -> JSON {
        .object([
            .init("rule_id", .string(total.rule.rawValue)), .init("severity", .string(total.severity.rawValue)),
            .init("institutions", .integer(total.submissions.count)), .init("findings", .integer(total.count)),
            .init("causes", .integer(total.count - following.count(of: total.rule))),
            .init("page", .string(ViolationReport.file(of: total.rule, ".html"))),
        ])
    }
}

extension RegionEvaluation {
    /// Counts, rates in per cent, and the score.
    public func json(_ weights: EvaluationWeights) -> JSON {
        .object([
            .init("region_code", .string(regionCode)), .init("region_name", .text(name)),
            .init("region_level", .string(isProvince ? "province" : "city")),
            .init("coverage", coverage.json), .init("match", match.json), .init("accuracy", accuracy.json),
            .init("first_submitted", firstSubmitted.json), .init("resubmitted", resubmitted.json),
            .init("first_accurate", firstAccurate.json), .init("progress_rate", .percent(progress)),
            .init("score", .percent(score(weights))),
        ])
    }
}

extension JudgedSubmission {
    /// The quality of the submission in figures.
    public var qualityJSON: JSON {
        .object([
            .init("submission_id", .integer(submission.rawValue)), .init("hospital_code", .string(hospitalCode)),
            .init("hospital_name", .text(name)), .init("level", .string(level.rawValue)),
            .init("verdict", .text(verdict?.rawValue)), .init("grade", .text(grade?.rawValue)),
            .init("completeness", quality.records.json), .init("accuracy", quality.rules.json),
            .init("consistency", quality.checks.json), .init("score", .percent(quality.score)),
        ])
    }
}

extension Rate {
    fileprivate var json: JSON {
        .object([
            .init("part", .integer(part)), .init("whole", .integer(whole)), .init("rate", .percent(hundredths)),
        ])
    }
}

extension JSON {
    /// Hundredths as a number with two decimals, or null.
    public static func percent(_ hundredths: Int?) -> JSON {
        hundredths.map { .decimal(FixedPoint.text(Int64($0), decimals: 2)) } ?? .null
    }
}
