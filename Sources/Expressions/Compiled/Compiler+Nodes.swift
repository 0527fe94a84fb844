internal import Core

extension Compiler {
    /// Emits what computes a node and gives the register with its values.
    mutating func compile(_ node: TypedNode) -> Program.Register {
        switch node.kind {
        case .null: return null(node.type)
        case .number(let units): return constant(number: units)
        case .text(let text): return constant(text: Array(text.utf8))
        case .date(let day): return constant(number: Int128(day.daysSince2000))
        case .boolean(let value): return constant(condition: value ? ConditionState.isTrue : ConditionState.isFalse)
        case .column(let position): return column(position)
        case .threshold(let position): return constant(thresholds[position], node.type)
        case .rescaled, .negated, .absolute, .rounded, .sum, .difference, .product, .quotient, .dayDifference:
            return arithmetic(node)
        case .comparison(let comparison, let left, let right):
            let a = compile(left)
            let b = compile(right)
            return compare(comparison, a, b, releasing: [a, b])
        case .and(let parts): return combined(parts) { .and($0, $1, to: $2) }
        case .or(let parts): return combined(parts) { .or($0, $1, to: $2) }
        case .not(let operand):
            let a = compile(operand)
            return emit(.condition, releasing: [a]) { .not(a.index, to: $0) }
        case .isIn(let operand, let items): return membership(operand, items)
        case .between(let operand, let low, let high):
            let value = compile(operand)
            let a = compile(low)
            let isAbove = compare(.greaterOrEqual, value, a, releasing: [a])
            let b = compile(high)
            let isBelow = compare(.lessOrEqual, value, b, releasing: [b, value])
            return emit(.condition, releasing: [isAbove, isBelow]) { .and(isAbove.index, isBelow.index, to: $0) }
        case .like(let operand, let pattern):
            let a = compile(operand)
            return emit(.condition, releasing: [a]) { .like(a.index, pattern, to: $0) }
        case .isNull(let operand):
            let a = compile(operand)
            return emit(.condition, releasing: [a]) {
                switch a.bank {
                case .number: .numberIsNull(a.index, to: $0)
                case .condition: .conditionIsNull(a.index, to: $0)
                case .text: .textIsNull(a.index, to: $0)
                }
            }
        case .isDistinct(let left, let right):
            let a = compile(left)
            let b = compile(right)
            return emit(.condition, releasing: [a, b]) {
                a.bank == .text ? .textsDiffer(a.index, b.index, to: $0) : .numbersDiffer(a.index, b.index, to: $0)
            }
        case .cases, .match, .coalesce, .nullIf, .extreme: return choice(node)
        case .length, .transformed, .substring, .concatenated, .check, .similarity: return text(node)
        }
    }

    private mutating func compare(
        _ comparison: Comparison, _ a: Program.Register, _ b: Program.Register, releasing used: [Program.Register]
    ) -> Program.Register {
        emit(.condition, releasing: used) {
            a.bank == .text
                ? .compareTexts(comparison, a.index, b.index, to: $0)
                : .compareNumbers(comparison, a.index, b.index, to: $0)
        }
    }

    /// Several parts, two by two.
    private mutating func combined(
        _ parts: [TypedNode], _ make: (Int, Int, Int) -> Instruction
    ) -> Program.Register {
        var result: Program.Register?
        for part in parts {
            let register = compile(part)
            if let left = result {
                result = emit(left.bank, releasing: [left, register]) { make(left.index, register.index, $0) }
            } else {
                result = register
            }
        }
        return result ?? constant(condition: ConditionState.null)
    }

    private mutating func membership(_ operand: TypedNode, _ items: [TypedNode]) -> Program.Register {
        let value = compile(operand)
        var result: Program.Register?
        for item in items {
            let other = compile(item)
            let isEqual = compare(.equal, value, other, releasing: [other])
            if let left = result {
                result = emit(.condition, releasing: [left, isEqual]) { .or(left.index, isEqual.index, to: $0) }
            } else {
                result = isEqual
            }
        }
        release(value)
        return result ?? constant(condition: ConditionState.null)
    }

