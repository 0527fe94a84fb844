/// An expression as a short list of instructions over whole columns.
///
/// A program is made once and shared; each thread runs it with an `Evaluator` of its own.
public struct Program: Sendable {
    /// The expression.
    public let expression: TypedExpression

    var instructions: [Instruction] = []
    var result = Register(bank: .condition, index: 0)
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
        self.expression = expression
        var values: [Int: ExpressionValue] = [:]
        for position in expression.usedThresholds {
            let threshold = expression.schema.thresholds[position]
            guard let value = thresholds[threshold.name], value.fits(threshold.type) else {
                throw ExpressionError(.badThresholdValue(threshold.name), at: SourcePosition(line: 1, column: 1))
            }
            values[position] = value
        }
        var compiler = Compiler(schema: expression.schema, thresholds: values)
        let register = compiler.compile(expression.root)
        instructions = compiler.instructions
        result = register
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
