import ArgumentParser
import Core
import Rules

/// `yaoce rules diff`
struct RulesDiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "比较两个规则文件夹 · What differs between two rule folders.",
        discussion: """
            Rules that were added, removed or changed (with the keys that differ), and thresholds. Layout is no
            difference. A rule whose hash stays the same judges as before.

            Example:
              yaoce rules diff /usr/share/yaoce/Rules ./Rules
            """)

    @Argument(help: "原来的文件夹 · The folder as it was.")
    var before: String
    @Argument(help: "新的文件夹 · The folder as it is.")
    var after: String
    @OptionGroup var language: LanguageOptions
    @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
    var json = false

    struct Shown: Encodable {
        struct Change: Encodable {
            var rule: String
            var keys: [String]
            var hashBefore: String
            var hashAfter: String
        }

        struct Threshold: Encodable {
            var name: String
            var since: String
            var before: String?
            var after: String?
        }

        var added: [String]
        var removed: [String]
        var changed: [Change]
        var thresholds: [Threshold]
        var dictionaries: [String]
    }

    func run() throws {
        language.apply()
        let difference = RuleDifference(
            from: try RuleBook(files: RuleFolder.files(before)), to: try RuleBook(files: RuleFolder.files(after)))
        if json {
            return try Output.json(
                Shown(
                    added: difference.added.map(\.rawValue), removed: difference.removed.map(\.rawValue),
                    changed: difference.changed.map {
                        .init(
                            rule: $0.rule.rawValue, keys: $0.keys, hashBefore: $0.hashes.before,
                            hashAfter: $0.hashes.after)
                    },
                    thresholds: difference.thresholds.map {
                        .init(name: $0.name, since: $0.since, before: $0.before, after: $0.after)
                    }, dictionaries: difference.dictionaries))
        }
        for line in lines(difference, Environment.language) { Output.line(line) }
    }

    private func lines(_ difference: RuleDifference, _ language: Language) -> [String] {
        guard !difference.isEmpty else { return [Phrase("没有差别", "nothing differs")[language]] }
        var lines = difference.added.map { "+ \($0)" } + difference.removed.map { "- \($0)" }
        for change in difference.changed {
            let same = change.hashes.before == change.hashes.after
            let hash =
                same
                ? Phrase("判定不变", "judges as before")[language]
                : "\(change.hashes.before) → \(change.hashes.after)"
            lines.append("~ \(change.rule)  \(change.keys.joined(separator: ", "))  \(hash)")
        }
        for threshold in difference.thresholds {
            lines.append(
                "~ \(threshold.name) (\(threshold.since))  \(threshold.before ?? "—") → \(threshold.after ?? "—")")
        }
        return lines + difference.dictionaries.map { "~ \($0)" }
    }
}
