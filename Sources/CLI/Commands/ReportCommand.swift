import ArgumentParser
import Core
import Foundation
import Pipeline
import Reports
import Rules
import Store

/// `yaoce report [stage|violations|scores|regions]`
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "报告：报告阶段、质控违规报告、质量得分、四维评价 · Reports: the stage, rule violations, scores, regions.",
        discussion: """
            Without a subcommand: the report stage alone, over whatever waits for it.

            Examples:
              yaoce report
              yaoce report violations --period 2025
              yaoce report violations --period 2025 --out /srv/export/2025 --json
              yaoce report scores --period 2025 --json
              yaoce report regions --period 2025
            """,
        subcommands: [StageAlone.self, Violations.self, Scores.self, Regions.self], defaultSubcommand: StageAlone.self)

    struct StageAlone: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "stage", abstract: "只运行报告阶段 · Write receipts and pages of whatever waits.")
        @OptionGroup var options: RunOptions
        func run() async throws { try await options.run([.report]) }
    }

    struct Violations: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "写一期的质控违规报告：网页和完整的 CSV · Write the violation report of a period: pages and complete lists.")
        @Option(name: .long, help: "期间 · The period (2025, 2025Q3, 2025-07).")
        var period: String
        @Option(name: .long, help: "写到哪里，默认 reports/violations/期间 · The folder; default: reports/violations/PERIOD.")
        var out: String?
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let period = try PeriodOption.period(period)
            let configuration = try common.configuration()
            let rules = try configuration.ruleBook()
            let settings = configuration.pipeline
            let folder =
                out.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
                ?? "\(settings.reports)/violations/\(period)"
            let written = try await configuration.withStore { store in
                do {
                    return try await ViolationReportWriter(
                        store: store, settings: settings, rules: rules, businessDate: Environment.now().shanghaiDay
                    ).write(period, to: folder)
                } catch ViolationReportWriter.Refusal.foreignFolder(let path) {
                    throw CommandError(
                        .usage,
                        Phrase(
                            "\(path) 里有别的东西，不会覆盖；请换一个目录",
                            "\(path) holds something else and is not replaced; name another folder"))
                }
            }
            if json {
                let object = JSON.object([
                    .init("period", .string("\(period)")), .init("folder", .string(written.folder)),
                    .init("submissions", .integer(written.submissions)),
                    .init("institutions_with_findings", .integer(written.institutions)),
                    .init("rules", .integer(written.rules)), .init("findings", .integer(written.findings)),
                ])
                return Output.write(object.bytes)
            }
            Output.line(
                Phrase(
                    "\(written.folder)/index.html：\(written.submissions) 份有效上报，\(written.institutions) 家机构、\(written.rules) 条规则有问题，共 \(written.findings) 处",
                    "\(written.folder)/index.html: \(written.submissions) submissions in force; \(written.institutions) institutions and \(written.rules) rules with \(written.findings) findings"
                )[Environment.language])
        }
    }

    struct Scores: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "每份有效上报的质量得分 · Quality scores of the submissions in force.")
        @Option(name: .long, help: "期间 · The period (2025, 2025Q3, 2025-07).")
        var period: String
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let period = try PeriodOption.period(period)
            let configuration = try common.configuration()
            let scores = try await configuration.withStore { try await $0.scores(of: period) }
            if json { return Output.write(JSON.array(scores.map(\.qualityJSON)).bytes) }
            let language = Environment.language
            var table = TextTable([
                ("id", .right), (Phrase("机构", "hospital")[language], .left),
                (Phrase("得分", "score")[language], .right), (Phrase("完整性%", "completeness %")[language], .right),
                (Phrase("准确性%", "accuracy %")[language], .right), (Phrase("一致性%", "consistency %")[language], .right),
                (Phrase("评级", "grade")[language], .left),
            ])
            for item in scores {
                let quality = item.quality
                let figures = [
                    quality.score, quality.records.hundredths, quality.rules.hundredths, quality.checks.hundredths,
                ].map(Figures.text)
                table.add(
                    ["\(item.submission)", VisibleText.of(item.name ?? item.hospitalCode)] + figures + [
                        item.grade?.rawValue ?? "—"
                    ])
            }
            Output.line(table.text)
        }
    }

    struct Regions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "各市和全省的四维评价 · The evaluation of cities and the province in four dimensions.")
        @Option(name: .long, help: "期间 · The period (2025, 2025Q3, 2025-07).")
        var period: String
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let period = try PeriodOption.period(period)
            let configuration = try common.configuration()
            let today = Environment.now().shanghaiDay
            let weights = EvaluationWeights(thresholds: try configuration.ruleBook().parameters.inForce(on: today))
            let regions = try await configuration.withStore { try await $0.regions(of: period) }
            if json { return Output.write(JSON.array(regions.map { $0.json(weights) }).bytes) }
            let language = Environment.language
            var table = TextTable([
                (Phrase("代码", "code")[language], .left), (Phrase("地区", "region")[language], .left),
                (Phrase("覆盖%", "coverage %")[language], .right), (Phrase("匹配%", "match %")[language], .right),
                (Phrase("准确%", "accuracy %")[language], .right), (Phrase("进度%", "progress %")[language], .right),
                (Phrase("得分", "score")[language], .right),
            ])
            for region in regions {
                table.add(
                    [region.regionCode, VisibleText.of(region.name ?? "")]
                        + (region.dimensions + [region.score(weights)]).map(Figures.text))
            }
            Output.line(table.text)
        }
    }
}

/// Hundredths as people read them.
enum Figures {
    static func text(_ hundredths: Int?) -> String {
        hundredths.map { FixedPoint.text(Int64($0), decimals: 2) } ?? "—"
    }
}
