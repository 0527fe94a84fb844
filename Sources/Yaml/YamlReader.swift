internal import Yams

/// Reads one YAML file and collects every mistake in it, each with its place, instead of stopping at the first.
///
/// Values are asked for by key; a key nobody asked for is a mistake too, with the nearest known key as a hint.
public struct YamlReader: ~Copyable {
    /// The file as the user named it.
    public let file: String
    /// The mistakes so far.
    public private(set) var problems: [YamlProblem] = []
    private var source: [Unicode.Scalar] = []

    /// A reader for a file.
    public init(file: String) { self.file = file }

    /// The top value; `nil` (and a problem) where the text is not YAML or empty.
    public mutating func parse(_ text: String) -> YamlValue? {
        source = Array(text.unicodeScalars)
        do {
            // Texts are read as what is asked for, so what YAML would take them for is never worked out.
            guard let node = try Yams.compose(yaml: text, .basic) else { return nil }
            return YamlValue(node: node, path: "")
        } catch let error as YamlError {
            switch error {
            case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
                .composer(_, let problem, let mark, _):
                problems.append(
                    YamlProblem(file: file, line: mark.line, column: mark.column, message: "not YAML: \(problem)"))
            case .duplicatedKeysInMapping(let duplicates, let context):
                // The parser's own text holds the whole file, secrets included.
                for name in duplicates {
                    problems.append(
                        YamlProblem(
                            file: file, line: context.mark.line, column: context.mark.column,
                            message: "'\(name)' stands here twice"))
                }
            default:
                problems.append(YamlProblem(file: file, line: 1, column: 1, message: "not YAML: \(error)"))
            }
            return nil
        } catch {
            problems.append(YamlProblem(file: file, line: 1, column: 1, message: "not YAML: \(error)"))
            return nil
        }
    }

    /// Adds a mistake at a value.
    public mutating func complain(at value: YamlValue, _ message: String, hint: String? = nil) {
        problems.append(
            YamlProblem(file: file, line: value.line, column: value.column, message: message, hint: hint))
    }

    /// Adds a mistake at a character of a text value, counted from 0: the place in the file, whatever the quotes.
    public mutating func complain(at value: YamlValue, character: Int, _ message: String, hint: String? = nil) {
        let place = place(ofCharacter: character, in: value)
        problems.append(YamlProblem(file: file, line: place.line, column: place.column, message: message, hint: hint))
    }

    private func place(ofCharacter wanted: Int, in value: YamlValue) -> (line: Int, column: Int) {
        guard case .scalar(let scalar) = value.node else { return (value.line, value.column) }
        var walk = SourceWalk(source, line: value.line, column: value.column)
        return walk.place(ofCharacter: wanted, in: scalar)
    }

    /// The values of a mapping by key. Keys that are not in `known` are mistakes.
    public mutating func mapping(_ value: YamlValue, known: [String]) -> [String: YamlValue] {
        guard case .mapping(let mapping) = value.node else {
            complain(at: value, "\(value.shownPath) should hold keys and values")
            return [:]
        }
        var result: [String: YamlValue] = [:]
        for (key, child) in mapping {
            let name = key.string ?? ""
            let path = value.path.isEmpty ? name : "\(value.path).\(name)"
            let keyValue = YamlValue(node: key, path: path)
            guard known.contains(name) else {
                let nearest = Nearest.name(to: name, in: known)
                complain(
                    at: keyValue, "unknown key '\(path)'",
                    hint: nearest.map { "did you mean '\($0)'?" } ?? "known keys: \(known.joined(separator: ", "))")
                continue
            }
            if result[name] != nil { complain(at: keyValue, "'\(path)' stands here twice") }
            result[name] = YamlValue(node: child, path: path)
        }
        return result
    }

