import ArgumentParser
import Core
import Reports
import Store

/// `yaoce status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "各阶段等待的报送数 · How many submissions wait for each stage.")
    @OptionGroup var common: CommonOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    func run() async throws {
        let configuration = try common.configuration()
        let (counts, runs) = try await configuration.withStore { store in
            (try await store.stateCounts(), try await store.recentRuns(limit: 5))
        }
        if json {
            let object = JSON.object([
                .init("waiting", .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })),
                .init(
                    "recent_runs",
                    .array(
                        runs.map { run in
                            .object([
                                .init("run_id", .integer(run.runID)),
                                .init("started_at", .string(run.startedAt.description)),
                                .init("finished_at", run.finishedAt.map { .string($0.description) } ?? .null),
                                .init("exit_code", run.exitCode.map(JSON.integer) ?? .null),
                            ])
                        })),
            ])
            return Output.write(object.bytes)
        }
        let language = Environment.language
        var table = TextTable([
            (Phrase("状态", "state")[language], .left), (Phrase("报送数", "submissions")[language], .right),
        ])
        for (state, count) in counts.sorted(by: { $0.key < $1.key }) { table.add([state, "\(count)"]) }
        Output.line(table.text)
        var history = TextTable([
            (Phrase("运行", "run")[language], .right), (Phrase("开始", "started")[language], .left),
            (Phrase("结束", "finished")[language], .left), (Phrase("退出码", "exit")[language], .right),
        ])
        for run in runs {
            history.add([
                "\(run.runID)", run.startedAt.description, run.finishedAt?.description ?? "-",
                run.exitCode.map { "\($0)" } ?? "-",
            ])
        }
        Output.line(history.text)
    }
}
