public import Core
internal import Yaml

/// An example of a rule: what is changed in a small valid submission, and whether the rule must speak then.
public struct RuleExample: Sendable, Hashable {
    /// What the rule must do.
    public enum Kind: String, Sendable, CaseIterable {
        /// The rule must find something.
        case fails
        /// The rule must find nothing.
        case passes
        /// The rule must say that it cannot be judged.
        case notApplicable = "not_applicable"
    }

    /// The rule.
    public var rule: RuleID
    /// What the rule must do.
    public var kind: Kind
    /// What is changed, as it is written.
    public var patch: ExampleNode
    /// What the finding must say besides its rule, as it is written; `nil` where any finding will do.
    public var finds: ExampleNode?
    /// What the example shows, for people.
    public var note: Phrase?
    /// Its file, as the rule folder names it.
    public var file: String
    /// Its line, from 1.
    public var line: Int

    /// An example.
    public init(
        rule: RuleID, kind: Kind, patch: ExampleNode, finds: ExampleNode? = nil, note: Phrase? = nil, file: String,
        line: Int
    ) {
        self.rule = rule
        self.kind = kind
        self.patch = patch
        self.finds = finds
        self.note = note
        self.file = file
        self.line = line
    }
}

/// A piece of an example as it is written, and where: examples are read by whoever runs them.
public struct ExampleNode: Sendable, Hashable {
    /// What it is.
    public indirect enum Content: Sendable, Hashable {
        case text(String)
        case list([ExampleNode])
        /// In the order of the file.
        case mapping([Entry])
    }

    /// A key and what it stands for.
    public struct Entry: Sendable, Hashable {
        /// The key.
        public var key: String
        /// Its value.
        public var value: ExampleNode
    }

    /// What it is.
    public var content: Content
    /// From 1.
    public var line: Int
    /// From 1.
    public var column: Int

    /// A piece.
    public init(_ content: Content, line: Int = 1, column: Int = 1) {
        self.content = content
        self.line = line
        self.column = column
    }

    init(_ value: YamlValue, _ reader: inout YamlReader) {
        line = value.line
        column = value.column
        switch reader.shape(of: value) {
        case .text(let text): content = .text(text)
        case .list(let values): content = .list(values.map { ExampleNode($0, &reader) })
        case .mapping(let pairs):
            content = .mapping(pairs.map { Entry(key: $0.key, value: ExampleNode($0.value, &reader)) })
        }
    }

    /// As one line of YAML.
    public var text: String {
        switch content {
        case .text(let text): ExampleNode.quoted(text)
        case .list(let nodes): "[" + nodes.map(\.text).joined(separator: ", ") + "]"
        case .mapping(let entries):
            "{" + entries.map { "\(ExampleNode.quoted($0.key)): \($0.value.text)" }.joined(separator: ", ") + "}"
        }
    }

    private static func quoted(_ text: String) -> String {
        let isPlain =
            !text.isEmpty
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || ("0"..."9").contains($0) || "._/-".unicodeScalars.contains($0)
            }
        if isPlain, text.first != "-" { return text }
        let escaped = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
            .replacing("\t", with: "\\t").replacing("\r", with: "\\r")
        return "\"\(escaped)\""
    }
}

/// Reads `examples` of a rule, and files of examples.
struct RuleExampleReader {
    /// The examples of one rule.
    static func examples(_ value: YamlValue, of rule: RuleID, _ reader: inout YamlReader) -> [RuleExample] {
        var examples: [RuleExample] = []
        for entry in reader.list(value) {
            let keys = reader.mapping(entry, known: ["fails", "passes", "not_applicable", "finds", "note"])
            guard let kind = RuleExample.Kind.allCases.first(where: { keys[$0.rawValue] != nil }),
                let patch = keys[kind.rawValue]
            else {
                reader.complain(
                    at: entry, "an example of \(rule) says neither 'fails' nor 'passes' nor 'not_applicable'")
                continue
            }
            for other in RuleExample.Kind.allCases where other != kind {
                guard let value = keys[other.rawValue] else { continue }
                reader.complain(at: value, "an example either fails or passes", hint: "write two examples")
            }
            if let finds = keys["finds"], kind != .fails {
                reader.complain(at: finds, "an example that passes finds nothing")
            }
            examples.append(
                RuleExample(
                    rule: rule, kind: kind, patch: ExampleNode(patch, &reader),
                    finds: keys["finds"].map { ExampleNode($0, &reader) },
                    note: keys["note"].flatMap { RuleExampleReader.phrase($0, &reader) }, file: reader.file,
                    line: entry.line))
        }
        return examples
    }

    /// A file of `Rules/examples`: a list of examples for each rule.
    static func file(_ text: String, name: String, rules: Set<RuleID>) -> ([RuleExample], [YamlProblem]) {
        var reader = YamlReader(file: name)
        guard let top = reader.parse(text) else { return ([], reader.problems) }
        let keys = reader.mapping(top, known: ["examples"])
        guard let value = keys["examples"] else {
            reader.complain(at: top, "'examples' is missing")
            return ([], reader.problems)
        }
        let known = rules.map(\.rawValue).sorted()
        let examples = reader.mapping(value, known: known).sorted { $0.value.line < $1.value.line }.flatMap {
            RuleExampleReader.examples($0.value, of: RuleID($0.key), &reader)
        }
        return (examples, reader.problems)
    }

    static func phrase(_ value: YamlValue, _ reader: inout YamlReader) -> Phrase? {
        let keys = reader.mapping(value, known: ["zh", "en"])
        for name in ["zh", "en"] where keys[name] == nil {
            reader.complain(at: value, "'\(value.path).\(name)' is missing")
        }
        guard let chinese = keys["zh"].flatMap({ reader.text($0) }),
            let english = keys["en"].flatMap({ reader.text($0) })
        else { return nil }
        return Phrase(chinese, english)
    }
}
