public import Core

/// A rule of the catalogue: what is wrong, how much it weighs, and what people are told.
public struct Rule: Sendable, Hashable {
    /// How far one looks to judge it.
    public enum Dimension: String, Sendable, CaseIterable {
        case record, organization, province, global
    }

    /// Its name for ever.
    public var id: RuleID
    /// Before or after the load.
    public var stage: Finding.Stage
    /// What its findings weigh, where the check does not know better.
    public var severity: Severity
    /// How far one looks.
    public var dimension: Dimension
    /// The tables it speaks of.
    public var tables: [DataTable]
    /// Its name for people.
    public var title: Phrase
    /// The sentence of a finding.
    public var message: Phrase
    /// What the hospital should do.
    public var remedy: Phrase
    /// The code a nation or province gives it.
    public var externalCode: String?
    /// Changes when the rule's content changes, not when its layout does.
    public var hash: String

    /// Who decides whether it is broken.
    public var judge = Judge.reader
    /// What is wrong with a row; empty where code decides.
    public var conditions: [RuleCondition] = []
    /// Where its findings weigh less.
    public var softening: Softening?
    /// What it cannot be judged without; `nil` where its conditions say so themselves.
    public var needs: [RuleNeed]?
    /// For whom it is.
    public var scope = RuleScope()
    /// Findings of these rules on the same record or drug are consequences of this one's.
    public var explains: [RuleID] = []
    /// Where it comes from: who wrote it, since when, why. Lint wants all of it; a run does not.
    public var origin = RuleOrigin()
    /// Examples that stand in the rule itself; others are in `Rules/examples`.
    public var examples: [RuleExample] = []

    /// As the store keeps it.
    public var stored: StoredRule {
        StoredRule(
            id: id, hash: hash, stage: stage, severity: severity, title: title, message: message, remedy: remedy)
    }
}

/// Who wrote a rule, since when it is in force, why it is so, and where it stands.
public struct RuleOrigin: Sendable, Hashable {
    /// Who wrote it.
    public var author: String?
    /// The first day it was in force.
    public var since: CalendarDay?
    /// Why it is so, and why its default thresholds are what they are.
    public var reason: Phrase?
    /// Its group, `C`, and what the group is called.
    public var group: (letter: String, title: Phrase)? {
        get { groupLetter.flatMap { letter in groupTitle.map { (letter, $0) } } }
        set { (groupLetter, groupTitle) = (newValue?.letter, newValue?.title) }
    }
    /// Its file, as the rule folder names it.
    public var file = ""
    /// From 1.
    public var line = 1
    /// From 1.
    public var column = 1
    private var groupLetter: String?
    private var groupTitle: Phrase?

    /// An origin of which nothing is known.
    public init() {}

    /// `file:line:column`.
    public var place: String { "\(file):\(line):\(column)" }
}
