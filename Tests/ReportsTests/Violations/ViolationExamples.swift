import Core

@testable import Reports

/// A period of our own making: three cities, all levels, everything that can happen to a submission.
enum ViolationExamples {
    static let rules: [StoredRule] = [
        rule("C19", .error, .pre, Phrase("转换系数不大于 0", "Conversion factor not above 0")),
        rule("P02", .anomaly, .post, Phrase("单价超出均值 ± 3 倍标准差", "Unit price outside mean ± 3 standard deviations")),
        rule("P07", .forced, .post, Phrase("整表金额疑以万元填报", "Amounts of a whole table in units of ten thousand yuan")),
        rule("P12", .warning, .post, Phrase("使用金额为 0", "Used, and nothing paid")),
        rule("P50", .info, .post, Phrase("异常率达到退回标准", "Anomaly rate at the return threshold")),
    ]

    static func rule(_ id: RuleID, _ severity: Severity, _ stage: Finding.Stage, _ title: Phrase) -> StoredRule {
        StoredRule(
            id: id, hash: "1", stage: stage, severity: severity, title: title,
            message: Phrase("${product}：${value}，应为 ${expected}", "${product}: ${value}, should be ${expected}"),
            remedy: Phrase("请核对后重新上报。", "Check it and send it again."))
    }

    static let limits = GradeLimits(
        thresholds: ["P50.rate.level3": 400, "P50.rate.level2": 400, "P50.rate.primary": 4_000])

    static func submission(
        _ number: Int, _ name: String?, _ level: InstitutionLevel, _ city: (code: String, name: String)?,
        grade: Grade?, verdict: Verdict = .passedWithWarnings, anomalous: Int? = nil, counts: [RuleCount] = []
    ) -> JudgedSubmission {
        JudgedSubmission(
            submission: SubmissionID(number), hospitalCode: Examples.code(number), name: name, level: level,
            cityCode: city?.code, city: city?.name, county: city.map { "\($0.name.prefix(1))山县" }, version: 1,
            verdict: verdict, grade: grade, anomalies: anomalous.map { Rate($0, of: 200) },
            rowsQuarantined: verdict == .partlyLoaded ? 3 : 0,
            quality: QualityScore(
                records: Rate(200 - (anomalous ?? 0), of: 200), rules: Rate(38 - counts.count, of: 38),
                checks: Rate(811, of: 820)), counts: counts)
    }

    static let cities = [(code: "330100", name: "临安市"), ("330200", "海宁市"), ("330300", "青田市")]

    static var submissions: [JudgedSubmission] {
        [
            submission(
                1, "临安市第一人民医院", .tertiary, cities[0], grade: .suggestedReturn, anomalous: 9,
                counts: [
                    RuleCount(rule: "P02", severity: .anomaly, count: 9),
                    RuleCount(rule: "P12", severity: .warning, count: 4),
                    RuleCount(rule: "P50", severity: .info, count: 1),
                ]),
            submission(
                2, "海宁市中医院", .secondary, cities[1], grade: .forcedReturn, anomalous: 1,
                counts: [
                    RuleCount(rule: "P07", severity: .forced, count: 1),
                    RuleCount(rule: "P02", severity: .anomaly, count: 1),
                ]),
            submission(
                3, "青田市东源镇卫生院", .primary, cities[2], grade: .review, verdict: .partlyLoaded, anomalous: 12,
                counts: [
                    RuleCount(rule: "C19", severity: .error, count: 3),
                    RuleCount(rule: "P02", severity: .anomaly, count: 12),
                ]),
            submission(4, "青田市腊口镇卫生院", .primary, cities[2], grade: .pass, verdict: .passed, anomalous: 0),
            submission(
                5, nil, .secondary, nil, grade: nil, verdict: .returned,
                counts: [RuleCount(rule: "C19", severity: .error, count: 1)]),
        ]
    }

