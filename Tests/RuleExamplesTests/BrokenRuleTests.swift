import Core
import RuleExamples
import Rules
import Testing

@Suite struct `Broken rules` {
    private func folder(_ second: String, thresholds: String? = nil) -> [RuleBook.File] {
        let base = SmallFolder()
        var files = [RuleBook.File(name: "precheck/C.yaml", text: base.rule + second)]
        if let thresholds { files.append(RuleBook.File(name: "thresholds.yaml", text: thresholds)) }
        return files
    }

    private static let good = """
            dimension: record
            tables: [usage]
            title: {zh: 甲, en: A}
            message: {zh: 乙, en: B}
            remedy: {zh: 丙, en: C}
        """

    @Test(arguments: [
        ("severity: eror", "precheck/C.yaml:16:15: error: 'rules[1].severity' is 'eror'"),
        ("severity: error\n    sevrity: x", "precheck/C.yaml:17:5: error: unknown key"),
        ("severity: error\n    condition: \"amount >\"\n    column: amount", "precheck/C.yaml:17:"),
        ("severity: error\n    condition: \"amonut > 1\"\n    column: amount", "precheck/C.yaml:17:17: error:"),
        ("severity: error\n    condition: \"amount > :F99.x\"\n    column: amount", "precheck/C.yaml:17:26: error:"),
        ("severity: error\n    condition: \"amount > 'a'\"\n    column: amount", "precheck/C.yaml:17:"),
        ("severity: error\n    condition: \"amount > 1\"\n    column: amonut", "precheck/C.yaml:18:13: error:"),
        ("severity: error\n    since: tomorrow", "precheck/C.yaml:17:12: error: 'tomorrow' is not a day"),
    ])
    func `each has its file, line and column, and is left out when asked`(_ keys: String, _ place: String) throws {
        let files = folder("  - id: F99\n    \(keys)\n\(Self.good)\n")
        let error = #expect(throws: RuleFolderError.self) { try RuleBook(files: files) }
        #expect(error?.problems.first?.hasPrefix(place) == true, "\(String(describing: error))")
        let book = try RuleBook.skippingBroken(files)
        #expect(book.rules.keys.map(\.rawValue) == ["C19"])
        #expect(book.leftOut.map(\.name) == ["F99"])
        #expect(book.silent == ["F99"])
        #expect(RuleSetName.leftOut(of: book.hash) == ["F99"])
    }

    @Test func `a rule that stands twice is left out the second time`() throws {
        let files = folder("  - id: C19\n    severity: error\n\(Self.good)\n")
        let book = try RuleBook.skippingBroken(files)
        #expect(book.rules["C19"]?.title.english == "Factor")
        #expect(book.leftOut.map(\.name) == ["C19"])
    }

    @Test func `a threshold with a mistake takes the rules along that name it`() throws {
        let rule = "severity: error\n    condition: \"amount > :F99.x\"\n    column: amount"
        let files = folder(
            "  - id: F99\n    \(rule)\n\(Self.good)\n",
            thresholds: """
                thresholds:
                  - {name: F99.x, value: many, since: 2025-01-01, author: a, reason: b}
                  - {name: C19.x, value: "1", since: 2025-01-01, author: a, reason: b}
                """)
        let book = try RuleBook.skippingBroken(files)
        #expect(book.leftOut.map(\.name) == ["F99", "thresholds.yaml"])
        #expect(book.parameters.thresholds.keys.sorted() == ["C19.x"])
    }

    @Test func `a file that is not YAML cannot be skipped`() {
        #expect(throws: RuleFolderError.self) {
            try RuleBook.skippingBroken([RuleBook.File(name: "precheck/C.yaml", text: "rules: [")])
        }
    }

    @Test func `nothing is said by a rule that was left out, but no broken cell passes`() async throws {
        let files = try ProjectRules.files().map { file in
            var file = file
            file.text = file.text.replacing("- id: C21\n    severity: warning", with: "- id: C21\n    severity: wrning")
                .replacing("- id: C16\n    severity: error", with: "- id: C16\n    severity: eror")
            return file
        }
        let book = try RuleBook.skippingBroken(files)
        #expect(book.leftOut.map(\.name).sorted() == ["C16", "C21"])
        #expect(book.silent == ["C21"])
        let suite = try RuleExampleSuite(
            rules: book,
            files: [
                RuleBook.File(
                    name: "examples/C.yaml",
                    text: """
                        examples:
                          C19:
                            - fails: {catalogue: {conversion_factor: "0"}}
                            - passes: {catalogue: {conversion_factor: "10001"}, usage: {amount: 一千}}
                        """)
            ])
        let outcomes = try await suite.runPrecheck()
        #expect(outcomes.allSatisfy { $0.holds })
        let others = outcomes.last?.others ?? []
        #expect(!others.contains("C21"))
        #expect(others.contains("C16"))
    }
}

@Suite struct `Differences of rule folders` {
    @Test func `white space and comments are none`() throws {
        let base = SmallFolder()
        var other = base
        other.rule = "# A comment\n" + base.rule.replacing("severity: error", with: "severity:   error  # why")
        let (a, b) = (try RuleBook(files: base.files), try RuleBook(files: other.files))
        #expect(a.hash == b.hash)
        #expect(RuleDifference(from: a, to: b).isEmpty)
    }

    @Test(arguments: [
        ("severity: error", "severity: warning", ["severity"]),
        ("dimension: record", "dimension: organization", ["dimension", "judged_by"]),
        ("factor ${value}", "the factor ${value}", ["message"]), ("en: mend", "en: repair", ["remedy"]),
        ("tables: [catalogue]", "tables: [usage]", ["tables"]),
    ])
    func `what a rule says changes its hash`(_ old: String, _ new: String, _ keys: [String]) throws {
        let base = SmallFolder()
        var other = base
        other.rule = base.rule.replacing(old, with: new)
        let difference = RuleDifference(from: try RuleBook(files: base.files), to: try RuleBook(files: other.files))
        #expect(difference.changed.map(\.keys) == [keys])
        #expect(difference.changed.allSatisfy { $0.hashes.before != $0.hashes.after })
    }

    @Test func `who wrote it and why changes no judgement`() throws {
        let base = SmallFolder()
        var other = base
        other.rule = base.rule.replacing("a reason", with: "a better reason")
        let difference = RuleDifference(from: try RuleBook(files: base.files), to: try RuleBook(files: other.files))
        #expect(difference.changed.map(\.keys) == [["reason"]])
        #expect(difference.changed.allSatisfy { $0.hashes.before == $0.hashes.after })
    }

    @Test func `thresholds are told by name and day`() throws {
        func book(_ value: String) throws -> RuleBook {
            let text = "thresholds:\n  - {name: C19.x, value: \"\(value)\", since: 2025-01-01, author: a, reason: b}\n"
            return try RuleBook(files: SmallFolder().files + [RuleBook.File(name: "thresholds.yaml", text: text)])
        }
        let difference = RuleDifference(from: try book("1"), to: try book("2"))
        #expect(
            difference.thresholds.map { "\($0.name) \($0.since) \($0.before ?? "") \($0.after ?? "")" }
                == ["C19.x 2025-01-01 1 2"])
        #expect(difference.changed.isEmpty)
    }
}
