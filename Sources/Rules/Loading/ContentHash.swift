internal import Core
internal import Digests

/// A name for what a rule says, so that a result can be tied to the rule as it was.
enum ContentHash {
    /// The first 16 hexadecimal digits of the SHA-256 over the rule's parts; layout of the file does not matter.
    static func of(_ rule: Rule) -> String {
        let parts = [
            rule.id.rawValue, rule.stage.rawValue, rule.severity.rawValue, rule.dimension.rawValue,
            rule.tables.map(\.rawValue).joined(separator: ","), rule.title.chinese, rule.title.english,
            rule.message.chinese, rule.message.english, rule.remedy.chinese, rule.remedy.english,
            rule.externalCode ?? "",
        ]
        return of(parts + judgement(of: rule))
    }

    /// What decides whether a rule is broken, each part with its name. Expressions are in their one spelling.
    private static func judgement(of rule: Rule) -> [String] {
        var parts = ["judge=\(rule.judge.rawValue)"]
        for condition in rule.conditions {
            parts.append("condition=\(condition.column):\(condition.expression)")
            parts += condition.shows.map { "show=\($0.name):\($0.expression)" }
        }
        if let softening = rule.softening {
            parts.append("softened=\(softening.severity.rawValue):\(softening.expression)")
        }
        if let needs = rule.needs { parts += ["needs="] + needs.map(\.rawValue).sorted() }
        parts += rule.scope.levels.sorted().map { "level=\($0)" }
        parts += rule.scope.periods.map(\.rawValue).sorted().map { "period=\($0)" }
        return parts + rule.explains.sorted().map { "explains=\($0)" }
    }

    /// The same over any texts; each is followed by a NUL, so that none runs into the next.
    static func of(_ parts: [String]) -> String {
        var hasher = SHA256Hasher()
        for part in parts { hasher.update(Array(part.utf8) + [0]) }
        return String(SHA256Digest(bytes: hasher.finish()).hex.prefix(16))
    }
}