    private mutating func arithmetic(_ node: TypedNode) -> Program.Register {
        let type = node.type.number ?? NumberType(scale: 0)
        let limit = NumberType.limit(scale: type.scale)
        let isChecked = node.ownFailures.contains(.overflow)
        let parts = node.children
        let a = compile(parts[0])
        let scale = parts[0].type.number?.scale ?? 0
        guard parts.count > 1 else {
            return emit(.number, releasing: [a]) {
                switch node.kind {
                case .negated: .negate(a.index, to: $0)
                case .absolute: .absolute(a.index, to: $0)
                case .rounded: .round(a.index, power: PowerOfTen.value(scale - type.scale), limit: limit, to: $0)
                default: .scaleUp(a.index, by: PowerOfTen.value(type.scale - scale), to: $0)
                }
            }
        }
        let b = compile(parts[1])
        let otherScale = parts[1].type.number?.scale ?? 0
        return emit(.number, releasing: [a, b]) {
            switch node.kind {
            case .sum: return .add(a.index, b.index, limit: isChecked ? limit : nil, to: $0)
            case .product:
                let power = PowerOfTen.value(scale + otherScale - type.scale)
                return isChecked || power > 1
                    ? .multiplyChecked(a.index, b.index, power: power, limit: limit, to: $0)
                    : .multiply(a.index, b.index, to: $0)
            case .quotient:
                let exponent = type.scale + otherScale - scale
                return .divide(
                    a.index, b.index, multiplier: PowerOfTen.value(max(exponent, 0)),
                    divisor: PowerOfTen.value(max(-exponent, 0)), limit: limit, to: $0)
            default: return .subtract(a.index, b.index, limit: isChecked ? limit : nil, to: $0)
            }
        }
    }

    private mutating func choice(_ node: TypedNode) -> Program.Register {
        let bank = Compiler.bank(of: node.type)
        switch node.kind {
        case .cases(let branches, let otherwise):
            // From the last branch to the first: each chooses between its result and all that comes behind it.
            var result = compile(otherwise)
            for branch in branches.reversed() {
                let condition = compile(branch.condition)
                result = select(bank, condition, compile(branch.result), otherwise: result)
            }
            return result
        case .match(let operand, let branches, let otherwise):
            let value = compile(operand)
            var result = compile(otherwise)
            for branch in branches.reversed() {
                let wanted = compile(branch.condition)
                let condition = compare(.equal, value, wanted, releasing: [wanted])
                result = select(bank, condition, compile(branch.result), otherwise: result)
            }
            release(value)
            return result
        case .coalesce(let parts):
            return combined(parts) {
                switch bank {
                case .number: .coalesceNumbers($0, $1, to: $2)
                case .condition: .coalesceConditions($0, $1, to: $2)
                case .text: .coalesceTexts($0, $1, to: $2)
                }
            }
        case .extreme(let isGreatest, let parts):
            return combined(parts) {
                bank == .text
                    ? .extremeText(isGreatest: isGreatest, $0, $1, to: $2)
                    : .extremeNumber(isGreatest: isGreatest, $0, $1, to: $2)
            }
        case .nullIf(let left, let right):
            let a = compile(left)
            let b = compile(right)
            return emit(bank, releasing: [a, b]) {
                bank == .text ? .nullIfText(a.index, b.index, to: $0) : .nullIfNumber(a.index, b.index, to: $0)
            }
        default: return null(node.type)
        }
    }

    private mutating func select(
        _ bank: Program.Bank, _ condition: Program.Register, _ value: Program.Register, otherwise: Program.Register
    ) -> Program.Register {
        emit(bank, releasing: [condition, value, otherwise]) {
            switch bank {
            case .number:
                .selectNumber(condition: condition.index, value.index, otherwise: otherwise.index, to: $0)
            case .condition:
                .selectCondition(condition: condition.index, value.index, otherwise: otherwise.index, to: $0)
            case .text: .selectText(condition: condition.index, value.index, otherwise: otherwise.index, to: $0)
            }
        }
    }

    private mutating func text(_ node: TypedNode) -> Program.Register {
        if case .transformed(let transformation, let operand) = node.kind, case .column(let position) = operand.kind {
            return column(position, transformation)
        }
        let parts = node.children
        let a = compile(parts[0])
        let b = parts.count > 1 ? compile(parts[1]) : a
        return emit(Compiler.bank(of: node.type), releasing: parts.count > 1 ? [a, b] : [a]) {
            switch node.kind {
            case .length: .length(a.index, to: $0)
            case .transformed(let transformation, _): .transform(transformation, a.index, to: $0)
            case .substring(_, let slice): .slice(a.index, slice, to: $0)
            case .check(let check, _): .check(check, a.index, to: $0)
            case .similarity: .similarity(a.index, b.index, to: $0)
            default: .concatenate(a.index, b.index, to: $0)
            }
        }
    }
}
