import ArgumentParser
import Core
import Foundation

/// `yaoce init [DIR]`
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "生成带注释的 yaoce.yaml 和各文件夹 · Write a commented yaoce.yaml and the folders.",
        discussion: "Example:\n  yaoce init /srv/yaoce")

    @Argument(help: "文件夹，默认当前文件夹 · The folder; default: this one.")
    var folder = "."
    @OptionGroup var language: LanguageOptions

    func run() throws {
        language.apply()
        let root = URL(fileURLWithPath: folder).standardizedFileURL.path
        let manager = FileManager.default
        for name in ["inbox", "archive", "outbox", "reports"] {
            try manager.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: true)
        }
        let file = "\(root)/yaoce.yaml"
        if manager.fileExists(atPath: file) {
            Output.line(Phrase("\(file) 已存在，未改动", "\(file) exists and was left alone")[Environment.language])
        } else {
            try Configuration.template(Environment.language).write(toFile: file, atomically: true, encoding: .utf8)
            Output.line(file)
        }
        Output.line(
            Phrase(
                "下一步：cd \(root) && yaoce db start && yaoce doctor", "next: cd \(root) && yaoce db start && yaoce doctor"
            )[Environment.language])
    }
}
