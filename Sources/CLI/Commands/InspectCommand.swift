import ArgumentParser
import Core
import Foundation
import Pipeline
import Readers
import Reports

/// `yaoce inspect FILE`
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "查看文件：编码、分隔符、表头对应、前几行 · Encoding, dialect, header mapping, first rows, types.",
        discussion: "Examples:\n  yaoce inspect usage.csv\n  yaoce inspect --rows 20 --json 2025.zip")

    @Argument(help: "文件或压缩包 · A file or a package.")
    var file: String
    @Option(name: .long, help: "显示行数 · How many rows are shown.")
    var rows = 5
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false
    @OptionGroup var language: LanguageOptions

    private struct Found: Encodable {
        var name: String
        var member: String?
        var kind: String
        var inspection: Inspection?
        var xml: XMLFound?
    }

    /// What is told of an XML file.
    private struct XMLFound: Encodable {
        var root: [String: String]
        var encoding: String?
        var table: String
        var headers: [HeaderMapping]
        var rows: [[String: String]]
        var problems: [String]
    }

    func run() throws {
        language.apply()
        let limits = ReadingLimits()
        let package: Package
        do {
            package = try Package.open(
                files: [(name: URL(fileURLWithPath: file).lastPathComponent, path: file)], limits: limits)
        } catch {
            throw CommandError(
                .usage, Phrase("无法读取 \(file)（\(error.problem)）", "\(file) cannot be read (\(error.problem))"))
        }
        var found: [Found] = []
        for source in package.sources { found.append(try look(at: source, limits)) }
        for observation in package.observations {
            StandardError.write(
                "\(observation.rule) \(observation.details.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))\n"
            )
        }
        if json { return try Output.json(found) }
        for entry in found { show(entry) }
    }

    private func look(at source: SourceFile, _ limits: ReadingLimits) throws -> Found {
        do {
            let kind = try source.contentKind(limits: limits)
            var found = Found(name: source.name, member: source.member, kind: kind.rawValue)
            switch kind {
            case .xml: found.xml = try xml(source, limits)
            default:
                found.inspection = try Inspection.of(
                    try source.open(limits: limits), named: source.tableName.table, rowCount: rows)
            }
            return found
        } catch let error as ReadingError {
            throw CommandError(
                .incomplete,
                Phrase("无法读取 \(error.name)（\(error.problem)）", "\(error.name) cannot be read (\(error.problem))"))
        }
    }

    private func xml(_ source: SourceFile, _ limits: ReadingLimits) throws -> XMLFound {
        let root = try XMLRootPeek.root(of: try source.open(limits: limits))
        let table = root?.table ?? source.tableName.table ?? .usage
        let dataSet = DataSet.of(table)
        let reader = try TableReaders.reader(for: source, dataSet, limits)
        var batch = RowBatch(dataSet)
        _ = try reader.next(into: &batch)
        var shown: [[String: String]] = []
        for row in batch.rows.indices.prefix(rows) {
            var cells: [String: String] = [:]
            for (position, column) in dataSet.columns.enumerated() where !column.isPersonal {
                let text = batch.string(row: row, column: position)
                if !text.isEmpty { cells[column.name] = text }
            }
            shown.append(cells)
        }
        let problems = reader.fileObservations.map {
            "\($0.rule) \($0.place.column ?? "") \($0.details["reason"] ?? "")"
        }
        return XMLFound(
            root: root?.attributes ?? [:], encoding: reader.facts.encoding, table: table.rawValue,
            headers: reader.facts.headers, rows: shown, problems: problems)
    }

    private func show(_ found: Found) {
        let language = Environment.language
        Output.line("\(found.member.map { "\(found.name)!\($0)" } ?? found.name)  [\(found.kind)]")
        if let inspection = found.inspection { show(inspection, language) }
        if let xml = found.xml {
            Output.line(
                "\(xml.table)  \(xml.encoding ?? "?")  \(xml.root.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " "))"
            )
            var table = TextTable([
                (Phrase("名称", "name")[language], .left), (Phrase("列", "column")[language], .left),
            ])
            for header in xml.headers { table.add([header.header, header.column ?? "—"]) }
            Output.line(table.text)
            for row in xml.rows {
                Output.line(row.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " · "))
            }
            for problem in xml.problems { Output.line("! \(problem)") }
        }
    }

    private func show(_ inspection: Inspection, _ language: Language) {
        let delimiter = inspection.delimiter == "\t" ? "TAB" : inspection.delimiter
        Output.line(
            Phrase(
                "编码 \(inspection.encoding)\(inspection.hasByteOrderMark ? "（BOM）" : "") · 分隔符 \(delimiter) · 引号 \(inspection.quote ?? "—") · 表头在第 \(inspection.headerLine.map { "\($0)" } ?? "?") 行 · 表 \(inspection.table?.rawValue ?? "?")",
                "encoding \(inspection.encoding)\(inspection.hasByteOrderMark ? " (BOM)" : "") · delimiter \(delimiter) · quote \(inspection.quote ?? "—") · header on line \(inspection.headerLine.map { "\($0)" } ?? "?") · table \(inspection.table?.rawValue ?? "?")"
            )[language])
        var columns = TextTable([
            ("#", .right), (Phrase("表头", "header")[language], .left), (Phrase("列", "column")[language], .left),
            (Phrase("内容像", "looks like")[language], .left), (Phrase("空白", "blank")[language], .right),
        ])
        for (index, column) in inspection.columns.enumerated() {
            columns.add([
                "\(index + 1)", column.header, column.name ?? "—", column.kind?.rawValue ?? "", "\(column.blank)",
            ])
        }
        Output.line(columns.text)
        for missing in inspection.missing {
            Output.line(Phrase("! 缺少必需的列 \(missing)", "! required column \(missing) is missing")[language])
        }
        for row in inspection.rows { Output.line(row.joined(separator: " │ ")) }
    }
}
