public import Core
internal import Yaml

/// All rules, thresholds and dictionaries of a run. It turns what readers and checks observed into findings.
public struct RuleBook: Sendable {
    /// The rules by id.
    public let rules: [RuleID: Rule]
    /// All rules by id, in order.
    public let sorted: [Rule]
    /// Thresholds and dictionaries.
    public let parameters: RuleParameters
    /// Changes when any rule, threshold or dictionary changes.
    public internal(set) var hash: String
    /// Conditions by rule and table.
    var conditions: [RuleID: [DataTable: [CheckedCondition]]]
    /// Rules before the load that code judges row by row, by table, and why one can be judged nowhere: asked for each file,
    /// so without the rest of the rules.
    let rowRules: [DataTable: [(id: RuleID, absence: NotApplicable?)]]
    /// All rules before the load, in order: every submission has a result of each.
    public let beforeLoad: [(id: RuleID, hash: String)]
    /// Rules whose entries have mistakes and were left out; only `skippingBroken` leaves any out.
    public internal(set) var leftOut: [LeftOutRule] = []
    /// What rules explain: findings of these on the same record or drug are consequences.
    public let explained: [RuleID: Set<RuleID>]
    /// For whom the rules are that are not for all.
    public let scopes: [RuleID: RuleScope]
    /// What it was read from, by name.
    public let files: [File]

    /// A file of the rule folder.
    public struct File: Sendable, Hashable, Codable {
        /// Its path below the rule folder, `precheck/C-format.yaml`.
        public var name: String
        /// Its text.
        public var text: String

        /// A file.
        public init(name: String, text: String) {
            self.name = name
            self.text = text
        }
    }

    /// Reads all files of a rule folder.
    /// - Throws: every mistake in them at once.
    public init(files: [File]) throws(RuleFolderError) { try self.init(files: files, leftOut: []) }

    /// Reads a rule folder of which some rules were taken away; others may still name those.
    init(files: [File], leftOut: Set<RuleID>) throws(RuleFolderError) {
        let files = files.sorted { $0.name < $1.name }
        self.files = files
        func holdsRules(_ file: File) -> Bool {
            file.name.hasPrefix("precheck/") || file.name.hasPrefix("postcheck/")
        }
        func holdsParameters(_ file: File) -> Bool { !holdsRules(file) && !file.name.hasPrefix("examples/") }
        // Conditions name thresholds, so these are read first.
        var parameters = RuleParameterReader()
        for file in files where holdsParameters(file) {
            parameters.read(file.text, file: file.name)
        }
        var reader = RuleFileReader(
            thresholds: parameters.result.thresholds.keys.sorted(), leftOut: leftOut)
        for file in files where holdsRules(file) { reader.read(file.text, file: file.name) }
        reader.finish()
        let problems = reader.problems + parameters.problems
        guard problems.isEmpty else { throw RuleFolderError(problems: problems.map(\.description)) }
        rules = Dictionary(uniqueKeysWithValues: reader.rules.map { ($0.id, $0) })
        self.sorted = reader.rules.sorted { $0.id < $1.id }
        conditions = reader.conditions
        explained = Dictionary(
            uniqueKeysWithValues: reader.rules.filter { !$0.explains.isEmpty }.map { ($0.id, Set($0.explains)) })
        scopes = Dictionary(
            uniqueKeysWithValues: reader.rules.filter { $0.scope != RuleScope() }.map { ($0.id, $0.scope) })
        rowRules = RuleBook.rowRules(of: reader.rules)
        beforeLoad = self.sorted.filter { $0.stage == .pre }.map { ($0.id, $0.hash) }
        self.parameters = parameters.result
        hash = ContentHash.of(self.sorted.map(\.hash) + [parameters.result.canonicalText])
    }

    private static func rowRules(of rules: [Rule]) -> [DataTable: [(id: RuleID, absence: NotApplicable?)]] {
        var found: [DataTable: [(id: RuleID, absence: NotApplicable?)]] = [:]
        for rule in rules where rule.stage == .pre && rule.dimension == .record && rule.conditions.isEmpty {
            let absence = rule.needs?.lazy.compactMap(\.reasonForAll).first
            for table in Set(rule.tables) { found[table, default: []].append((rule.id, absence)) }
        }
        return found
    }

    /// The examples of the rules: those that stand in them, and those of `examples/`, which a run never reads.
    /// - Throws: every mistake in the files of examples at once.
    public func examples(in files: [File]) throws(RuleFolderError) -> [RuleExample] {
        var examples = sorted.flatMap(\.examples)
        var problems: [YamlProblem] = []
        let known = Set(rules.keys)
        for file in files.sorted(by: { $0.name < $1.name }) where file.name.hasPrefix("examples/") {
            let (found, mistakes) = RuleExampleReader.file(file.text, name: file.name, rules: known)
            examples += found
            problems += mistakes
        }
        guard problems.isEmpty else { throw RuleFolderError(problems: problems.map(\.description)) }
        return examples.enumerated().sorted { ($0.element.rule, $0.offset) < ($1.element.rule, $1.offset) }
            .map(\.element)
    }

    /// How much an observation weighs: what its observer knows, else what its rule says. An observation whose rule is
    /// not in the folder still counts, as an error: nothing is lost because a file was forgotten.
    public func severity(of observation: Observation) -> Severity {
        observation.severity ?? rules[observation.rule]?.severity ?? .error
    }
}

/// Every mistake in a rule folder.
public struct RuleFolderError: Error, Sendable, CustomStringConvertible {
    /// One sentence each, with file, line and column.
    public let problems: [String]

    /// All of them, a line each.
    public var description: String { problems.joined(separator: "\n") }
}
