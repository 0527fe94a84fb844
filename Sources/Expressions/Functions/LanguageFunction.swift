/// The functions of the language.
enum LanguageFunction: String, CaseIterable, Sendable {
    case coalesce, nullif, greatest, least
    case abs, round
    case length, lower, upper, trim, substring, left, right
    case organizationCheck = "org_code_check"
    case standardCheck = "standard_code_check"
    case creditCheck = "credit_code_check"
    case similarity
    case canonicalText = "canonical_text"

    /// SQL's own functions in capitals, ours as they are.
    var spelling: String {
        switch self {
        case .organizationCheck, .standardCheck, .creditCheck, .similarity, .canonicalText: rawValue
        default: rawValue.uppercased()
        }
    }

    /// How many arguments it takes.
    var argumentCount: ClosedRange<Int> {
        switch self {
        case .coalesce, .greatest, .least: 1...Int.max
        case .nullif, .left, .right, .similarity: 2...2
        case .round: 1...2
        case .substring: 2...3
        case .abs, .length, .lower, .upper, .trim, .organizationCheck, .standardCheck, .creditCheck, .canonicalText:
            1...1
        }
    }
}
