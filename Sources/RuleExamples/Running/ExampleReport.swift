public import Core
public import Rules

/// What came of one example.
public struct ExampleOutcome: Sendable {
    /// The example.
    public var example: RuleExample
    /// Its position among the examples of its rule, from 1.
    public var number: Int
    /// What is wrong with it; `nil` where it does what it says.
    public var problem: Phrase?
    /// The rule's own findings.
    public var findings: [Finding]
    /// Other rules that spoke, each once.
    public var others: [RuleID]

    /// Whether the example does what it says.
    public var holds: Bool { problem == nil }
}

/// What came of all examples of a rule set.
public struct ExampleReport: Sendable {
    /// A rule that lacks something a rule must have.
    public struct Lack: Sendable, Hashable {
        /// The rule.
        public var rule: RuleID
        /// Where it stands.
        public var place: String
        /// What it lacks.
        public var phrase: Phrase
    }

    /// Each example.
    public var outcomes: [ExampleOutcome] = []
    /// Rules without examples of both kinds, author, day or reason.
    public var lacks: [Lack] = []
    /// Whether examples notice a negated condition; `nil` where that was not tried.
    public var mutations: MutationOutcome?
    /// Rules of which an example was run.
    public var rules: Set<RuleID> { Set(outcomes.map(\.example.rule)) }
    /// Whether everything is as it should be.
    public var isClean: Bool {
        lacks.isEmpty && outcomes.allSatisfy(\.holds) && mutations?.unnoticed.isEmpty ?? true
    }

    /// A report of nothing.
    public init() {}
}