    static var summary: ViolationSummary {
        let earlier = (1...4).map {
            submission($0, "机构 \($0)", .primary, cities[$0 % 3], grade: .pass, anomalous: $0)
        }
        return ViolationSummary(
            period: Examples.period, submissions: submissions,
            earlier: Examples.period.before.map {
                EarlierPeriod(
                    period: $0, submissions: earlier, counts: [RuleCount(rule: "P02", severity: .anomaly, count: 30)],
                    institutions: ["P02": 3])
            },
            regions: [
                RegionEvaluation(
                    regionCode: "330000", name: "浙江省", coverage: Rate(4, of: 6), match: Rate(700, of: 800),
                    accuracy: Rate(775, of: 800), firstSubmitted: Rate(5, of: 6), resubmitted: Rate(0, of: 3),
                    firstAccurate: Rate(1, of: 5)),
                RegionEvaluation(
                    regionCode: "330100", name: "临安市", coverage: Rate(1, of: 1), match: Rate(0, of: 0),
                    accuracy: Rate(191, of: 200), firstSubmitted: Rate(1, of: 1), resubmitted: Rate(0, of: 0),
                    firstAccurate: Rate(0, of: 1)),
            ], seconds: ["P02": 1.25, "P07": 0.031])
    }

    static let price = PriceDistribution(
        key: .init(table: .usage, ypid: "XY000231"), productName: "阿莫西林胶囊 0.25g×24粒",
        benchmark: .init(institutions: 31, median: 0.4125, mean: 0.4189, deviation: 0.031, p5: 0.371, p95: 0.462),
        lowest: 0.35, highest: 41.2,
        counts: (0..<PriceDistribution.classes).map { $0 < 4 ? [3, 14, 11, 2][$0] : $0 == 47 ? 1 : 0 })

    static func report(_ summary: ViolationSummary = ViolationExamples.summary) -> ViolationReport {
        ViolationReport(
            summary, prices: [price], rules: RuleTexts(rules), limits: limits, weights: EvaluationWeights(),
            receipts: [SubmissionID(1): "../../../outbox/\(Examples.code(1))/1/receipt.html"], home: "../../index.html")
    }

    static let files = [Examples.file("使用情况.csv", .usage, read: 200)]

    static func findings(_ item: JudgedSubmission) -> [Finding] {
        item.counts.flatMap { count in
            (0..<count.count).map { number in
                Finding(
                    Observation(
                        count.rule,
                        at: Place(table: .usage, file: 0, line: 5 + number * 7, row: 2 + number * 7, column: "amount"),
                        value: number % 5 == 4 ? "41.2" : "0.5\(number)", expected: "0.3259 … 0.5119",
                        details: [
                            "product": "阿莫西林胶囊", "ypid": "XY000231", "price": number % 5 == 4 ? "41.2" : "0.5\(number)",
                        ]),
                    severity: count.severity,
                    fingerprint: Fingerprint(high: UInt64(item.submission.rawValue), low: UInt64(number)), stage: .post)
            }
        }
    }

    static func institution(_ report: ViolationReport, _ index: Int) -> InstitutionViolations {
        let item = report.summary.submissions[index]
        var page = InstitutionViolations(report, item, files: files)
        for finding in findings(item) { page.add(finding) }
        return page
    }

    static let quarantined = [
        QuarantinedRow(
            table: .usage, origin: RowOrigin(file: 0, line: 31, row: 28), raw: [],
            text: "20250930,330000,…,<b>阿莫西林</b>,=SUM(A1)", rules: ["C19", "F01"]),
        QuarantinedRow(
            table: .institution, origin: RowOrigin(file: 0, line: 2, row: 1), raw: [], text: "…,王小明,赵六", rules: ["C30"]),
    ]

    static func rulePage(_ report: ViolationReport, _ rule: RuleID, _ language: Language) throws -> [UInt8] {
        guard let total = report.ruleTotals.first(where: { $0.rule == rule }) else { return [] }
        var page = RuleViolations(report, total)
        for (index, item) in report.summary.submissions.enumerated()
        where item.counts.contains(where: { $0.rule == rule }) {
            for finding in findings(item) where finding.rule == rule { page.add(finding) }
            page.add(institution(report, index), of: item.submission, language)
        }
        return page.html(language)
    }

    /// Every page and list of the report.
    static func papers(_ report: ViolationReport, _ language: Language) throws -> [String: [UInt8]] {
        var papers = [
            "index": report.index(language), "institutions": report.institutions(language),
            "returns": report.returns(language),
            "institution": institution(report, 2).html(language, quarantined: quarantined),
        ]
        for total in report.ruleTotals {
            papers["rule-\(total.rule)"] = try rulePage(report, total.rule, language)
        }
        return papers
    }
}
