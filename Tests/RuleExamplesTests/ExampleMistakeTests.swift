import Core
import RuleExamples
import Rules
import Testing

@Suite struct `Mistakes in examples` {
    @Test func `an example that contradicts its rule is said with what came instead`() async throws {
        var folder = SmallFolder()
        folder.examples = """
            examples:
              C19:
                - fails: {catalogue: {conversion_factor: "1"}}
                - passes: {catalogue: {conversion_factor: "-3"}}
                - fails: {catalogue: {conversion_factor: "0"}}
                  finds: {row: 2}

            """
        let outcomes = try await folder.suite().runPrecheck()
        let problems = outcomes.map { $0.problem?.english ?? "" }
        #expect(problems.count == 3)
        #expect(problems.first == "C19 was to be found and was not")
        #expect(
            problems.dropFirst().first?.hasPrefix("nothing of C19 was to be found; there are 1: catalogue, row 1")
                == true)
        #expect(problems.last?.hasPrefix("no finding of C19 is what 'finds' says, {row: 2}") == true)
        #expect(outcomes.map(\.example.line) == [3, 4, 5])
    }

    @Test(arguments: [
        ("fails: {catalog: {}}", "3:24", "'catalog' is not known here"),
        ("fails: {catalogue: {factor: \"0\"}}", "3:35", "'factor' is not known here"),
        ("fails: {catalogue: {row: 99, conversion_factor: 0}}", "3:32", "rows are 1 … 60"),
        ("fails: {usage: {amount: \"${usage.1.price}\"}}", "3:31", "names no cell"),
        ("fails: {usage: {product_name: {times: 2}}}", "3:37", "is no number to calculate with"),
        ("fails: {period: 2025Q9}", "3:23", "a period is expected"),
        ("fails: {files: {usage.csv: {encoding: EBCDIC}}}", "3:45", "an encoding is expected"),
    ])
    func `what an example does not understand has its line and column`(
        _ example: String, _ place: String, _ message: String
    ) throws {
        var folder = SmallFolder()
        folder.examples = "examples:\n  C19:\n    - \(example)\n    - passes: {}\n"
        let mistakes = try folder.suite().mistakes.map(\.description)
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.hasPrefix("examples/C.yaml:\(place): error: ") == true, "\(mistakes)")
        #expect(mistakes.first?.contains(message) == true, "\(mistakes)")
    }

    @Test(arguments: [
        ("C19: [{fail: {}}]", "examples/C.yaml:2:10: error: unknown key"),
        ("C99: [{fails: {}}]", "examples/C.yaml:2:3: error: unknown key 'examples.C99'"),
        ("C19: [{passes: {}, finds: {row: 1}}]", "examples/C.yaml:2:29: error: an example that passes finds nothing"),
        ("C19: [{fails: {}, passes: {}}]", "examples/C.yaml:2:29: error: an example either fails or passes"),
    ])
    func `a file of examples is read strictly`(_ text: String, _ beginning: String) throws {
        var folder = SmallFolder()
        folder.examples = "examples:\n  \(text)\n"
        let error = #expect(throws: RuleFolderError.self) { try folder.suite() }
        #expect(error?.problems.first?.hasPrefix(beginning) == true, "\(String(describing: error))")
    }

    @Test func `a rule without examples, author, day or reason lacks something`() throws {
        var folder = SmallFolder()
        folder.examples = "examples: {}\n"
        folder.rule = folder.rule.split(separator: "\n").filter {
            !$0.hasPrefix("author") && !$0.hasPrefix("since") && !$0.contains("reason")
        }.joined(separator: "\n")
        let lacks = try folder.suite().lacks.map(\.phrase.english)
        #expect(lacks.count == 5)
        #expect(lacks.contains("there is no example that fails"))
        #expect(lacks.contains("'reason' is missing: why it is so"))
    }
}
