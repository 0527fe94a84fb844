import ArgumentParser
import Core
import Foundation
import Pipeline
import Postgres
import Reports
import Rules
import Store

/// `yaoce doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "体检：数据库、文件夹、权限、磁盘、时钟、标准库、规则 · Check everything a night needs, and say what to do.")
    @OptionGroup var common: CommonOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    /// One thing looked at.
    private struct Check {
        var name: Phrase
        var isGood: Bool
        var finding: String
        /// What to do, where it is not good.
        var advice: Phrase?
    }

    func run() async throws {
        let configuration = try common.configuration()
        var checks = folders(configuration)
        checks.append(disk(configuration))
        checks.append(rules(configuration))
        checks += await database(configuration)
        let language = Environment.language
        if json {
            let values = checks.map { check in
                JSON.object([
                    .init("check", .string(check.name.english)), .init("ok", .boolean(check.isGood)),
                    .init("finding", .string(check.finding)),
                    .init("advice", check.advice.map { .string($0[language]) } ?? .null),
                ])
            }
            Output.write(JSON.array(values).bytes)
        } else {
            for check in checks {
                Output.line("\(check.isGood ? "✓" : "✗") \(check.name[language])  \(check.finding)")
                if let advice = check.advice, !check.isGood { Output.line("    → \(advice[language])") }
            }
        }
        if checks.contains(where: { !$0.isGood }) { throw ExitStatus.incomplete }
    }

    private func folders(_ configuration: Configuration) -> [Check] {
        let settings = configuration.pipeline
        let all = [
            ("inbox", settings.inbox), ("archive", settings.archive), ("outbox", settings.outbox),
            ("reports", settings.reports),
        ]
        return all.map { name, path in
            let manager = FileManager.default
            let isThere = manager.fileExists(atPath: path)
            let isGood = isThere && manager.isWritableFile(atPath: path)
            return Check(
                name: Phrase("文件夹 \(name)", "folder \(name)"), isGood: isGood, finding: path,
                advice: isThere
                    ? Phrase("当前用户没有写权限：chown 或 chmod", "this user may not write there: chown or chmod")
                    : Phrase("不存在：用 yaoce init 建立", "missing: make it with yaoce init"))
        }
    }

    private func disk(_ configuration: Configuration) -> Check {
        let attributes = try? FileManager.default.attributesOfFileSystem(
            forPath: URL(fileURLWithPath: configuration.file).deletingLastPathComponent().path)
        let free = (attributes?[.systemFreeSize] as? Int) ?? 0
        return Check(
            name: Phrase("磁盘可用空间", "free disk"), isGood: free > 2 << 30, finding: "\(free >> 20) MiB",
            advice: Phrase("少于 2 GiB：清理或扩容", "less than 2 GiB: make room"))
    }

    private func rules(_ configuration: Configuration) -> Check {
        do {
            let book = try configuration.ruleBook()
            return Check(
                name: Phrase("规则", "rules"), isGood: true, finding: "\(book.rules.count) (\(book.hash))", advice: nil)
        } catch {
            return Check(
                name: Phrase("规则", "rules"), isGood: false, finding: "\(error)",
                advice: Phrase("按提示改正规则文件：yaoce rules lint", "mend the rule files as said: yaoce rules lint"))
        }
    }

    private func database(_ configuration: Configuration) async -> [Check] {
        let name = Phrase("数据库", "database")
        do {
            var options = ConnectionOptions(url: configuration.effectiveDatabaseURL)
            options.retry = .none
            let store = try await PostgresStore.connect(options)
            let facts = try await store.facts(now: Environment.now())
            await store.close()
            let drift = Int(abs(facts.clockDifference))
            var checks = [
                Check(
                    name: name, isGood: true, finding: "PostgreSQL \(facts.serverVersion), \(facts.size >> 20) MiB",
                    advice: nil),
                Check(
                    name: Phrase("数据库编码", "database encoding"), isGood: facts.encoding == "UTF8",
                    finding: facts.encoding,
                    advice: Phrase("请用 UTF8 编码重建数据库", "make the database anew with encoding UTF8")),
                Check(
                    name: Phrase("时钟", "clock"), isGood: drift < 60, finding: "\(drift) s",
                    advice: Phrase(
                        "与数据库相差一分钟以上：同步时间（NTP）", "a minute or more from the database's: synchronise with NTP")),
            ]
            for kind in LibraryKind.allCases {
                let current = facts.libraries[kind.rawValue]
                checks.append(
                    Check(
                        name: Phrase("标准库 \(kind.rawValue)", "library \(kind.rawValue)"), isGood: current != nil,
                        finding: current ?? "-",
                        advice: Phrase(
                            "没有已发布的版本：yaoce library import \(kind.rawValue) FILE --version V --publish",
                            "none is published: yaoce library import \(kind.rawValue) FILE --version V --publish")))
            }
            return checks
        } catch let error as MigrationError {
            return [
                Check(
                    name: name, isGood: false, finding: error.phrase[Environment.language],
                    advice: Phrase("运行 yaoce db migrate", "run yaoce db migrate"))
            ]
        } catch {
            return [
                Check(
                    name: name, isGood: false, finding: "\(error)",
                    advice: Phrase(
                        "启动数据库：yaoce db start，或检查 database.url", "start it: yaoce db start, or check database.url"))
            ]
        }
    }
}
