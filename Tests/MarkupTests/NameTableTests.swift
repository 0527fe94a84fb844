import Markup
import Testing

struct NameTableTests {
    private func number(_ name: [UInt8], in table: inout NameTable) -> Int { table.number(of: name.span) }

    @Test func `every name keeps its number, in any order`() {
        var table = NameTable(maximumCount: 1_000, maximumBytes: 10)
        let names = (0..<500).map { Array("n\($0)".utf8) }
        for (expected, name) in names.enumerated() { #expect(number(name, in: &table) == expected) }
        for round in 0..<3 {
            for step in 0..<500 {
                let expected = (step * 7 + round) % 500
                #expect(number(names[expected], in: &table) == expected)
                #expect(table.string(of: expected) == "n\(expected)")
            }
        }
        #expect(table.count == 500)
    }

    @Test func `what is too long or too many has no number, and the known ones keep theirs`() {
        var table = NameTable(maximumCount: 2, maximumBytes: 3)
        #expect(number([1, 2, 3, 4], in: &table) == NameTable.none)
        #expect(number([1], in: &table) == 0)
        #expect(number([], in: &table) == 1)
        #expect(number([2], in: &table) == NameTable.none)
        #expect(number([1], in: &table) == 0)
    }
}
