internal import Core
internal import Yaml

/// Reads who wrote a rule, since when and why, and its examples. Author and day may stand once for a whole file.
enum RuleOriginReader {
    /// What a file says for all its rules.
    static func shared(_ keys: [String: YamlValue], _ reader: inout YamlReader) -> RuleOrigin {
        var origin = RuleOrigin()
        origin.file = reader.file
        origin.author = keys["author"].flatMap { reader.text($0) }
        origin.since = keys["since"].flatMap { day($0, &reader) }
        if let letter = keys["group"].flatMap({ reader.text($0) }),
            let title = keys["title"].flatMap({ RuleExampleReader.phrase($0, &reader) })
        {
            origin.group = (letter, title)
        }
        return origin
    }

    /// Adds to a rule what its own entry says.
    static func complete(
        _ rule: inout Rule, _ entry: YamlValue, _ shared: RuleOrigin, _ reader: inout YamlReader
    ) {
        rule.origin = shared
        rule.origin.line = entry.line
        rule.origin.column = entry.column
        guard case .mapping(let pairs) = reader.shape(of: entry) else { return }
        for (key, value) in pairs {
            switch key {
            case "author": rule.origin.author = reader.text(value)
            case "since": rule.origin.since = day(value, &reader)
            case "reason": rule.origin.reason = RuleExampleReader.phrase(value, &reader)
            case "examples": rule.examples = RuleExampleReader.examples(value, of: rule.id, &reader)
            default: break
            }
        }
    }

    private static func day(_ value: YamlValue, _ reader: inout YamlReader) -> CalendarDay? {
        guard let text = reader.text(value) else { return nil }
        guard let day = CalendarDay(text) else {
            reader.complain(at: value, "'\(text)' is not a day", hint: "2025-01-31")
            return nil
        }
        return day
    }
}
