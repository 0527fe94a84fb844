import ArgumentParser
import Core
import Foundation
import Logging
import Pipeline
import Reports
import Store

/// Options of `yaoce run` and of the commands for single stages.
struct RunOptions: ParsableArguments {
    @OptionGroup var common: CommonOptions
    @Flag(name: .long, help: "以 JSON 输出结果 · Print the result as one JSON object.")
    var json = false
    @Option(name: .long, help: "业务日期，默认今天（Asia/Shanghai）· The day dates are judged by.")
    var businessDate: String?

    @Flag(
        name: .long,
        help: "跳过有错误的规则，并在所有报告中说明 · Leave out rules whose files have mistakes, and say so in every report.")
    var skipBrokenRules = false

    /// Runs stages and says what came of it.
    /// - Parameter isScheduled: whether it is the night of the timetable, and nothing where that has been.
    func run(_ stages: [Stage], isScheduled: Bool = false) async throws {
        let configuration = try common.configuration()
        let day = try businessDate.map { text in
            guard let day = CalendarDay(text) else {
                throw CommandError(
                    .usage,
                    Phrase(
                        "--business-date “\(text)” 不是日期，例如 2026-01-31",
                        "--business-date '\(text)' is no day; 2026-01-31"))
            }
            return day
        }
        let rules = try configuration.ruleBook(skippingBroken: skipBrokenRules)
        let progress = ProgressLine()
        let outcome = try await configuration.withStore { store -> NightlyRun.Outcome? in
            let run = NightlyRun(
                store: store, settings: configuration.pipeline, rules: rules, now: Environment.now,
                logger: Logger(label: "yaoce"), program: Yaoce.configuration.version
            ) { stage, done in
                progress.show("\(StageNames.phrase(stage)[Environment.language]) \(done)")
            }
            defer { progress.clear() }
            guard isScheduled else { return try await run.run(stages, businessDate: day) }
            return try await night(run, stages, day, configuration, store)
        }
        guard let outcome else {
            let text = Phrase("本夜作业已完成", "this night has been done")
            return Output.line(text[Environment.language])
        }
        if json {
            Output.write(RunJSONOutput.bytes(outcome.report))
        } else {
            Output.line(RunSummaryText.text(outcome.report, configuration.pipeline, Environment.language))
        }
        if !outcome.isClean { throw ExitStatus.incomplete }
    }
}

extension RunOptions {
    /// The night of the timetable; `nil` where it was done. Nights that were missed are done with it.
    private func night(
        _ run: NightlyRun, _ stages: [Stage], _ day: CalendarDay?, _ configuration: Configuration,
        _ store: PostgresStore
    ) async throws -> NightlyRun.Outcome? {
        guard try await store.acquireRunLock() else { throw NightlyRun.Refusal.anotherRunIsActive }
        let slot = configuration.timetable.night(at: Environment.now())
        switch try await store.begin(slot: slot, earlier: Timetable.earlier, at: Environment.now()) {
        case .done: return nil
        case .due(let missed):
            if missed > 0 {
                Logger(label: "yaoce").notice(
                    "nights were missed; this one makes up for them", metadata: ["missed": "\(missed)"])
            }
            let outcome = try await run.run(stages, businessDate: day)
            try await store.finish(slot: slot, run: outcome.report.runID, at: Environment.now())
            return outcome
        }
    }
}

/// `yaoce run`
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "每夜作业：接收、比对、检查、入库、报告 · The nightly job.",
        discussion: """
            Runs the stages receive, compare, precheck, load, postcheck and report in this order over whatever waits.
            It may be killed at any moment and run again; one run at a time, a second one exits 75 at once.

            Examples:
              yaoce run
              yaoce run --only receive,compare,precheck
              yaoce run --json | jq .submissions
            """)

    @Option(name: .long, help: "只运行这些阶段，逗号分隔 · Only these stages, separated by commas.")
    var only: String?
    @Flag(
        name: .long,
        help: "按时间表（run.at）：每夜一次，错过的补上 · The night of the timetable: once, and missed ones are made up for.")
    var scheduled = false
    @OptionGroup var options: RunOptions

    func run() async throws {
        options.common.language.apply()
        var stages = Stage.allCases
        if let only {
            stages = try only.split(separator: ",").map { name in
                guard let stage = Stage(rawValue: name.trimmingCharacters(in: .whitespaces)) else {
                    let known = Stage.allCases.map(\.rawValue).joined(separator: ", ")
                    throw CommandError(
                        .usage, Phrase("没有阶段 “\(name)”；可用：\(known)", "no stage '\(name)'; there are \(known)"))
                }
                return stage
            }
        }
        try await options.run(stages, isScheduled: scheduled)
    }
}

/// `yaoce receive`
struct ReceiveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receive", abstract: "只运行接收阶段 · From the inbox into the archive.")
    @OptionGroup var options: RunOptions
    func run() async throws { try await options.run([.receive]) }
}

/// `yaoce compare`
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "只运行编码比对阶段 · Compare what waits with the national code.")
    @OptionGroup var options: RunOptions
    func run() async throws { try await options.run([.compare]) }
}

/// `yaoce precheck`
struct PrecheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "precheck", abstract: "只运行入库前检查 · Read and judge what waits.")
    @OptionGroup var options: RunOptions
    func run() async throws { try await options.run([.precheck]) }
}

/// `yaoce load`
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "只运行入库阶段 · Load what passed.")
    @OptionGroup var options: RunOptions
    func run() async throws { try await options.run([.load]) }
}

/// `yaoce postcheck`
struct PostcheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postcheck", abstract: "只运行入库后检查 · Judge what is loaded.")
    @OptionGroup var options: RunOptions
    func run() async throws { try await options.run([.postcheck]) }
}
