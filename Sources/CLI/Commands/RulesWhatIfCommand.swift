import ArgumentParser
import Core
import Pipeline
import Reports
import Rules
import Store

extension RulesCommand {
    /// `yaoce rules what-if`
    struct WhatIf: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "what-if",
            abstract: "换一些阈值，哪些评级会变 · Which grades would change at other thresholds; nothing is kept.",
            discussion: """
                Thresholds of the grade (P50.rate.*) are applied to what was counted when the submissions were judged. Any
                other threshold of a rule after the load has the rules judge what is loaded again, in a transaction that is
                rolled back; that takes as long as postcheck, and while another run holds the lock it exits 75.

                Examples:
                  yaoce rules what-if --set P50.rate.level3=0.05
                  yaoce rules what-if --set P02.deviations=4 --set P50.rate.primary=0.3 --period 2025 --json
                """)

        @Option(name: .long, help: "名称=值，可重复 · NAME=VALUE of a threshold; may be repeated.")
        var set: [String] = []
        @Option(name: .long, help: "期间，默认全部 · Only this period; default: all with grades.")
        var period: String?
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let chosen = try period.map(PeriodOption.period)
            let configuration = try common.configuration()
            let book = try configuration.ruleBook()
            let day = Environment.now().shanghaiDay
            let inForce = PostcheckRules(book, on: day)
            let changed = try WhatIfThresholds.read(set, known: inForce.thresholds)
            let rules = PostcheckRules(book, on: day, setting: changed)
            guard let limits = GradeLimits(thresholds: rules.thresholds) else {
                throw CommandError(
                    .usage, Phrase("规则文件夹没有 P50.rate.* 阈值", "the rule folder sets no thresholds P50.rate.*"))
            }
            let isCounted = changed.keys.allSatisfy { $0.hasPrefix("P50.") }
            let answers = try await configuration.withStore { store in
                if !isCounted, try await !store.acquireRunLock() {
                    throw CommandError(.tryLater, Phrase("另一个运行正在进行", "another run holds the lock"))
                }
                var answers: [WhatIfAnswer] = []
                var periods = chosen.map { [$0] } ?? []
                if chosen == nil { periods = try await store.gradedPeriods() }
                for period in periods {
                    let now = try await store.graded(in: period, organizationRules: rules.organizationRules)
                    let then =
                        isCounted
                        ? now.map { WhatIfAnswer.regraded($0, limits) }
                        : try await store.judgedAgain(in: period, by: rules)
                    answers.append(WhatIfAnswer(period: period, before: now, after: then))
                }
                return answers
            }
            if json { return Output.write(WhatIfAnswer.json(answers, changed, isCounted: isCounted)) }
            for answer in answers { Output.line(answer.text(Environment.language)) }
            if answers.isEmpty { Output.line(Phrase("还没有评级", "nothing is graded")[Environment.language]) }
        }
    }
}

/// What was typed after `--set`.
enum WhatIfThresholds {
    static func read(_ settings: [String], known: [String: Int64]) throws -> [String: Int64] {
        guard !settings.isEmpty else {
            throw CommandError(.usage, Phrase("请用 --set 名称=值 给出阈值", "name a threshold with --set NAME=VALUE"))
        }
        var changed: [String: Int64] = [:]
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else {
                throw CommandError(.usage, Phrase("“\(setting)” 不是 名称=值", "'\(setting)' is not NAME=VALUE"))
            }
            guard known[parts[0]] != nil else {
                let group = known.keys.filter { $0.prefix(3) == parts[0].prefix(3) }.sorted()
                let names = (group.isEmpty ? known.keys.sorted() : group).joined(separator: ", ")
                throw CommandError(
                    .usage,
                    Phrase(
                        "入库后没有阈值 “\(parts[0])”；有 \(names)",
                        "no rule after the load has a threshold '\(parts[0])'; there are \(names)"))
            }
            let bytes = Array(parts[1].utf8)
            guard case .value(let value, _) = NumberReading(bytes.span, decimals: 4, limit: Int64.max / 10), value >= 0
            else {
                throw CommandError(
                    .usage, Phrase("“\(parts[1])” 不是不小于 0 的数", "'\(parts[1])' is no number of 0 or more"))
            }
            changed[parts[0]] = value
        }
        return changed
    }
}

