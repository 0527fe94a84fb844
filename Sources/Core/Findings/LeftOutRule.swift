/// A rule that was left out because its file has a mistake: nothing is judged by it, and every report says so.
public struct LeftOutRule: Sendable, Hashable {
    /// The rule, where its entry still says which; or the file.
    public var name: String
    /// Its first mistake, with file, line and column.
    public var problem: String

    /// A rule that was left out.
    public init(name: String, problem: String) {
        self.name = name
        self.problem = problem
    }

    /// The rule's id; `nil` where its entry does not say which it is.
    public var rule: RuleID? { name.count == 3 ? RuleID(name) : nil }
}

/// The name of a rule set of which rules were left out: it stands with every submission they might have judged, so that
/// any later report can say so.
public enum RuleSetName {
    private static let mark = "-without-"

    /// The name of a set without some of its rules.
    public static func leaving(_ names: [String], outOf hash: String) -> String {
        names.isEmpty ? hash : hash + mark + Set(names).sorted().joined(separator: "+")
    }

    /// What was left out of a set, by its name.
    public static func leftOut(of name: String) -> [String] {
        guard let range = name.firstRange(of: mark) else { return [] }
        return name[range.upperBound...].split(separator: "+").map(String.init)
    }
}
