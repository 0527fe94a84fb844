public import Core

/// What differs between two rule folders.
public struct RuleDifference: Sendable, Hashable {
    /// A rule in both that says something else.
    public struct Change: Sendable, Hashable {
        /// The rule.
        public var rule: RuleID
        /// The keys that differ.
        public var keys: [String]
        /// Its hashes; equal where only what no result depends on differs (author, day, reason).
        public var hashes: (before: String, after: String) { (before, after) }
        private var before: String
        private var after: String

        init(rule: RuleID, keys: [String], before: String, after: String) {
            self.rule = rule
            self.keys = keys
            self.before = before
            self.after = after
        }
    }

    /// A threshold that is another on some day.
    public struct Threshold: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// The first day in force, `yyyy-MM-dd`.
        public var since: String
        /// Its value; `nil` where there is none.
        public var before: String?
        /// Its value; `nil` where there is none.
        public var after: String?
    }

    /// Rules only in the second.
    public var added: [RuleID]
    /// Rules only in the first.
    public var removed: [RuleID]
    /// Rules in both that differ.
    public var changed: [Change]
    /// Thresholds that differ.
    public var thresholds: [Threshold]
    /// Names of the dictionaries that differ.
    public var dictionaries: [String]

    /// Whether nothing differs.
    public var isEmpty: Bool {
        added.isEmpty && removed.isEmpty && changed.isEmpty && thresholds.isEmpty && dictionaries.isEmpty
    }

    /// What differs from one rule book to another.
    public init(from before: RuleBook, to after: RuleBook) {
        added = Set(after.rules.keys).subtracting(before.rules.keys).sorted()
        removed = Set(before.rules.keys).subtracting(after.rules.keys).sorted()
        changed = before.sorted.compactMap { old in
            guard let new = after.rules[old.id] else { return nil }
            let (left, right) = (old.described, new.described)
            let keys = Set(left.keys).union(right.keys).filter { left[$0] != right[$0] }.sorted()
            return keys.isEmpty ? nil : Change(rule: old.id, keys: keys, before: old.hash, after: new.hash)
        }
        var thresholds: [Threshold] = []
        let (old, new) = (before.parameters.thresholds, after.parameters.thresholds)
        for name in Set(old.keys).union(new.keys).sorted() {
            for day in Set((old[name] ?? [:]).keys).union((new[name] ?? [:]).keys).sorted()
            where old[name]?[day] != new[name]?[day] {
                thresholds.append(
                    Threshold(name: name, since: day, before: old[name]?[day], after: new[name]?[day]))
            }
        }
        self.thresholds = thresholds
        dictionaries =
            (before.parameters.placeholders == after.parameters.placeholders ? [] : ["placeholders"])
            + (before.parameters.units == after.parameters.units ? [] : ["units"])
    }
}

extension Rule {
    /// Everything a rule says, by the key it stands under. What is not set is not there.
    public var described: [String: String] {
        func both(_ phrase: Phrase) -> String { "\(phrase.chinese)\u{0}\(phrase.english)" }
        var keys = [
            "severity": severity.rawValue, "dimension": dimension.rawValue, "stage": stage.rawValue,
            "tables": tables.map(\.rawValue).joined(separator: ", "), "title": both(title), "message": both(message),
            "remedy": both(remedy),
        ]
        keys["external_code"] = externalCode
        keys["judged_by"] = judge.rawValue
        if !conditions.isEmpty {
            keys["condition"] = conditions.map { "\($0.column): \($0.expression)" }.joined(separator: "\n")
            keys["shows"] = conditions.flatMap(\.shows).map { "\($0.name): \($0.expression)" }.joined(separator: "\n")
        }
        keys["softened"] = softening.map { "\($0.severity.rawValue): \($0.expression)" }
        keys["needs"] = needs.map { $0.map(\.rawValue).joined(separator: ", ") }
        if scope != RuleScope() {
            keys["scope"] = "\(scope.levels) \(scope.periods.map(\.rawValue))"
        }
        if !explains.isEmpty { keys["explains"] = explains.map(\.rawValue).joined(separator: ", ") }
        keys["author"] = origin.author
        keys["since"] = origin.since?.description
        keys["reason"] = origin.reason.map(both)
        return keys
    }
}
