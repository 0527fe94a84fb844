/// The name of a rule in the catalogue, for ever the same: `C19`.
public struct RuleID: Sendable, Hashable, Codable, ExpressibleByStringLiteral {
    /// A group letter and two digits.
    public let rawValue: String

    /// The rule with a name.
    public init(_ rawValue: String) { self.rawValue = rawValue }

    /// The rule with a name.
    public init(stringLiteral value: String) { rawValue = value }

    /// As its bare name.
    public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(String.self) }

    /// As its bare name.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }
}

extension RuleID: Comparable, CustomStringConvertible {
    /// By name.
    public static func < (lhs: RuleID, rhs: RuleID) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The name.
    public var description: String { rawValue }
}
