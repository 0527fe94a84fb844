import ArgumentParser
import Core
import Reports
import Store

/// `yaoce submission list|show|withdraw`
struct SubmissionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submission",
        abstract: "报送：列出、查看、撤回 · Submissions: list, show, withdraw.",
        discussion: """
            Examples:
              yaoce submission list --period 2025
              yaoce submission show 12 --json
              yaoce submission withdraw 12 --reason "wrong year exported"
            """,
        subcommands: [List.self, Show.self, Withdraw.self, Resume.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "列出报送 · List submissions.")
        @OptionGroup var common: CommonOptions
        @Option(name: .long, help: "医疗机构代码 · Only this institution.")
        var hospital: String?
        @Option(name: .long, help: "期间 · Only this period (2025, 2025Q3, 2025-07).")
        var period: String?
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let chosen = try period.map { text in
                guard let period = Period(text) else {
                    throw CommandError(
                        .usage,
                        Phrase("“\(text)” 不是期间，例如 2025、2025Q3、2025-07", "'\(text)' is no period: 2025, 2025Q3, 2025-07")
                    )
                }
                return period
            }
            let reports = try await configuration.withStore {
                try await $0.submissions(hospitalCode: hospital, period: chosen)
            }
            if json { return Output.write(JSON.array(reports.map(RunJSONOutput.submission)).bytes) }
            let language = Environment.language
            var table = TextTable([
                ("id", .right), (Phrase("机构", "hospital")[language], .left),
                (Phrase("期间", "period")[language], .left), (Phrase("版本", "version")[language], .right),
                (Phrase("结果", "verdict")[language], .left), (Phrase("有效", "current")[language], .left),
                (Phrase("接收时间", "received")[language], .left),
            ])
            for report in reports {
                table.add([
                    "\(report.submission.id)", report.submission.hospitalCode, "\(report.submission.period)",
                    "\(report.submission.version)", VerdictNames.phrase(report.verdict)[language],
                    report.isCurrent ? "✓" : "", report.submission.receivedAt.description,
                ])
            }
            Output.line(table.text)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "查看一份报送 · Show one submission.")
        @Argument(help: "报送编号 · Its number.")
        var id: Int
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let found = try await configuration.withStore { try await $0.report(on: SubmissionID(id)) }
            guard let report = found else {
                throw CommandError(.usage, Phrase("没有第 \(id) 号报送", "there is no submission \(id)"))
            }
            if json { return Output.write(RunJSONOutput.submission(report).bytes) }
            let language = Environment.language
            let submission = report.submission
            Output.line(
                "\(submission.id)  \(report.hospitalName ?? "") \(submission.hospitalCode)  \(submission.period)  v\(submission.version)"
            )
            Output.line(
                "\(VerdictNames.phrase(report.verdict)[language])  \(submission.receivedAt)  \(submission.sourceName)")
            Output.line(submission.sha256.hex)
            if let reason = report.setAsideReason {
                Output.line(Phrase("已搁置：\(reason)", "set aside: \(reason)")[language])
            }
            if let time = report.withdrawnAt { Output.line(Phrase("已撤回：\(time)", "withdrawn: \(time)")[language]) }
            var files = TextTable([
                (Phrase("文件", "file")[language], .left), (Phrase("表", "table")[language], .left),
                (Phrase("编码", "encoding")[language], .left), (Phrase("读取", "read")[language], .right),
                (Phrase("入库", "loaded")[language], .right), (Phrase("隔离", "quarantined")[language], .right),
                (Phrase("跳过", "skipped")[language], .right),
            ])
            for file in report.files {
                files.add([
                    file.member ?? file.name, file.table?.rawValue ?? "?", file.encoding ?? "?", "\(file.rowsRead)",
                    "\(file.rowsLoaded)", "\(file.rowsQuarantined)", "\(file.rowsSkippedTotal)",
                ])
            }
            Output.line(files.text)
            for count in report.findingCounts {
                Output.line("\(count.rule)  \(count.severity.rawValue)  \(count.count)")
            }
        }
    }

    struct Withdraw: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "撤回一份报送：取出其全部数据行，前一份恢复有效 · Take exactly one submission's rows out again.")
        @Argument(help: "报送编号 · Its number.")
        var id: Int
        @Option(name: .long, help: "原因，记入系统 · Why; it is written down.")
        var reason: String
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let configuration = try common.configuration()
            try await configuration.withStore { store in
                guard try await store.acquireRunLock() else {
                    throw CommandError(.tryLater, Phrase("另一个运行正在进行", "another run holds the lock"))
                }
                guard let report = try await store.report(on: SubmissionID(id)) else {
                    throw CommandError(.usage, Phrase("没有第 \(id) 号报送", "there is no submission \(id)"))
                }
                guard report.withdrawnAt == nil else {
                    throw CommandError(.usage, Phrase("第 \(id) 号报送已经撤回", "submission \(id) has been withdrawn already"))
                }
                try await store.withdraw(SubmissionID(id), reason: reason, at: Environment.now())
            }
            Output.line(Phrase("已撤回第 \(id) 号报送", "submission \(id) withdrawn")[Environment.language])
        }
    }

    struct Resume: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "重新处理一份已搁置的报送 · Take up a submission again that was set aside after three failures.")
        @Argument(help: "报送编号 · Its number.")
        var id: Int
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let configuration = try common.configuration()
            try await configuration.withStore { store in
                guard try await store.report(on: SubmissionID(id)) != nil else {
                    throw CommandError(.usage, Phrase("没有第 \(id) 号报送", "there is no submission \(id)"))
                }
                try await store.resume(SubmissionID(id))
            }
            Output.line(
                Phrase("第 \(id) 号报送将在下次运行时处理", "submission \(id) will be processed by the next run")[
                    Environment.language])
        }
    }
}
