import ArgumentParser
import Core
import Reports
import Store

/// `yaoce period show|finalise|reopen`
struct PeriodCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "period",
        abstract: "期间：整体情况、数据定版 · Periods: how they stand, and making them final.",
        discussion: """
            Examples:
              yaoce period show 2025 --json
              yaoce period finalise 2025 --by 王敏
              yaoce period reopen 2025 --by 王敏 --reason "two institutions sent late corrections"
            """,
        subcommands: [Show.self, Finalise.self, Reopen.self])

    static func period(_ text: String) throws -> Period {
        guard let period = Period(text) else {
            throw CommandError(
                .usage,
                Phrase("“\(text)” 不是期间，例如 2025、2025Q3、2025-07", "'\(text)' is no period: 2025, 2025Q3, 2025-07"))
        }
        return period
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "查看期间整体情况：逾期未报、覆盖率、标尺变动 · Show what is said about a period as a whole.")
        @Argument(help: "期间 · The period.")
        var period: String
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let chosen = try PeriodCommand.period(period)
            let report = try await configuration.withStore { try await $0.report(on: chosen) }
            PeriodCommand.tell(report, json)
        }
    }

    struct Finalise: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "数据定版：标尺不再变动；有未办结的报送或标尺大面积变动时不能定版（退出码 1） · Make a period final.",
            discussion: """
                Its benchmark gets no new version from then on. Refused, with exit code 1, while submissions wait, are set
                aside or must be returned (P51), or while the benchmark moved as a whole (P48).
                """)
        @Argument(help: "期间 · The period.")
        var period: String
        @OptionGroup var officer: OfficerOptions
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let (chosen, name) = (try PeriodCommand.period(period), try officer.name())
            let report = try await configuration.withStore {
                try await $0.finalise(chosen, by: name, at: Environment.now())
            }
            PeriodCommand.tell(report, json)
            if report.finalisedAt == nil { throw ExitStatus.incomplete }
        }
    }

    struct Reopen: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "取消定版，写明原因 · Open a final period again.")
        @Argument(help: "期间 · The period.")
        var period: String
        @Option(name: .long, help: "原因，记入系统 · Why; it is written down.")
        var reason: String
        @OptionGroup var officer: OfficerOptions
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let configuration = try common.configuration()
            let (chosen, name) = (try PeriodCommand.period(period), try officer.name())
            let wasFinal = try await configuration.withStore {
                try await $0.reopen(chosen, by: name, reason: reason, at: Environment.now())
            }
            guard wasFinal else {
                throw CommandError(.usage, Phrase("\(chosen) 没有定版", "\(chosen) is not final"))
            }
            Output.line(Phrase("\(chosen) 已取消定版", "\(chosen) is open again")[Environment.language])
        }
    }

    private static func tell(_ report: PeriodReport, _ json: Bool) {
        let language = Environment.language
        if json {
            func text(_ value: String?) -> JSON { value.map(JSON.string) ?? .null }
            let entries = report.entries.map { entry in
                JSON.object([
                    .init("rule_id", .string(entry.rule.rawValue)), .init("severity", .string(entry.severity.rawValue)),
                    .init("subject", .string(entry.subject)), .init("message_zh", .string(entry.message[.chinese])),
                    .init("message_en", .string(entry.message[.english])),
                ])
            }
            let object = JSON.object([
                .init("period", .string("\(report.period)")), .init("submissions", .integer(report.submissions)),
                .init("open", .integer(report.open)), .init("benchmark_version", text(report.benchmarkVersion)),
                .init("finalised_at", text(report.finalisedAt?.description)),
                .init("finalised_by", text(report.finalisedBy)), .init("findings", .array(entries)),
            ])
            return Output.write(object.bytes)
        }
        Output.line(
            Phrase(
                "\(report.period)：\(report.submissions) 份有效报送，\(report.open) 份未办结，标尺 \(report.benchmarkVersion ?? "—")",
                "\(report.period): \(report.submissions) submissions in force, \(report.open) open, benchmark \(report.benchmarkVersion ?? "—")"
            )[language])
        if let time = report.finalisedAt {
            let name = report.finalisedBy ?? "—"
            Output.line(Phrase("已于 \(time) 由 \(name) 定版", "final since \(time), by \(name)")[language])
        } else {
            Output.line(Phrase("未定版", "not final")[language])
        }
        for entry in report.entries {
            Output.line("\(entry.rule)  \(entry.severity.rawValue)  \(entry.message[language])")
        }
    }
}
