internal import Core

/// Turns a checked tree into instructions. Columns and constants are read once; other registers are used again as soon as
/// what they held was read.
struct Compiler {
    let schema: ExpressionSchema
    let thresholds: [Int: ExpressionValue]
    var instructions: [Instruction] = []
    var numbers = RegisterBank()
    var conditions = RegisterBank()
    var texts = RegisterBank()
    var numberConstants: [Int128?: Int] = [:]
    var conditionConstants: [UInt8: Int] = [:]
    var textConstants: [[UInt8]?: Int] = [:]
    private var columns: [Int: Program.Register] = [:]
    /// What was made of columns' texts: several conditions look at the same canonical text.
    private var transformed: [TransformedColumn: Program.Register] = [:]

    private struct TransformedColumn: Hashable {
        var column: Int
        var transformation: TextTransformation
    }

    struct RegisterBank {
        var count = 0
        private var free: [Int] = []
        private var isKept: Set<Int> = []

        mutating func take() -> Int {
            if let index = free.popLast() { return index }
            count += 1
            return count - 1
        }

        /// A register that is never used for anything else.
        mutating func takeForGood() -> Int {
            count += 1
            isKept.insert(count - 1)
            return count - 1
        }

        mutating func release(_ index: Int) {
            if !isKept.contains(index) { free.append(index) }
        }
    }

    init(schema: ExpressionSchema, thresholds: [Int: ExpressionValue]) {
        self.schema = schema
        self.thresholds = thresholds
    }

    static func bank(of type: ValueType) -> Program.Bank {
        switch type {
        case .number, .date: .number
        case .boolean: .condition
        case .text: .text
        }
    }

    mutating func take(_ bank: Program.Bank) -> Program.Register {
        switch bank {
        case .number: Program.Register(bank: bank, index: numbers.take())
        case .condition: Program.Register(bank: bank, index: conditions.take())
        case .text: Program.Register(bank: bank, index: texts.take())
        }
    }

    mutating func release(_ register: Program.Register) {
        switch register.bank {
        case .number: numbers.release(register.index)
        case .condition: conditions.release(register.index)
        case .text: texts.release(register.index)
        }
    }

    /// Emits an instruction that reads registers, which are then free, and writes a new one.
    mutating func emit(
        _ bank: Program.Bank, releasing used: [Program.Register], _ make: (Int) -> Instruction
    ) -> Program.Register {
        let target = take(bank)
        instructions.append(make(target.index))
        for register in used { release(register) }
        return target
    }

    // MARK: Leaves

    mutating func constant(number: Int128?) -> Program.Register {
        let index = numberConstants[number] ?? numbers.takeForGood()
        numberConstants[number] = .some(index)
        return Program.Register(bank: .number, index: index)
    }

    mutating func constant(condition: UInt8) -> Program.Register {
        let index = conditionConstants[condition] ?? conditions.takeForGood()
        conditionConstants[condition] = index
        return Program.Register(bank: .condition, index: index)
    }

    mutating func constant(text: [UInt8]?) -> Program.Register {
        let index = textConstants[text] ?? texts.takeForGood()
        textConstants[text] = .some(index)
        return Program.Register(bank: .text, index: index)
    }

    mutating func null(_ type: ValueType) -> Program.Register {
        switch Compiler.bank(of: type) {
        case .number: constant(number: nil)
        case .condition: constant(condition: ConditionState.null)
        case .text: constant(text: nil)
        }
    }

    mutating func constant(_ value: ExpressionValue?, _ type: ValueType) -> Program.Register {
        switch value {
        case .number(let number): constant(number: number.units(atScale: type.number?.scale ?? number.scale))
        case .date(let day): constant(number: Int128(day.daysSince2000))
        case .boolean(let value): constant(condition: value ? ConditionState.isTrue : ConditionState.isFalse)
        case .text(let text): constant(text: Array(text.utf8))
        case nil: null(type)
        }
    }

    /// The text of a column as a function gives it.
    mutating func column(_ position: Int, _ transformation: TextTransformation) -> Program.Register {
        let key = TransformedColumn(column: position, transformation: transformation)
        if let register = transformed[key] { return register }
        let source = column(position)
        let register = Program.Register(bank: .text, index: texts.takeForGood())
        instructions.append(.transform(transformation, source.index, to: register.index))
        transformed[key] = register
        return register
    }

    mutating func column(_ position: Int) -> Program.Register {
        if let register = columns[position] { return register }
        let register: Program.Register
        switch Compiler.bank(of: schema.columns[position].type) {
        case .number:
            register = Program.Register(bank: .number, index: numbers.takeForGood())
            instructions.append(.loadNumber(column: position, to: register.index))
        case .condition:
            register = Program.Register(bank: .condition, index: conditions.takeForGood())
            instructions.append(.loadCondition(column: position, to: register.index))
        case .text:
            register = Program.Register(bank: .text, index: texts.takeForGood())
            instructions.append(.loadText(column: position, to: register.index))
        }
        columns[position] = register
        return register
    }
}
