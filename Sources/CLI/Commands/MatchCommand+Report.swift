import ArgumentParser
import Core
import Reports
import Store

extension MatchCommand {
    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "某期的编码比对报告 · The comparison's report of a period.",
            discussion: """
                Rates by method, the undecided by reason, shares of rows and money with a code, and drugs that are new,
                gone, renamed or changed since the institution's last period of the same length. As things stand now; the
                run writes the same for every period of which something came.
                """)
        @Option(name: .long, help: "报告期：2025、2025Q3 或 2025-07 · The period.")
        var period: String
        @Option(name: .long, help: "医疗机构代码 · Only this institution.")
        var hospital: String?
        @Flag(name: .long, help: "逐条列出目录变动 · List the drugs that changed.")
        var changes = false
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false
        @Flag(name: .long, help: "以 CSV 输出 · Print CSV.")
        var csv = false

        func run() async throws {
            let configuration = try common.configuration()
            guard let period = Period(period) else {
                throw CommandError(
                    .usage, Phrase("--period 应为 2025、2025Q3 或 2025-07", "--period must be 2025, 2025Q3 or 2025-07"))
            }
            if changes {
                Output.write(ComparisonFiles.changesHeader)
                return try await configuration.withStore { store in
                    try await store.forEachCatalogueChange(of: period, hospitalCode: hospital) {
                        Output.write(ComparisonFiles.row($0))
                    }
                }
            }
            let report = try await configuration.withStore {
                try await $0.comparisonReport(of: period, hospitalCode: hospital)
            }
            if json { return Output.write(ComparisonFiles.json(report).bytes) }
            if csv { return Output.write(ComparisonFiles.csv(report)) }
            Output.line(ComparisonText.text(report, Environment.language))
        }
    }
}
