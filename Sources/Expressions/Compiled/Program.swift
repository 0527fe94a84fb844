/// Expressions as a short list of instructions over whole columns.
///
/// Several expressions over one schema make one program, which reads each column once. A program is made once and
/// shared; each thread runs it with an `Evaluator` of its own.
public struct Program: Sendable {
    /// The expressions, one or more.
    public let expressions: [TypedExpression]
    /// Positions of the columns that any of them uses, ascending.
    public let usedColumns: [Int]

    var instructions: [Instruction] = []
    /// What each expression came to.
    var results: [Register] = []
    var numberCount = 0
    var conditionCount = 0
    var textCount = 0
    var numberConstants: [(register: Int, value: Int128?)] = []
    var conditionConstants: [(register: Int, value: UInt8)] = []
    var textConstants: [(register: Int, value: [UInt8]?)] = []

    enum Bank: Sendable { case number, condition, text }

    struct Register: Sendable, Hashable {
        var bank: Bank
        var index: Int
    }

    /// Compiles an expression with the values of its thresholds.
    public init(_ expression: TypedExpression, thresholds: [String: ExpressionValue] = [:]) throws(ExpressionError) {
        try self.init([expression], thresholds: thresholds)
    }

    /// Compiles expressions over one schema with the values of their thresholds.
    public init(_ expressions: [TypedExpression], thresholds: [String: ExpressionValue] = [:]) throws(ExpressionError) {
        guard let schema = expressions.first?.schema else { preconditionFailure("a program has an expression") }
        precondition(
            expressions.allSatisfy { $0.schema.columns == schema.columns && $0.schema.thresholds == schema.thresholds },
            "the expressions of a program have one schema")
        self.expressions = expressions
        usedColumns = Set(expressions.flatMap(\.usedColumns)).sorted()
        var values: [Int: ExpressionValue] = [:]
        for position in Set(expressions.flatMap(\.usedThresholds)) {
            let threshold = schema.thresholds[position]
            guard let value = thresholds[threshold.name], value.fits(threshold.type) else {
                throw ExpressionError(.badThresholdValue(threshold.name), at: SourcePosition(line: 1, column: 1))
            }
            values[position] = value
        }
        var compiler = Compiler(schema: schema, thresholds: values)
        // The register of a result is taken and never given back, so that no later expression writes it.
        results = expressions.map { compiler.compile($0.root) }
        instructions = compiler.instructions
        numberCount = compiler.numbers.count
        conditionCount = compiler.conditions.count
        textCount = compiler.texts.count
        numberConstants = compiler.numberConstants.map { ($0.value, $0.key) }
        conditionConstants = compiler.conditionConstants.map { ($0.value, $0.key) }
        textConstants = compiler.textConstants.map { ($0.value, $0.key) }
    }

    /// How many instructions it has.
    public var instructionCount: Int { instructions.count }
}

extension ExpressionValue {
    /// Whether a value is one of a type, within its bounds.
    func fits(_ type: ValueType) -> Bool {
        switch (self, type) {
        case (.text(let text), .text): !text.utf8.contains(0)
        case (.date, .date), (.boolean, .boolean): true
        case (.number(let number), .number(let type)):
            number.scale <= type.scale && number.units(atScale: type.scale).magnitude <= type.bound.magnitude
        default: false
        }
    }
}
