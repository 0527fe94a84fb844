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
        return of(parts)
    }

    /// The same over any texts; each is followed by a NUL, so that none runs into the next.
    static func of(_ parts: [String]) -> String {
        var hasher = SHA256Hasher()
        for part in parts { hasher.update(Array(part.utf8) + [0]) }
        return String(SHA256Digest(bytes: hasher.finish()).hex.prefix(16))
    }
}
