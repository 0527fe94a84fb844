import ArgumentParser
import Core
import Foundation
import Readers

/// `yaoce normalize FILE`
struct NormalizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "normalize",
        abstract: "把任意 CSV 转为规范的 UTF-8 RFC 4180 · Any CSV as clean UTF-8 RFC 4180.",
        discussion: """
            What is not given is found out. Several header rows become one, joined by a blank; an empty file gives an
            empty output.
            Examples:
              yaoce normalize export.txt -o clean.csv
              yaoce normalize --delimiter ';' --quote "'" --header-rows 2 export.csv
            """)

    @Argument(help: "文件，可为 .gz · The file; may be gzip.")
    var file: String
    @Option(name: [.customShort("o"), .long], help: "输出文件，默认标准输出 · Where to write; default: standard output.")
    var output: String?
    @Option(name: .long, help: "编码 UTF-8 | GB18030 | UTF-16LE | UTF-16BE · The encoding.")
    var encoding: String?
    @Option(name: .long, help: "分隔符，tab 写作 \\t · What stands between fields; \\t for a tab.")
    var delimiter: String?
    @Option(name: .long, help: "引号，空为无 · The quote; empty for none.")
    var quote: String?
    @Option(name: .long, help: "转义字符，空为双写引号 · The escape; empty for doubled quotes.")
    var escape: String?
    @Option(name: .customLong("header-rows"), help: "表头行数 · How many records the header has.")
    var headerRows: Int?
    @Option(name: .long, help: "表头以上跳过的行数 · How many records above the header are left out.")
    var skip: Int?
    @Flag(name: .long, help: "在标准错误输出说明 · Say on standard error what was found and done, as JSON.")
    var summary = false
    @OptionGroup var language: LanguageOptions

    func run() throws {
        language.apply()
        var options = NormalizerOptions()
        if let encoding {
            guard let known = TextEncoding(declared: encoding) else {
                throw CommandError(.usage, Phrase("未知编码 \(encoding)", "unknown encoding \(encoding)"))
            }
            options.encoding = known
        }
        for count in [headerRows, skip] {
            guard count ?? 0 >= 0 else {
                throw CommandError(.usage, Phrase("行数不能为负", "a count of rows is not negative"))
            }
        }
        options.delimiter = delimiter.map(NormalizeCommand.unescaped)
        options.quote = quote.map(NormalizeCommand.unescaped)
        options.escape = escape.map(NormalizeCommand.unescaped)
        options.headerRows = headerRows
        options.skip = skip
        do {
            try normalise(options)
        } catch let error as ReadingError {
            throw CommandError(
                .incomplete, Phrase("无法读取 \(file)（\(error.problem)）", "\(file) cannot be read (\(error.problem))"))
        }
    }

    private func normalise(_ options: NormalizerOptions) throws {
        var limits = ReadingLimits()
        // A tool for any CSV: only the guards against bombs stay.
        limits.containerBytes = .max
        limits.unpackedBytes = .max
        let source = SourceFile(name: file, member: nil, path: file, memberIndex: nil, size: nil)
        var normalizer = Normalizer(try source.open(limits: limits), options: options, limits: limits)
        let target = try self.target()
        var bytes: [UInt8] = []
        while try normalizer.next(into: &bytes) {
            guard bytes.count >= 1 << 18 else { continue }
            try target.write(contentsOf: Data(bytes))
            bytes.removeAll(keepingCapacity: true)
        }
        try target.write(contentsOf: Data(bytes))
        if output != nil { try target.close() }
        if summary {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            StandardError.write(String(decoding: try encoder.encode(normalizer.summary), as: UTF8.self) + "\n")
        }
    }

    private func target() throws -> FileHandle {
        guard let output else { return .standardOutput }
        guard FileManager.default.createFile(atPath: output, contents: nil),
            let handle = FileHandle(forWritingAtPath: output)
        else { throw CommandError(.incomplete, Phrase("无法写入 \(output)", "\(output) cannot be written")) }
        return handle
    }

    /// `\t` and `\0` as people type them.
    private static func unescaped(_ text: String) -> String {
        text.replacing("\\t", with: "\t").replacing("\\0", with: "\u{0}")
    }
}
