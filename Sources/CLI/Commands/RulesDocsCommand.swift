import ArgumentParser
import Core
import Foundation
import Reports
import RuleExamples
import Rules

/// `yaoce rules docs`
struct RulesDocsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "docs",
        abstract: "为每条规则写一页说明 · Write a page for every rule.",
        discussion: """
            Self-contained pages with an index: Chinese in the folder, English in its folder en. Pages of an earlier
            run are replaced; nothing else in the folder is touched.

            Example:
              yaoce rules docs rule-pages
            """)

    @Argument(help: "写入的文件夹，默认 rule-pages · Where to write.")
    var folder = "rule-pages"
    @OptionGroup var options: RulesCommand.FolderOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    struct Result: Encodable {
        var folder: String
        var pages: Int
        var hash: String
    }

    func run() throws {
        let files = try options.files()
        let book = try RuleBook(files: files)
        let suite = try RuleExampleSuite(rules: book, files: files)
        let day = Environment.now().shanghaiDay.description
        let descriptions = RuleDescriptions(book: book, suite: suite, day: day).all
        do {
            for (language, place, other) in [
                (Language.chinese, folder, "en"), (Language.english, "\(folder)/en", ".."),
            ] {
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                let links = RulePageLinks(otherFolder: other)
                for description in descriptions {
                    let page = RulePage(description, links: links).html(language)
                    try Data(page).write(to: URL(fileURLWithPath: "\(place)/\(description.rule.id).html"))
                }
                let index = RuleIndexPage(descriptions, hash: book.hash, links: links).html(language)
                try Data(index).write(to: URL(fileURLWithPath: "\(place)/index.html"))
            }
        } catch {
            throw CommandError(
                .incomplete, Phrase("无法写入 \(folder)：\(error)", "\(folder) cannot be written: \(error)"))
        }
        if json { return try Output.json(Result(folder: folder, pages: descriptions.count, hash: book.hash)) }
        Output.line(
            Phrase(
                "\(folder)：\(descriptions.count) 条规则，中英文各一页（index.html）",
                "\(folder): \(descriptions.count) rules, a page in each language (index.html)")[Environment.language])
    }
}
