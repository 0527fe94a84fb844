import Testing
import Yaml

@Suite struct `The YAML reader` {
    private enum Word: String, CaseIterable { case one, two, three }

    @Test func `collects every mistake with its place`() throws {
        let text = """
            name: x
            coutn: 3
            words: [one, twoo]
            number: many
            list: 5
            """
        var reader = YamlReader(file: "f.yaml")
        if let top = reader.parse(text) {
            let keys = reader.mapping(top, known: ["name", "count", "words", "number", "list"])
            for value in keys["words"].map({ reader.list($0) }) ?? [] { _ = reader.choice(value, as: Word.self) }
            _ = keys["number"].flatMap { reader.integer($0, in: 1...9) }
            _ = keys["list"].map { reader.list($0) }
        }
        let shown = reader.problems.map(\.description)
        #expect(shown.contains("f.yaml:2:1: error: unknown key 'coutn'\n  hint: did you mean 'count'?"))
        #expect(
            shown.contains(
                "f.yaml:3:14: error: 'words[1]' is 'twoo', expected one of one, two, three\n  hint: did you mean 'two'?"
            ))
        #expect(shown.contains("f.yaml:4:9: error: 'number' is 'many', expected a whole number from 1 to 9"))
        #expect(shown.contains("f.yaml:5:7: error: 'list' should be a list"))
        #expect(shown.count == 4)
    }

    /// The whole file stands in the parser's own text; what is told is the key and its place.
    @Test func `says which key stands twice and nothing of the values`() {
        var reader = YamlReader(file: "f.yaml")
        let top = reader.parse("name: x\ndatabase:\n  url: secret\n  url: another\n")
        #expect(top == nil)
        let shown = reader.problems.map(\.description)
        #expect(shown == ["f.yaml:3:3: error: 'url' stands here twice"])
    }

    @Test(arguments: ["a: [", "a: {b: c", "\t- x", "a: 'x", "\u{0}", "a: b: c", "- x\ny: z"])
    func `says where text is not YAML`(text: String) {
        var reader = YamlReader(file: "f.yaml")
        let top = reader.parse(text)
        #expect(top == nil)
        let problems = reader.problems
        #expect(problems.count == 1)
        #expect(problems.allSatisfy { $0.line >= 1 && $0.column >= 1 && $0.message.hasPrefix("not YAML") })
    }

    @Test func `takes nothing for nothing`() {
        var reader = YamlReader(file: "f.yaml")
        let values = [reader.parse(""), reader.parse("# only a comment\n")]
        #expect(values.allSatisfy { $0 == nil })
        let problems = reader.problems
        #expect(problems == [])
    }

    @Test func `gives numbers and days as they are written`() throws {
        var reader = YamlReader(file: "f.yaml")
        let parsed = reader.parse("a: 0010\nb: 2025-01-01\nc: 1_000\nd: yes\n")
        let top = try #require(parsed)
        let keys = reader.mapping(top, known: ["a", "b", "c", "d"])
        let texts = keys.sorted { $0.key < $1.key }.map { reader.text($0.value) }
        #expect(texts == ["0010", "2025-01-01", "1_000", "yes"])
        let number = keys["c"].flatMap { reader.integer($0, in: 0...5000) }
        #expect(number == 1000)
    }

    @Test(
        arguments: [
            ("convertion_factor", "conversion_factor"), ("usge", "usage"), ("usage", "usage"), ("completely", nil),
            ("", nil),
        ] as [(String, String?)])
    func `knows the nearest name`(typed: String, nearest: String?) {
        #expect(Nearest.name(to: typed, in: ["conversion_factor", "usage", "stock_in"]) == nearest)
    }
}
