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
        var rest = template.utf8[...]
        guard var start = opening(in: rest) else { return template }
        var result = ""
        while true {
            let name = template.utf8.index(start, offsetBy: 2)
            guard let end = rest[name...].firstIndex(of: UInt8(ascii: "}")) else { return result + Substring(rest) }
            result += Substring(rest[..<start])
            let own = String(Substring(rest[name..<end]))
            result += values[own] ?? "${\(own)}"
            rest = rest[template.utf8.index(after: end)...]
            guard let next = opening(in: rest) else { return result + Substring(rest) }
            start = next
        }
    }

    /// Where the next `${` stands.
    private static func opening(in text: Substring.UTF8View) -> String.Index? {
        var from = text.startIndex
        while let dollar = text[from...].firstIndex(of: UInt8(ascii: "$")) {
            from = text.index(after: dollar)
            if from < text.endIndex, text[from] == UInt8(ascii: "{") { return dollar }
        }
        return nil
    }
}
