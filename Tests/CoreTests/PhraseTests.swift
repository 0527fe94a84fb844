import Core
import Testing

@Suite struct `A sentence with placeholders` {
    @Test(arguments: [
        ("nothing to fill", "nothing to fill"), ("${a}", "1"), ("${a}${b}!", "1药!"),
        ("价 ${b} $ { ${a} ${", "价 药 $ { 1 ${"),
        ("${unknown} and ${a}", "${unknown} and 1"), ("$${a}", "$1"), ("${a", "${a"), ("${}", "${}"), ("", ""),
    ])
    func `has its values where they belong and all else as it stands`(template: String, filled: String) {
        let values = ["a": "1", "b": "药"]
        #expect(Phrase(template, "").filled(.chinese, values) == filled)
        #expect(Phrase("", template).filled(.english, values) == filled)
    }
}
