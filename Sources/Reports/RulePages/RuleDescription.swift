public import Core

/// Everything a rule's page says.
public struct RuleDescription: Sendable {
    /// A number that may be changed without changing the rule.
    public struct Threshold: Sendable {
        /// Its name.
        public var name: String
        /// Its value.
        public var value: String
        /// The first day in force.
        public var since: String
        var author: String
        var reason: String

        /// A threshold.
        public init(name: String, value: String, since: String, author: String, reason: String) {
            self.name = name
            self.value = value
            self.since = since
            self.author = author
            self.reason = reason
        }
    }

    /// A condition: in words and as it is written.
    public struct Condition: Sendable {
        var words: Phrase
        var expression: String
        var column: String

        /// A condition.
        public init(words: Phrase, expression: String, column: String) {
            self.words = words
            self.expression = expression
            self.column = column
        }
    }

    /// An example of the rule, with what it changes in the small valid submission.
    public struct Example: Sendable {
        /// A cell that the example changes.
        public struct Cell: Sendable {
            var table: String
            var row: Int
            var column: Phrase
            var before: String
            var after: String

            /// A cell.
            public init(table: String, row: Int, column: Phrase, before: String, after: String) {
                self.table = table
                self.row = row
                self.column = column
                self.before = before
                self.after = after
            }
        }

        var fails: Bool
        var note: Phrase?
        var text: String
        var cells: [Cell]
        var moreCells: Int

        /// An example; `text` is as it is written.
        public init(fails: Bool, note: Phrase?, text: String, cells: [Cell], moreCells: Int) {
            self.fails = fails
            self.note = note
            self.text = text
            self.cells = cells
            self.moreCells = moreCells
        }
    }

    /// The rule as it is kept beside findings.
    public var rule: StoredRule
    /// What its group is called.
    public var group: Phrase
    /// How far it looks.
    public var dimension: Phrase
    /// The tables it speaks of.
    public var tables: [DataTable]
    /// Who wrote it, since when, why.
    public var author: String?
    /// See `author`.
    public var since: String?
    /// See `author`.
    public var reason: Phrase?
    /// The code that nation or province give it.
    public var externalCode: String?
    /// Where it is judged.
    public var judge: Phrase
    /// What is wrong with a row, where the rule's own file says it.
    public var conditions: [Condition] = []
    /// Its thresholds.
    public var thresholds: [Threshold] = []
    /// For whom it is, where not for all.
    public var scope: Phrase?
    /// What it cannot be judged without.
    public var needs: [String] = []
    /// Rules whose findings are consequences of this one's.
    public var explains: [RuleID] = []
    /// Rules whose findings may be the root of this one's.
    public var explainedBy: [RuleID] = []
    /// Its examples.
    public var examples: [Example] = []

    /// A rule of which the rest is set afterwards.
    public init(rule: StoredRule, group: Phrase, dimension: Phrase, tables: [DataTable], judge: Phrase) {
        self.rule = rule
        self.group = group
        self.dimension = dimension
        self.tables = tables
        self.judge = judge
    }
}
