/// A place in the text of an expression.
public struct SourcePosition: Sendable, Hashable {
    /// The line, from 1.
    public var line: Int
    /// The character in its line, from 1; Unicode characters, not bytes.
    public var column: Int

    /// A place.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}

extension SourcePosition: CustomStringConvertible {
    /// `3:14`
    public var description: String { "\(line):\(column)" }
}
