import Core
import Pipeline
import Readers

/// One key of `yaoce.yaml`: what it means, its default, and how its text becomes part of the configuration.
///
/// The commented file that `yaoce init` writes, the reader and the environment (`YAOCE_DATABASE_URL`) all come from this
/// one list.
struct ConfigurationKey: Sendable {
    /// `database.url`
    var path: String
    /// As it stands in a new file.
    var defaultText: String
    /// One line for the file.
    var comment: Phrase
    /// Puts a text into the configuration; what was expected where it does not fit.
    var apply: @Sendable (String, inout Configuration) -> String?

    /// The environment variable that overrides it.
    var variable: String { "YAOCE_" + path.uppercased().replacing(".", with: "_") }

    static let all: [ConfigurationKey] = [
        ConfigurationKey(
            path: "database.url", defaultText: "\"\"",
            comment: Phrase("PostgreSQL 连接，留空则使用内置数据库", "PostgreSQL to use; empty for the embedded cluster")
        ) { text, configuration in
            configuration.databaseURL = text
            return nil
        },
        path("database.folder", "data/postgres", Phrase("内置数据库的文件夹", "folder of the embedded cluster")) {
            $1.databaseFolder = $0
        },
        path("folders.inbox", "inbox", Phrase("医院投放文件的文件夹", "where hospitals drop their files")) {
            $1.pipeline.inbox = $0
        },
        path("folders.archive", "archive", Phrase("原始文件存档（只读）", "every byte that ever came, read-only")) {
            $1.pipeline.archive = $0
        },
        path("folders.work", "data/work", Phrase("临时文件，可随时删除", "scratch files; may be deleted at any time")) {
            $1.pipeline.work = $0
        },
        path("folders.outbox", "outbox", Phrase("给医院的回执", "receipts for hospitals")) { $1.pipeline.outbox = $0 },
        path("folders.reports", "reports", Phrase("给省级的报告", "pages for the province")) {
            $1.pipeline.reports = $0
        },
        number(
            "intake.settle_seconds", 300, 0...86_400,
            Phrase("没有 submission.ok 时，文件须保持不变的秒数", "how long files must rest without submission.ok")
        ) { $1.pipeline.settleSeconds = $0 },
        number(
            "limits.container_megabytes", 100, 1...100_000,
            Phrase("单个文件或压缩包的上限 (A02)", "largest file or package as it came (A02)")
        ) { $1.pipeline.limits.containerBytes = $0 << 20 },
        number("limits.entries", 100, 1...10_000, Phrase("压缩包内文件数上限 (A03)", "most entries of a package (A03)")) {
            $1.pipeline.limits.entries = $0
        },
        number(
            "limits.unpacked_megabytes", 500, 1...1_000_000,
            Phrase("解压后大小上限 (A04)", "most bytes a package unpacks to (A04)")
        ) { $1.pipeline.limits.unpackedBytes = $0 << 20 },
        number("limits.ratio", 100, 2...100_000, Phrase("压缩比上限 (A04)", "largest packing ratio (A04)")) {
            $1.pipeline.limits.ratio = $0
        },
        number("limits.rows", 5_000_000, 1...1_000_000_000, Phrase("单个文件行数上限 (A23)", "most rows of a file (A23)")) {
            $1.pipeline.limits.rows = $0
        },
        ConfigurationKey(
            path: "policy.record_errors", defaultText: "quarantine",
            comment: Phrase(
                "有错误行时：quarantine 隔离错误行并入库其余，return 整体退回",
                "rows in error: quarantine keeps them aside and loads the rest, return returns all")
        ) { text, configuration in
            guard let choice = PipelineSettings.RecordErrors(rawValue: text) else { return "quarantine | return" }
            configuration.pipeline.recordErrors = choice
            return nil
        },
        ConfigurationKey(
            path: "province.code", defaultText: "\"\"",
            comment: Phrase("本省行政区划代码，例如 610000；留空则不限", "the province's code, 610000; empty for any")
        ) { text, configuration in
            guard !text.isEmpty else { return nil }
            let bytes = Array(text.utf8)
            guard let number = Province.number(of: bytes.span) else { return "610000" }
            configuration.pipeline.province = number
            return nil
        },
        number("run.workers", 2, 1...64, Phrase("同时读取的报送数", "how many submissions are read at a time")) {
            $1.pipeline.workers = $0
        },
        number(
            "run.patience_seconds", 60, 1...86_400,
            Phrase("工作进程多少秒没有心跳后由其他进程接手", "after so many seconds without a sign of life a worker's work goes to others")
        ) { $1.pipeline.patience = Double($0) },
        ConfigurationKey(
            path: "run.at", defaultText: "\"01:30\"",
            comment: Phrase(
                "每夜开始时间（Asia/Shanghai），用于 yaoce run --scheduled",
                "when nights begin, Asia/Shanghai: for yaoce run --scheduled")
        ) { text, configuration in
            guard let timetable = Timetable(text) else { return "01:30" }
            configuration.timetable = timetable
            return nil
        },
        ConfigurationKey(
            path: "rules.folder", defaultText: "\"\"",
            comment: Phrase("规则文件夹；留空使用随程序安装的规则", "folder of the rules; empty for those that came with the program")
        ) { text, configuration in
            configuration.rulesFolder = text.isEmpty ? nil : Configuration.absolute(text, configuration)
            return nil
        },
        ConfigurationKey(
            path: "language", defaultText: "zh",
            comment: Phrase("回执和报告的语言：zh 或 en", "language of receipts and pages: zh or en")
        ) { text, configuration in
            guard let language = Language(rawValue: text) else { return "zh | en" }
            configuration.pipeline.language = language
            return nil
        },
        ConfigurationKey(
            path: "log.level", defaultText: "notice",
            comment: Phrase("日志级别：debug, info, notice, warning, error", "least weight of log lines: debug … error")
        ) { text, configuration in
            guard ["trace", "debug", "info", "notice", "warning", "error", "critical"].contains(text) else {
                return "debug | info | notice | warning | error"
            }
            configuration.logLevel = text
            return nil
        },
    ]

    private static func path(
        _ path: String, _ fallback: String, _ comment: Phrase,
        set: @escaping @Sendable (String, inout Configuration) -> Void
    ) -> ConfigurationKey {
        ConfigurationKey(path: path, defaultText: fallback, comment: comment) { text, configuration in
            guard !text.isEmpty else { return "a folder" }
            set(Configuration.absolute(text, configuration), &configuration)
            return nil
        }
    }

    private static func number(
        _ path: String, _ fallback: Int, _ bounds: ClosedRange<Int>, _ comment: Phrase,
        set: @escaping @Sendable (Int, inout Configuration) -> Void
    ) -> ConfigurationKey {
        ConfigurationKey(path: path, defaultText: "\(fallback)", comment: comment) { text, configuration in
            guard let number = Int(text), bounds.contains(number) else {
                return "\(bounds.lowerBound)…\(bounds.upperBound)"
            }
            set(number, &configuration)
            return nil
        }
    }
}
