internal import Rules

/// A mistake in an example: where, and what was expected.
public struct ExampleError: Error, Sendable, Hashable {
    /// Its file, as the rule folder names it.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1.
    public var column: Int
    /// What is wrong.
    public var message: String

    init(_ message: String, at node: ExampleNode, of example: RuleExample) {
        file = example.file
        line = node.line
        column = node.column
        self.message = message
    }
}

extension ExampleError: CustomStringConvertible {
    /// `file:line:column: error: message`
    public var description: String { "\(file):\(line):\(column): error: \(message)" }
}
