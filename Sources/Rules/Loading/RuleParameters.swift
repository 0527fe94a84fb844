internal import Core
internal import Yaml

/// Who set a threshold, and why.
public struct ThresholdNote: Sendable, Hashable {
    /// Who.
    public var author: String
    /// Why.
    public var reason: String
}

/// Thresholds and dictionaries: what a province may change without changing a rule.
public struct RuleParameters: Sendable, Hashable {
    /// Numbers by name and first day in force (`yyyy-MM-dd`), as they are written: `C27.amount` → `200000000`.
    public var thresholds: [String: [String: String]] = [:]
    /// Who set each threshold and why, by name and first day in force. Nothing is judged by it.
    public var thresholdNotes: [String: [String: ThresholdNote]] = [:]
    /// Texts that stand for nothing, lower case.
    public var placeholders: Set<String> = []
    /// Units in use.
    public var units: Set<String> = []

    /// The threshold in force on a day (`yyyy-MM-dd`), in units of its last decimal; the default where none is.
    public func threshold(_ name: String, on day: String, decimals: Int, default fallback: Int64) -> Int64 {
        guard let text = thresholds[name]?.filter({ $0.key <= day }).max(by: { $0.key < $1.key })?.value else {
            return fallback
        }
        let bytes = Array(text.utf8)
        guard case .value(let value, _) = NumberReading(bytes.span, decimals: decimals, limit: Int64.max / 10) else {
            return fallback
        }
        return value
    }

    var canonicalText: String {
        let numbers = thresholds.flatMap { name, dated in dated.map { "\(name)@\($0.key)=\($0.value)" } }.sorted()
        return (numbers + placeholders.sorted() + units.sorted()).joined(separator: "\n")
    }
}

/// Reads `thresholds.yaml` and the dictionaries.
struct RuleParameterReader: ~Copyable {
    private(set) var result = RuleParameters()
    private(set) var problems: [YamlProblem] = []

    mutating func read(_ text: String, file: String) {
        var reader = YamlReader(file: file)
        defer { problems += reader.problems }
        guard let top = reader.parse(text) else { return }
        let keys = reader.mapping(top, known: ["thresholds", "placeholders", "units"])
        if let value = keys["thresholds"] {
            for entry in reader.list(value) { readThreshold(entry, &reader) }
        }
        if let value = keys["placeholders"] {
            result.placeholders.formUnion(reader.list(value).compactMap { reader.text($0)?.lowercased() })
        }
        if let value = keys["units"] { result.units.formUnion(reader.list(value).compactMap { reader.text($0) }) }
    }

    private mutating func readThreshold(_ entry: YamlValue, _ reader: inout YamlReader) {
        let keys = reader.mapping(entry, known: ["name", "value", "since", "author", "reason"])
        for name in ["name", "value", "since", "author", "reason"] where keys[name] == nil {
            reader.complain(at: entry, "'\(name)' is missing: every threshold says who set it, when and why")
        }
        guard let name = keys["name"].flatMap({ reader.text($0) }),
            let number = keys["value"], let value = reader.text(number),
            let day = keys["since"], let since = reader.text(day)
        else { return }
        guard CalendarDay(since) != nil else {
            reader.complain(at: day, "'\(since)' is not a day", hint: "2025-01-31")
            return
        }
        let bytes = Array(value.utf8)
        guard case .value = NumberReading(bytes.span, decimals: 4, limit: Int64.max / 10) else {
            reader.complain(at: number, "'\(value)' is not a number")
            return
        }
        result.thresholds[name, default: [:]][since] = value
        if let author = keys["author"].flatMap({ reader.text($0) }),
            let reason = keys["reason"].flatMap({ reader.text($0) })
        {
            result.thresholdNotes[name, default: [:]][since] = ThresholdNote(author: author, reason: reason)
        }
    }
}
