import ArgumentParser
import Core
import Logging
import Pipeline
import Store

/// `yaoce worker`
struct WorkerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker",
        abstract: "协助夜间作业：从队列领取报送，比对、检查、入库 · Compare, check and load what waits, beside the nightly run.",
        discussion: """
            Any number of workers, on one machine or several that share archive and database (not the work folder). What is
            received and what comes after the load is the nightly run's; it waits until no worker is at anything.
            A worker that dies or stops loses what it was at to others, and cannot write it any more.
            Examples:
              yaoce worker                    go on until stopped (SIGTERM, Ctrl-C)
              yaoce worker --until-empty      end when nothing waits
            """)

    @Flag(name: .long, help: "无可领取的报送时结束 · End when nothing waits.")
    var untilEmpty = false
    @Option(name: .long, help: "每隔几秒查看队列 · Seconds between looks.")
    var pollSeconds = 5
    @Option(name: .long, help: "业务日期，默认为进行中的运行的 · The day dates are judged by; default: that of the run under way.")
    var businessDate: String?
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let configuration = try common.configuration()
        let day = try businessDate.map { text in
            guard let day = CalendarDay(text) else {
                throw CommandError(.usage, Phrase("“\(text)” 不是日期", "'\(text)' is no day; 2026-01-31"))
            }
            return day
        }
        guard (1...3600).contains(pollSeconds) else {
            throw CommandError(
                .usage, Phrase("--poll-seconds 应在 1 到 3600 之间", "--poll-seconds must be 1 … 3600"))
        }
        let rules = try configuration.ruleBook()
        let result = try await configuration.withStore { store in
            let worker = QueueWorker(
                store: store, settings: configuration.pipeline, rules: rules, now: Environment.now,
                logger: Logger(label: "yaoce"), program: Yaoce.configuration.version)
            return try await worker.work(
                untilEmpty ? .untilEmpty : .polling(.seconds(pollSeconds)), businessDate: day)
        }
        Output.line(Phrase("完成 \(result.items) 步", "\(result.items) steps")[Environment.language])
        if !result.isClean { throw ExitStatus.incomplete }
    }
}