    /// The elements of a list.
    public mutating func list(_ value: YamlValue) -> [YamlValue] {
        guard case .sequence(let sequence) = value.node else {
            complain(at: value, "\(value.shownPath) should be a list")
            return []
        }
        return sequence.enumerated().map { YamlValue(node: $1, path: "\(value.path)[\($0)]") }
    }

    /// What a value is, for values of which the reader does not know the keys. A key that is no text is a mistake.
    public mutating func shape(of value: YamlValue) -> YamlShape {
        switch value.node {
        case .scalar(let scalar): return .text(scalar.string)
        case .sequence(let sequence):
            return .list(sequence.enumerated().map { YamlValue(node: $1, path: "\(value.path)[\($0)]") })
        case .mapping(let mapping):
            var pairs: [(key: String, value: YamlValue)] = []
            for (key, child) in mapping {
                guard let name = key.string else {
                    complain(at: YamlValue(node: key, path: value.path), "a key of \(value.shownPath) is no text")
                    continue
                }
                pairs.append((name, YamlValue(node: child, path: value.path.isEmpty ? name : "\(value.path).\(name)")))
            }
            return .mapping(pairs)
        default:
            complain(at: value, "\(value.shownPath) is an alias, which is not read here")
            return .text("")
        }
    }

    /// A text; numbers and dates count as the text they are written as.
    public mutating func text(_ value: YamlValue) -> String? {
        guard case .scalar(let scalar) = value.node else {
            complain(at: value, "\(value.shownPath) should be one value")
            return nil
        }
        return scalar.string
    }

    /// A whole number within bounds.
    public mutating func integer(_ value: YamlValue, in bounds: ClosedRange<Int>) -> Int? {
        guard let text = text(value) else { return nil }
        guard let number = Int(text.replacing("_", with: "")), bounds.contains(number) else {
            complain(
                at: value,
                "\(value.shownPath) is '\(text)', expected a whole number from \(bounds.lowerBound) to \(bounds.upperBound)"
            )
            return nil
        }
        return number
    }

    /// One of several words.
    public mutating func choice<Choice: RawRepresentable & CaseIterable>(
        _ value: YamlValue, as type: Choice.Type
    ) -> Choice? where Choice.RawValue == String {
        guard let text = text(value) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        let words = Choice.allCases.map(\.rawValue)
        complain(
            at: value, "\(value.shownPath) is '\(text)', expected one of \(words.joined(separator: ", "))",
            hint: Nearest.name(to: text, in: words).map { "did you mean '\($0)'?" })
        return nil
    }
}

/// What a value of a YAML file is.
public enum YamlShape {
    /// A text; numbers and dates are the text they are written as.
    case text(String)
    /// A list.
    case list([YamlValue])
    /// Keys and values in the order of the file.
    case mapping([(key: String, value: YamlValue)])
}

/// A value in a YAML file and where it stands.
public struct YamlValue {
    let node: Node
    /// The keys that lead to it, `database.url`.
    public let path: String

    /// From 1.
    public var line: Int { node.mark?.line ?? 1 }
    /// From 1.
    public var column: Int { node.mark?.column ?? 1 }

    var shownPath: String { path.isEmpty ? "the file" : "'\(path)'" }
}

/// The known name that is nearest to a mistyped one.
public enum Nearest {
    /// The name within two edits; `nil` where none is that near.
    public static func name(to typed: String, in names: [String]) -> String? {
        let ranked = names.map { ($0, distance(Array(typed.unicodeScalars), Array($0.unicodeScalars))) }
        guard let best = ranked.min(by: { ($0.1, $0.0) < ($1.1, $1.0) }), best.1 <= 2 else { return nil }
        return best.0
    }

    private static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
        var previous = Array(0...b.count)
        for (row, left) in a.enumerated() {
            var current = [row + 1]
            for (column, right) in b.enumerated() {
                current.append(
                    Swift.min(
                        previous[column + 1] + 1, current[column] + 1, previous[column] + (left == right ? 0 : 1)))
            }
            previous = current
        }
        return previous[b.count]
    }
}
