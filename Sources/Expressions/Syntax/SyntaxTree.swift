/// An expression that was read but not yet checked against columns.
public struct SyntaxTree: Sendable {
    /// The outermost part.
    public let root: SyntaxNode

    /// Reads an expression.
    public init(_ source: String) throws(ExpressionError) {
        var parser = try Parser(source)
        root = try parser.parse()
    }

    /// The expression in its one spelling: white space, letter case of keywords and needless brackets do not change it.
    /// Reading it gives the same tree. What is hashed to know whether a rule has changed.
    public var canonicalText: String { CanonicalPrinter.text(of: root) }
}
