import Core
import Foundation
import Rules

/// Finds the rule files: the folder of the configuration, else the one that came with the program.
enum RuleFolder {
    /// All YAML files below a folder, by their path in it.
    static func files(_ folder: String?) throws -> [RuleBook.File] {
        guard let root = folder ?? installed else {
            throw CommandError(
                .usage,
                Phrase(
                    "找不到规则文件夹；请在 yaoce.yaml 设置 rules.folder",
                    "the rule folder was not found; set rules.folder in yaoce.yaml"))
        }
        guard let walk = FileManager.default.enumerator(atPath: root) else {
            throw CommandError(.usage, Phrase("无法读取规则文件夹 \(root)", "the rule folder \(root) cannot be read"))
        }
        let names = walk.compactMap { $0 as? String }.filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
        guard !names.isEmpty else {
            throw CommandError(.usage, Phrase("规则文件夹 \(root) 是空的", "the rule folder \(root) holds no rules"))
        }
        return try names.map { name in
            RuleBook.File(name: name, text: try String(contentsOfFile: "\(root)/\(name)", encoding: .utf8))
        }
    }

    /// `YAOCE_RULES_FOLDER`, `../share/yaoce/Rules` beside the program, or `Rules` of the checkout it was built in.
    private static var installed: String? {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var candidates = [program.deletingLastPathComponent().appendingPathComponent("share/yaoce/Rules")]
        var folder = program
        while folder.path.count > 1 {
            candidates.append(folder.appendingPathComponent("Rules"))
            folder.deleteLastPathComponent()
        }
        return candidates.map(\.path).first { FileManager.default.fileExists(atPath: "\($0)/precheck") }
    }
}
