import ArgumentParser
import Core
import Foundation
import Pipeline
import Readers
import Reports
import Store

extension MatchCommand {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "导出任务结果（CSV，按输入顺序） · A task's result as CSV, one row for each input row.")
        @Argument(help: "任务编号 · The task.")
        var task: String
        @Option(name: .long, help: "每行候选数，最多 5 · Candidates in a row; at most 5 are kept.")
        var candidates = 5
        @Option(name: .shortAndLong, help: "输出文件，默认标准输出 · The file; default: standard output.")
        var output: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let configuration = try common.configuration()
            guard (0...5).contains(candidates) else {
                throw CommandError(.usage, Phrase("--candidates 应在 0 到 5 之间", "--candidates must be 0 … 5"))
            }
            let items = try await configuration.withStore { store in
                guard try await store.matchTask(task) != nil else { throw MatchError(problem: .noSuchTask(task)) }
                return try await store.matchItems(ofTask: task)
            }
            var header = ["hospital_drug_code", "state", "matched_ypid", "method", "score", "reason"]
            for number in 0..<candidates {
                header += ["candidate_\(number + 1)_ypid", "candidate_\(number + 1)_score"]
            }
            var bytes = CSVLine.byteOrderMark + CSVLine.bytes(header)
            for item in items { bytes += CSVLine.bytes(row(item)) }
            guard let output else { return Output.write(bytes) }
            do {
                try Data(bytes).write(to: URL(fileURLWithPath: output), options: .atomic)
            } catch {
                throw CommandError(.incomplete, Phrase("无法写入 \(output)", "\(output) cannot be written"))
            }
        }

        private func row(_ item: MatchItem) -> [String] {
            var cells = [
                item.drug.hospitalDrugCode, item.state.rawValue, item.state == .approved ? item.matchedYPID ?? "" : "",
                item.method ?? "", item.score.map(MatchTexts.score) ?? "", item.reason ?? "",
            ]
            for number in 0..<candidates {
                guard item.candidates.indices.contains(number) else {
                    cells += ["", ""]
                    continue
                }
                cells += [item.candidates[number].ypid, MatchTexts.score(item.candidates[number].score)]
            }
            return cells
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "读回在表格中处理过的导出文件 · Take decisions from an export that was worked through.",
            discussion: """
                Rows must stand as they were exported. A row whose state was changed to approved (with matched_ypid), ignored
                or no_match (with reason) is decided; all others stay. A row that is wrong is told, the rest is done.
                """)
        @Argument(help: "任务编号 · The task.")
        var task: String
        @Argument(help: "填好的导出文件 · The export as it was filled in.")
        var file: String
        @OptionGroup var officer: OfficerOptions
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let name = try officer.name()
            let rows = try MatchFiles.rows(file)
            let (decided, refused) = try await configuration.withStore { store in
                guard try await store.matchTask(task) != nil else { throw MatchError(problem: .noSuchTask(task)) }
                let items = try await store.matchItems(ofTask: task)
                guard items.count == rows.count else {
                    throw CommandError(
                        .usage,
                        Phrase(
                            "\(file) 有 \(rows.count) 行，任务有 \(items.count) 行",
                            "\(file) has \(rows.count) rows, the task has \(items.count)"))
                }
                var decided: Set<Int> = []
                var refused: [(line: Int, why: Phrase)] = []
                for (row, item) in zip(rows, items) where !decided.contains(item.item) {
                    do {
                        guard let decision = try decision(row, item) else { continue }
                        _ = try await store.decide(
                            item: item.item, decision, seen: item.version, by: name, at: Environment.now())
                        decided.insert(item.item)
                    } catch let error as MatchError {
                        refused.append((row.line, error.phrase))
                    } catch let error as CommandError {
                        refused.append((row.line, error.phrase))
                    }
                }
                return (decided.count, refused)
            }
            let language = Environment.language
            for (line, why) in refused { StandardError.write("\(file):\(line): \(why[language])\n") }
            if json {
                Output.write(
                    JSON.object([.init("decided", .integer(decided)), .init("refused", .integer(refused.count))]).bytes)
            } else {
                Output.line(
                    Phrase("已决定 \(decided) 条，拒绝 \(refused.count) 条", "\(decided) decided, \(refused.count) refused")[
                        language])
            }
            if !refused.isEmpty { throw ExitStatus.incomplete }
        }

        /// What a row decides; `nil` where it is as it was.
        private func decision(_ row: LibraryRow, _ item: MatchItem) throws -> MatchDecision? {
            let code = FormulaGuard.restored(row.values["hospital_drug_code"] ?? "")
            guard code == item.drug.hospitalDrugCode else {
                throw CommandError(
                    .usage,
                    Phrase("院内码与任务不符，行的顺序可能变了", "the local code differs from the task's: were rows moved?"))
            }
            guard let text = row.values["state"], let state = MatchState(rawValue: text) else {
                throw CommandError(.usage, Phrase("state 不是已知状态", "the state is not a known one"))
            }
            let ypid = row.values["matched_ypid"].map(FormulaGuard.restored)
            let reason = FormulaGuard.restored(row.values["reason"] ?? "")
            switch state {
            case .approved:
                guard let ypid else {
                    throw CommandError(.usage, Phrase("approved 必须填 matched_ypid", "approved needs matched_ypid"))
                }
                if item.state == .approved, item.matchedYPID == ypid { return nil }
                return .approve(ypid: ypid, needsSecondReader: false)
            case .ignored: return item.state == .ignored ? nil : .ignore(reason: reason)
            case .noMatch: return item.state == .noMatch ? nil : .noMatch(reason: reason)
            case .unchecked, .proposed, .needsSecondReader, .invalidTarget: return nil
            }
        }
    }
}

/// Reading the files of a comparison.
enum MatchFiles {
    static func baseName(_ path: String) -> String { URL(fileURLWithPath: path).lastPathComponent }

    static func read(_ path: String, limits: ReadingLimits) throws -> ComparisonFile {
        let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? nil
        let source = SourceFile(name: baseName(path), member: nil, path: path, memberIndex: nil, size: size)
        do {
            let file = try ComparisonFile(source.open(limits: limits), limits: limits)
            guard file.columns.contains("product_name") || file.columns.contains("generic_name") else {
                throw CommandError(
                    .usage,
                    Phrase(
                        "\(path)：没有找到表头，至少需要 院内药品唯一码 和 产品名称（yaoce match template）",
                        "\(path): no header was found; hospital_drug_code and product_name are needed (yaoce match template)"
                    ))
            }
            return file
        } catch let error as ReadingError {
            throw CommandError(
                .usage, Phrase("\(path)：无法读取（\(error.problem)）", "\(path): cannot be read (\(error.problem))"))
        }
    }

    static func rows(_ path: String) throws -> [LibraryRow] {
        var rows: [LibraryRow] = []
        do {
            let source = try FileByteSource(path: path, name: path)
            try LibraryFileReader(name: path).forEachRow(of: source) { rows.append($0) }
        } catch let error as ReadingError {
            throw CommandError(
                .usage, Phrase("\(path)：无法读取（\(error.problem)）", "\(path): cannot be read (\(error.problem))"))
        } catch let failure as LibraryFileReader.Failure {
            throw CommandError(
                .usage,
                Phrase(
                    "\(path):\(failure.line ?? 0): \(failure.phrase.chinese)",
                    "\(path):\(failure.line ?? 0): \(failure.phrase.english)"))
        }
        return rows
    }
}
