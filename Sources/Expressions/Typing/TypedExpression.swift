public import Core

/// An expression whose columns, thresholds, functions and types are known to be right.
public struct TypedExpression: Sendable {
    let root: TypedNode
    /// What it speaks of.
    public let schema: ExpressionSchema
    /// Positions of the columns it uses, ascending.
    public let usedColumns: [Int]
    /// Positions of the thresholds it uses, ascending.
    public let usedThresholds: [Int]
    /// The expression in its one spelling.
    public let canonicalText: String

    /// What it is.
    public var type: ValueType { root.type }
    /// How it can fail; where it is empty, no row can make the expression not evaluable.
    public var failures: Failures { root.failures }

    /// Checks an expression of any type.
    public init(_ tree: SyntaxTree, schema: ExpressionSchema) throws(ExpressionError) {
        let checker = TypeChecker(schema: schema)
        root = try checker.check(tree)
        self.schema = schema
        canonicalText = tree.canonicalText
        var columns: Set<Int> = []
        var thresholds: Set<Int> = []
        TypedExpression.collect(root, &columns, &thresholds)
        usedColumns = columns.sorted()
        usedThresholds = thresholds.sorted()
    }

    /// Reads and checks a condition: an expression that is true or false.
    public init(condition source: String, schema: ExpressionSchema) throws(ExpressionError) {
        let tree = try SyntaxTree(source)
        try self.init(tree, schema: schema)
        guard type == .boolean else {
            throw ExpressionError(
                .wrongType(found: type.name, expected: ValueType.boolean.name), at: tree.root.position)
        }
    }

    private static func collect(_ node: TypedNode, _ columns: inout Set<Int>, _ thresholds: inout Set<Int>) {
        switch node.kind {
        case .column(let position): columns.insert(position)
        case .threshold(let position): thresholds.insert(position)
        default: for child in node.children { collect(child, &columns, &thresholds) }
        }
    }
}

extension ValueType {
    /// What people call it.
    public var name: Phrase {
        switch self {
        case .text: Phrase("文本", "text")
        case .date: Phrase("日期", "a day")
        case .boolean: Phrase("条件（真假）", "a condition (true or false)")
        case .number: Phrase("数字", "a number")
        }
    }
}
