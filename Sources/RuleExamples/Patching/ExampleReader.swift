internal import Core
internal import Rules

/// Reads the pieces of one example, with an error at the place of whatever is not understood.
struct ExampleReader {
    let example: RuleExample

    func fail(_ message: String, at node: ExampleNode) -> ExampleError { ExampleError(message, at: node, of: example) }

    func entries(_ node: ExampleNode) throws(ExampleError) -> [ExampleNode.Entry] {
        switch node.content {
        case .mapping(let entries): return entries
        // `fails:` with nothing behind it changes nothing.
        case .text(""), .text("~"), .text("null"): return []
        case .text, .list: throw fail("keys and values are expected here", at: node)
        }
    }

    func text(_ node: ExampleNode) throws(ExampleError) -> String {
        guard case .text(let text) = node.content else { throw fail("one value is expected here", at: node) }
        return text
    }

    /// The elements of a list; one value stands for a list of one.
    func list(_ node: ExampleNode) -> [ExampleNode] {
        if case .list(let nodes) = node.content { nodes } else { [node] }
    }

    func number(_ node: ExampleNode, in range: ClosedRange<Int>) throws(ExampleError) -> Int {
        guard let number = Int(try text(node)), range.contains(number) else {
            throw fail("a whole number from \(range.lowerBound) to \(range.upperBound) is expected here", at: node)
        }
        return number
    }

    func flag(_ node: ExampleNode) throws(ExampleError) -> Bool {
        switch try text(node) {
        case "true": return true
        case "false": return false
        default: throw fail("true or false is expected here", at: node)
        }
    }

    func day(_ node: ExampleNode) throws(ExampleError) -> CalendarDay {
        guard let day = CalendarDay(try text(node)) else { throw fail("a day is expected here: 2026-01-31", at: node) }
        return day
    }

    func period(_ node: ExampleNode) throws(ExampleError) -> Period {
        guard let period = Period(try text(node)) else {
            throw fail("a period is expected here: 2025, 2025Q3 or 2025-07", at: node)
        }
        return period
    }

    func unknown(_ entry: ExampleNode.Entry, known: [String]) -> ExampleError {
        fail("'\(entry.key)' is not known here; known: \(known.joined(separator: ", "))", at: entry.value)
    }
}
