import Core
import Rules
import Testing

@Suite struct `A condition in a rule file` {
    private static let good = """
        stage: precheck
        group: F
        title: {zh: 组, en: group}
        rules:
          - id: F01
            severity: error
            dimension: record
            tables: [usage]
            title: {zh: 题, en: title}
            message: {zh: 话, en: message}
            remedy: {zh: 办法, en: remedy}
            condition: "amount > :F01.most AND pack_quantity * catalogue.conversion_factor <> dose_quantity"
            column: amount
            shows: {most: ':F01.most'}
        """

    private static let thresholds =
        "thresholds:\n  - {name: F01.most, value: 1, since: 2025-01-01, author: a, reason: r}\n"

    private func book(_ text: String) throws -> RuleBook {
        try RuleBook(files: [
            RuleBook.File(name: "precheck/F.yaml", text: text),
            RuleBook.File(name: "thresholds.yaml", text: Self.thresholds),
        ])
    }

    @Test func `is read in its one spelling`() throws {
        let rule = try #require(try book(Self.good).rules["F01"])
        #expect(rule.judge == .condition)
        #expect(
            rule.conditions.map(\.expression) == [
                "amount > :F01.most AND pack_quantity * catalogue.conversion_factor <> dose_quantity"
            ])
        #expect(rule.conditions.first?.column == "amount")
        #expect(rule.conditions.first?.shows.map(\.name) == ["most"])
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        var name: String
        var replacing: String
        var with: String
        var problem: String
        var testDescription: String { name }
    }

    static let mistakes = [
        Mistake(
            name: "a column that does not exist", replacing: "\"amount > ", with: "\"amuont > ",
            problem:
                "precheck/F.yaml:12:17: error: there is no column 'amuont' (in usage)\n  hint: did you mean 'amount'?"),
        Mistake(
            name: "a column that one of the tables does not have", replacing: "[usage]", with: "[usage, stock_out]",
            problem: "precheck/F.yaml:12:17: error: there is no column 'amount' (in stock_out)"),
        Mistake(
            name: "a relation that is not joined to the table", replacing: "catalogue.conversion",
            with: "campaign.conversion",
            problem: "precheck/F.yaml:12:56: error: there is no column 'campaign.conversion_factor' (in usage)"),
        Mistake(
            name: "a wrong type", replacing: "<> dose_quantity", with: "<> product_name",
            problem: "precheck/F.yaml:12:"),
        Mistake(
            name: "a threshold that does not exist", replacing: ":F01.most AND", with: ":F01.mots AND",
            problem:
                "precheck/F.yaml:12:26: error: there is no threshold 'F01.mots' (in usage)\n  hint: did you mean 'F01.most'?"
        ),
        Mistake(
            name: "a syntax error", replacing: "> :F01.most", with: "> > :F01.most",
            problem: "precheck/F.yaml:12:26: error: expected"),
        Mistake(
            name: "no column", replacing: "    column: amount\n", with: "",
            problem: "precheck/F.yaml:12:16: error: 'column' is missing: where a finding of this condition points"),
        Mistake(
            name: "a place that is none", replacing: "column: amount", with: "column: amuont",
            problem: "precheck/F.yaml:13:13: error: usage has no column 'amuont'\n  hint: did you mean 'amount'?"),
        Mistake(
            name: "a number for a condition",
            replacing: "\"amount > :F01.most AND pack_quantity * catalogue.conversion_factor <> dose_quantity\"",
            with: "amount + 1",
            problem: "precheck/F.yaml:12:23: error: expected a condition (true or false), found a number (in usage)"),
        Mistake(
            name: "a mistake in what is shown", replacing: "{most: ':F01.most'}", with: "{most: 'round(amuont)'}",
            problem: "precheck/F.yaml:14:26: error: there is no column 'amuont' (in usage)"),
        Mistake(
            name: "two judges", replacing: "column: amount", with: "column: amount\n    judged_by: reader",
            problem: "precheck/F.yaml:14:16: error: a rule has either 'condition' or 'judged_by'"),
        Mistake(
            name: "a consequence that does not exist", replacing: "column: amount",
            with: "column: amount\n    explains: [P99]",
            problem: "precheck/F.yaml:5:5: error: 'explains' names rule P99, which does not exist"),
        Mistake(
            name: "a level that is none", replacing: "column: amount", with: "column: amount\n    scope: {levels: [4]}",
            problem: "precheck/F.yaml:14:22: error: '4' is no level of institutions"),
        Mistake(
            name: "a mistake in a text over several lines",
            replacing: "\"amount > :F01.most AND pack_quantity * catalogue.conversion_factor <> dose_quantity\"",
            with: "|\n      amount > :F01.most\n        AND pack_quantty > 0",
            problem: "precheck/F.yaml:14:13: error: there is no column 'pack_quantty'"),
    ]

    @Test(arguments: mistakes) func `that is wrong is told with its place and what to do`(mistake: Mistake) throws {
        let text = Self.good.replacing(mistake.replacing, with: mistake.with)
        #expect(text != Self.good)
        let error = #expect(throws: RuleFolderError.self) { try book(text) }
        #expect(error?.problems.contains { $0.hasPrefix(mistake.problem) } == true, "\(error?.description ?? "")")
    }

    @Test func `changes the rule's hash when it changes, and not when only its layout does`() throws {
        func hash(_ replacing: String, _ with: String) throws -> String? {
            try book(Self.good.replacing(replacing, with: with)).rules["F01"]?.hash
        }
        let plain = try book(Self.good).rules["F01"]?.hash
        #expect(try hash("amount > :F01.most AND", "(AMOUNT  >  :F01.most) and") == plain)
        #expect(try hash("<> dose_quantity", "= dose_quantity") != plain)
        #expect(try hash("column: amount", "column: pack_quantity") != plain)
        #expect(try hash("{most: ':F01.most'}", "{most: '1'}") != plain)
        #expect(try hash("column: amount", "column: amount\n    scope: {periods: [year]}") != plain)
    }
}