/// What would become of the grades of a period.
struct WhatIfAnswer {
    let period: Period
    let before: [GradedSubmission]
    let after: [GradedSubmission]

    /// The grade by other limits, everything else as it was counted.
    static func regraded(_ item: GradedSubmission, _ limits: GradeLimits) -> GradedSubmission {
        var item = item
        item.grade = limits.grade(item.basis)
        return item
    }

    /// Those whose grade changes.
    var changes: [GradeChange] {
        let then = Dictionary(after.map { ($0.submission, $0) }, uniquingKeysWith: { first, _ in first })
        return before.compactMap { item in
            guard let other = then[item.submission], other.grade != item.grade else { return nil }
            return GradeChange(
                submission: item.submission, hospitalCode: item.hospitalCode, name: item.name, basis: other.basis,
                before: item.grade, after: other.grade)
        }
    }

    func text(_ language: Language) -> String {
        func counts(_ items: [GradedSubmission]) -> String {
            Grade.allCases.map { grade in "\(grade.rawValue) \(items.count { $0.grade == grade })" }
                .joined(separator: " · ")
        }
        let changes = changes
        var lines = [
            Phrase(
                "\(period)：\(before.count) 份中 \(changes.count) 份评级改变",
                "\(period): \(changes.count) of \(before.count) grades would change")[language],
            "  " + Phrase("现在", "now")[language] + "  " + counts(before),
            "  " + Phrase("那时", "then")[language] + "  " + counts(after),
        ]
        guard !changes.isEmpty else { return lines.joined(separator: "\n") }
        var table = TextTable([
            ("id", .right), (Phrase("机构", "hospital")[language], .left), (Phrase("级别", "level")[language], .left),
            (Phrase("异常行", "anomalous")[language], .right), (Phrase("检查行", "judged")[language], .right),
            (Phrase("现在", "now")[language], .left), (Phrase("那时", "then")[language], .left),
        ])
        for change in changes {
            table.add([
                "\(change.submission)", VisibleText.of(change.name ?? change.hospitalCode), change.basis.level.rawValue,
                "\(change.basis.anomalousRows)", "\(change.basis.judgedRows)", change.before.rawValue,
                change.after.rawValue,
            ])
        }
        lines.append(table.text)
        return lines.joined(separator: "\n")
    }

    static func json(_ answers: [WhatIfAnswer], _ changed: [String: Int64], isCounted: Bool) -> [UInt8] {
        func counts(_ items: [GradedSubmission]) -> JSON {
            .object(Grade.allCases.map { grade in .init(grade.rawValue, .integer(items.count { $0.grade == grade })) })
        }
        return JSON.object([
            .init(
                "set",
                .object(
                    changed.sorted { $0.key < $1.key }.map {
                        .init($0.key, .decimal(FixedPoint.shortText($0.value, decimals: 4)))
                    })),
            .init("method", .string(isCounted ? "stored_counts" : "judged_again")),
            .init(
                "periods",
                .array(
                    answers.map { answer in
                        .object([
                            .init("period", .string("\(answer.period)")),
                            .init("submissions", .integer(answer.before.count)),
                            .init("grades_now", counts(answer.before)), .init("grades_then", counts(answer.after)),
                            .init(
                                "changes",
                                .array(
                                    answer.changes.map { change in
                                        .object([
                                            .init("submission_id", .integer(change.submission.rawValue)),
                                            .init("hospital_code", .string(change.hospitalCode)),
                                            .init("level", .string(change.basis.level.rawValue)),
                                            .init("anomalous_rows", .integer(change.basis.anomalousRows)),
                                            .init("judged_rows", .integer(change.basis.judgedRows)),
                                            .init("grade_now", .string(change.before.rawValue)),
                                            .init("grade_then", .string(change.after.rawValue)),
                                        ])
                                    })),
                        ])
                    })),
        ]).bytes
    }
}
