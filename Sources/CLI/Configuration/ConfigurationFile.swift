import Core
import Foundation
import Yaml

extension Configuration {
    /// Reads a configuration: defaults, then the file, then the environment. All mistakes are told at once.
    /// - Parameter path: the file asked for; else `YAOCE_CONFIG`, else `yaoce.yaml` here.
    /// - Parameter isOptional: whether a command can do with the defaults where there is no file.
    static func load(
        _ path: String?, environment: [String: String], isOptional: Bool = false
    ) throws -> Configuration {
        let named = path ?? environment["YAOCE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        let file = URL(fileURLWithPath: named ?? "yaoce.yaml").standardizedFileURL.path
        var configuration = Configuration(file: file)
        var problems: [String] = []
        if FileManager.default.fileExists(atPath: file) {
            do {
                let text = try String(contentsOf: URL(fileURLWithPath: file), encoding: .utf8)
                problems += configuration.read(text)
            } catch {
                problems.append("\(file): \(error.localizedDescription)")
            }
        } else if !isOptional || named != nil {
            let hint = Phrase("用 yaoce init 生成，或用 --config 指定", "write one with yaoce init, or name one with --config")
            problems.append(
                "\(file): \(Phrase("没有这个配置文件", "no such configuration file")[Environment.language])\n  hint: \(hint[Environment.language])"
            )
        }
        for key in ConfigurationKey.all {
            guard let text = environment[key.variable] else { continue }
            if let expected = key.apply(text, &configuration) {
                problems.append("\(key.variable): error: '\(text)', expected \(expected)")
            }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
        return configuration
    }

    /// Reads the text of a file; what is wrong with it.
    mutating func read(_ text: String) -> [String] {
        var reader = YamlReader(file: file)
        guard let top = reader.parse(text) else { return reader.problems.map(\.description) }
        let groups = Dictionary(grouping: ConfigurationKey.all) { $0.path.split(separator: ".").dropLast().joined() }
        let topKeys = Set(ConfigurationKey.all.map { String($0.path.prefix { $0 != "." }) })
        for (name, value) in reader.mapping(top, known: topKeys.sorted()).sorted(by: { $0.key < $1.key }) {
            if let key = ConfigurationKey.all.first(where: { $0.path == name }) {
                apply(key, value, &reader)
                continue
            }
            let keys = groups[name] ?? []
            let known = keys.map { String($0.path.dropFirst(name.count + 1)) }
            for (child, childValue) in reader.mapping(value, known: known).sorted(by: { $0.key < $1.key }) {
                guard let key = keys.first(where: { $0.path == "\(name).\(child)" }) else { continue }
                apply(key, childValue, &reader)
            }
        }
        return reader.problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) }.map(\.description)
    }

    private mutating func apply(_ key: ConfigurationKey, _ value: YamlValue, _ reader: inout YamlReader) {
        guard let text = reader.text(value) else { return }
        if let expected = key.apply(text, &self) {
            reader.complain(at: value, "'\(key.path)' is '\(text)', expected \(expected)")
        }
    }

    /// A path as the file means it: relative to the file's folder.
    static func absolute(_ path: String, _ configuration: Configuration) -> String {
        let folder = URL(fileURLWithPath: configuration.file).deletingLastPathComponent()
        return URL(fileURLWithPath: path, relativeTo: folder).standardizedFileURL.path
    }

    /// The commented file that `yaoce init` writes.
    static func template(_ language: Language) -> String {
        let head = Phrase(
            "药测配置。任何键都可以用环境变量覆盖，例如 YAOCE_DATABASE_URL。",
            "Configuration of Yaoce. Any key may be overridden by environment, for example YAOCE_DATABASE_URL.")
        var text = "# \(head[language])\n"
        var group = ""
        for key in ConfigurationKey.all {
            let parts = key.path.split(separator: ".").map(String.init)
            if parts.count == 1 {
                text += "\n# \(key.comment[language])\n\(key.path): \(key.defaultText)\n"
                continue
            }
            if parts[0] != group {
                group = parts[0]
                text += "\n\(group):\n"
            }
            text += "  # \(key.comment[language])\n  \(parts[1]): \(key.defaultText)\n"
        }
        return text
    }
}
