/// A mistake in a YAML file: where, what, and what to do.
public struct YamlProblem: Error, Sendable, Hashable {
    /// The file as the user named it.
    public var file: String
    /// From 1.
    public var line: Int
    /// From 1.
    public var column: Int
    /// What is wrong.
    public var message: String
    /// What to do, where that is known.
    public var hint: String?

    /// A mistake.
    public init(file: String, line: Int, column: Int, message: String, hint: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.hint = hint
    }
}

extension YamlProblem: CustomStringConvertible {
    /// `file:line:column: error: message`, and the hint on a line of its own.
    public var description: String {
        "\(file):\(line):\(column): error: \(message)" + (hint.map { "\n  hint: \($0)" } ?? "")
    }
}
