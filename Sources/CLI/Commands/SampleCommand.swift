public import ArgumentParser
import Core
import Foundation
public import Samples

/// `yaoce sample generate`
struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "样例：生成标准库和报送数据 · Samples: libraries and submissions with an answer key.",
        subcommands: [Generate.self])

    enum Kind: String, ExpressibleByArgument, CaseIterable {
        case small, planted, night, big
    }

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "生成样例，同一种子结果相同 · Generate samples, the same for the same seed.",
            discussion: """
                Writes libraries/, inbox/ and answer-key.json: what must be found, where, and where every row ends.
                Examples:
                  yaoce sample generate --kind small OUT
                  yaoce sample generate --kind night --scale 10 --bad-per-mille 10 OUT
                  yaoce sample generate --kind big --drugs 500000 OUT
                """)
        @Argument(help: "输出文件夹 · Where to write.")
        var folder: String
        @Option(name: .long, help: "small 样例之夜 | planted 埋设各种错误 | night 全省一夜 | big 一家超大机构 · What to make.")
        var kind = Kind.small
        @Option(name: .long, help: "随机种子 · The seed.")
        var seed: UInt64 = 20_260_101
        @Option(name: .long, help: "期间 · The period.")
        var period = "2025"
        @Option(name: .long, help: "night：机构数 三级,二级,其他,基层 · Institutions: tertiary,secondary,other,primary.")
        var institutions = "70,250,150,1830"
        @Option(name: .long, help: "night：药品数为标准的百分之几 · Drugs as per cent of the standard.")
        var scale = 100
        @Option(name: .customLong("bad-per-mille"), help: "night：每千行的坏行数 · Bad rows in a thousand.")
        var badPerMille = 0
        @Option(name: .long, help: "night：plain 只用 CSV | mixed 各种格式 · Formats.")
        var formats: NightPlan.Formats = .mixed
        @Option(name: .long, help: "big：药品数 · Drugs of the big institution.")
        var drugs = 500_000
        @Option(name: .customLong("library-drugs"), help: "药品库条数 · Entries of the drug library.")
        var libraryDrugs: Int?
        @Option(name: .long, help: "另存五张汇总 CSV 供测速 · Also write the rows as five plain CSVs.")
        var floor: String?
        @OptionGroup var language: LanguageOptions

        func run() throws {
            language.apply()
            guard let period = Period(period) else {
                throw CommandError(.usage, Phrase("“\(period)” 不是期间", "'\(period)' is no period"))
            }
            var plan = try plan(period)
            if let libraryDrugs { plan.libraryDrugs = libraryDrugs }
            let summary = try SampleNight.write(
                plan, into: FolderSink(folder: folder), floor: floor.map { try FolderSink(folder: $0) })
            Output.line(
                Phrase(
                    "\(summary.submissions) 份报送，\(summary.files) 个文件，\(summary.rows) 行，应有 \(summary.findings) 条发现",
                    "\(summary.submissions) submissions, \(summary.files) files, \(summary.rows) rows, \(summary.findings) findings to be made"
                )[Environment.language])
        }

        private func plan(_ period: Period) throws -> NightPlan {
            switch kind {
            case .small: return .small(seed: seed, period: period)
            case .planted: return .planted(seed: seed, period: period)
            case .big: return .big(drugs: drugs, seed: seed, period: period)
            case .night:
                let counts = institutions.split(separator: ",").compactMap { Int($0) }
                guard counts.count == 4, counts.allSatisfy({ $0 >= 0 }), scale > 0, (0...1000).contains(badPerMille)
                else {
                    throw CommandError(
                        .usage,
                        Phrase(
                            "--institutions 应为四个数，例如 70,250,150,1830",
                            "--institutions takes four numbers: 70,250,150,1830"))
                }
                var plan = NightPlan.institutions(
                    [.tertiary: counts[0], .secondary: counts[1], .other: counts[2], .primary: counts[3]],
                    seed: seed, period: period)
                plan.scalePercent = scale
                plan.badRowsPerMille = badPerMille
                plan.formats = formats
                return plan
            }
        }
    }
}

extension NightPlan.Formats: ExpressibleByArgument {}
