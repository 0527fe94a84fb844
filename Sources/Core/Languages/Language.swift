/// A language that people read.
public enum Language: String, CaseIterable, Sendable, Codable {
    /// Simplified Chinese.
    case chinese = "zh"
    /// English.
    case english = "en"

    /// The language of a locale name such as `zh_CN.UTF-8`; English for everything that is not Chinese.
    public init(locale: String) {
        self = locale.lowercased().hasPrefix("zh") ? .chinese : .english
    }
}

/// The same sentence in both languages.
public struct Phrase: Sendable, Hashable, Codable {
    /// Simplified Chinese.
    public let chinese: String
    /// English.
    public let english: String

    /// A sentence in both languages.
    public init(_ chinese: String, _ english: String) {
        self.chinese = chinese
        self.english = english
    }

    /// The sentence in one language.
    public subscript(language: Language) -> String {
        switch language {
        case .chinese: chinese
        case .english: english
        }
    }

    /// The sentence with `${name}` replaced by values; a placeholder without a value stays as it is.
    public func filled(_ language: Language, _ values: [String: String]) -> String {
        Phrase.fill(self[language], values)
    }

    static func fill(_ template: String, _ values: [String: String]) -> String {
        guard template.contains("${") else { return template }
        var result = ""
        var rest = template[...]
        while let start = rest.firstRange(of: "${") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                return result + rest[start.lowerBound...]
            }
            let name = String(rest[start.upperBound..<end])
            result += values[name] ?? "${\(name)}"
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }
}
