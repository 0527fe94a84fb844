import Core
import Rules
import TestNight
import Testing

@Suite struct `The rule folder` {
    @Test func `of the repository is read whole`() throws {
        let book = try RuleBook(files: try TestRules.files())
        #expect(book.rules.count >= 70)
        #expect(book.hash.count == 16)
        for rule in book.sorted {
            for phrase in [rule.title, rule.message, rule.remedy] {
                #expect(!phrase.chinese.isEmpty && !phrase.english.isEmpty, "\(rule.id)")
            }
            #expect(!rule.tables.isEmpty, "\(rule.id)")
        }
        #expect(Set(book.sorted.map(\.hash)).count == book.rules.count)
        #expect(book.parameters.units.contains("片"))
        #expect(book.parameters.placeholders.contains("n/a"))
    }

    private static let good = """
        stage: precheck
        group: C
        title: {zh: 组, en: group}
        rules:
          - id: C01
            severity: error
            dimension: record
            title: {zh: 题, en: title}
            message: {zh: 话, en: message}
            remedy: {zh: 办法, en: remedy}
        """

    struct Mistake: Sendable, CustomTestStringConvertible {
        var name: String
        var replacing: String
        var with: String
        var problem: String
        var testDescription: String { name }
    }

    static let mistakes = [
        Mistake(
            name: "a key that is mistyped", replacing: "severity: error", with: "severty: error",
            problem: "precheck/C.yaml:6:5: error: unknown key 'rules[0].severty'\n  hint: did you mean 'severity'?"),
        Mistake(
            name: "a word that is mistyped", replacing: "severity: error", with: "severity: eror",
            problem:
                "precheck/C.yaml:6:15: error: 'rules[0].severity' is 'eror', expected one of interrupt, error, forced, anomaly, warning, info\n  hint: did you mean 'error'?"
        ),
        Mistake(
            name: "a key that is missing", replacing: "    dimension: record\n", with: "",
            problem: "precheck/C.yaml:5:5: error: 'dimension' is missing"),
        Mistake(
            name: "a name that is none", replacing: "id: C01", with: "id: c1",
            problem:
                "precheck/C.yaml:5:9: error: 'c1' is no rule id\n  hint: a capital letter and two digits, such as C19"),
        Mistake(
            name: "one language only", replacing: "message: {zh: 话, en: message}", with: "message: {zh: 话}",
            problem: "precheck/C.yaml:9:14: error: 'rules[0].message.en' is missing"),
        Mistake(
            name: "a table that does not exist", replacing: "dimension: record",
            with: "dimension: record\n    tables: [usages]",
            problem:
                "precheck/C.yaml:8:14: error: 'rules[0].tables[0]' is 'usages', expected one of institution, catalogue, stock_in, stock_out, usage\n  hint: did you mean 'usage'?"
        ),
        Mistake(
            name: "no stage", replacing: "stage: precheck\n", with: "",
            problem: "precheck/C.yaml:1:1: error: 'stage' is missing: precheck or postcheck"),
        Mistake(
            name: "no YAML at all", replacing: "title: {zh: 组, en: group}", with: "title: {zh: 组, en: ",
            problem: "precheck/C.yaml:"),
    ]

    @Test(arguments: mistakes) func `says where a mistake is and what to do`(mistake: Mistake) throws {
        let text = Self.good.replacing(mistake.replacing, with: mistake.with)
        #expect(text != Self.good)
        let error = #expect(throws: RuleFolderError.self) {
            try RuleBook(files: [RuleBook.File(name: "precheck/C.yaml", text: text)])
        }
        #expect(error?.problems.contains { $0.hasPrefix(mistake.problem) } == true, "\(error?.description ?? "")")
    }

    @Test func `tells all mistakes at once and knows a rule that stands twice`() throws {
        let other = Self.good.replacing("severity: error", with: "severity: none")
        let error = #expect(throws: RuleFolderError.self) {
            try RuleBook(files: [
                RuleBook.File(name: "precheck/A.yaml", text: Self.good),
                RuleBook.File(name: "precheck/B.yaml", text: Self.good),
                RuleBook.File(name: "precheck/C.yaml", text: other),
                RuleBook.File(
                    name: "thresholds.yaml",
                    text: "thresholds:\n  - {name: a, value: 1x, since: 2025-01-01, author: a, reason: r}\n"),
            ])
        }
        let problems = try #require(error).problems
        #expect(problems.contains("precheck/B.yaml:5:5: error: rule C01 stands already in precheck/A.yaml:5"))
        #expect(problems.contains { $0.hasPrefix("precheck/C.yaml:6:15") })
        #expect(problems.contains { $0.hasPrefix("thresholds.yaml:2:") && $0.contains("'1x' is not a number") })
    }

    @Test func `refuses thresholds that nobody answers for, or of no day`() throws {
        let error = #expect(throws: RuleFolderError.self) {
            try RuleBook(files: [
                RuleBook.File(
                    name: "thresholds.yaml",
                    text: """
                        thresholds:
                          - {name: a, value: 1, since: 2025-01-01}
                          - {name: b, value: 1, since: 2025-02-30, author: a, reason: r}
                        """)
            ])
        }
        let problems = try #require(error).problems
        #expect(problems.filter { $0.contains("'author' is missing") || $0.contains("'reason' is missing") }.count == 2)
        #expect(problems.contains { $0.contains("thresholds.yaml:3:") && $0.contains("'2025-02-30' is not a day") })
    }

    @Test func `applies a threshold from its day on`() throws {
        let book = try RuleBook(files: [
            RuleBook.File(
                name: "thresholds.yaml",
                text: """
                    thresholds:
                      - {name: C27.amount, value: "100.5", since: 2025-01-01, author: a, reason: r}
                      - {name: C27.amount, value: "200", since: 2025-07-01, author: a, reason: r}
                    """)
        ])
        func amount(_ day: String) -> Int64 {
            book.parameters.threshold("C27.amount", on: day, decimals: 2, default: 7)
        }
        #expect(amount("2024-12-31") == 7)
        #expect(amount("2025-01-01") == 10_050)
        #expect(amount("2025-06-30") == 10_050)
        #expect(amount("2025-07-01") == 20_000)
        #expect(book.parameters.threshold("C99", on: "2025-07-01", decimals: 2, default: 7) == 7)
    }

    @Test func `has a hash that follows what rules say and not how they are laid out`() throws {
        func book(_ text: String, _ thresholds: String = "") throws -> RuleBook {
            try RuleBook(files: [
                RuleBook.File(name: "precheck/C.yaml", text: text),
                RuleBook.File(name: "thresholds.yaml", text: thresholds),
            ])
        }
        let plain = try book(Self.good)
        let spaced = try book(
            "# a comment\n\n" + Self.good.replacing("severity: error", with: "severity:   error  # so"))
        let other = try book(Self.good.replacing("en: message", with: "en: massage"))
        let threshold = try book(
            Self.good, "thresholds:\n  - {name: a, value: 1, since: 2025-01-01, author: a, reason: r}\n")
        #expect(plain.hash == spaced.hash)
        #expect(plain.rules["C01"]?.hash == spaced.rules["C01"]?.hash)
        #expect(plain.hash != other.hash)
        #expect(plain.hash != threshold.hash)
    }

    @Test func `weighs an observation by its rule, its observer, or as an error`() throws {
        let book = try TestRules.book.get()
        #expect(book.severity(of: Observation("C13")) == .warning)
        #expect(book.severity(of: Observation("C13", severity: .info)) == .info)
        #expect(book.severity(of: Observation("Z99")) == .error)
    }
}
