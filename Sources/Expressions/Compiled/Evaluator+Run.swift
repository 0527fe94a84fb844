extension Evaluator {
    /// Runs one instruction. The register that is written is taken out of its bank meanwhile, so that nothing is copied.
    mutating func run(_ instruction: Instruction, _ batch: inout ColumnBatch) {
        let count = rowCount
        switch instruction {
        case .loadNumber(let column, let to):
            withNumbers(to) { _, out in NumberKernels.load(batch.columns[column], into: &out, count) }
        case .scaleUp(let a, let factor, let to):
            withNumbers(to) { numbers, out in NumberKernels.scaleUp(numbers[a], by: factor, into: &out, count) }
        case .negate(let a, let to):
            withNumbers(to) { numbers, out in NumberKernels.negate(numbers[a], into: &out, count) }
        case .absolute(let a, let to):
            withNumbers(to) { numbers, out in NumberKernels.absolute(numbers[a], into: &out, count) }
        case .round(let a, let power, let limit, let to):
            withNumbers(to) { numbers, out in
                NumberKernels.round(numbers[a], power: power, limit: limit, into: &out, count)
            }
        case .add(let a, let b, let limit, let to):
            withNumbers(to) { numbers, out in
                NumberKernels.add(numbers[a], numbers[b], limit: limit, into: &out, count)
            }
        case .subtract(let a, let b, let limit, let to):
            withNumbers(to) { numbers, out in
                NumberKernels.subtract(numbers[a], numbers[b], limit: limit, into: &out, count)
            }
        case .multiply(let a, let b, let to):
            withNumbers(to) { numbers, out in NumberKernels.multiply(numbers[a], numbers[b], into: &out, count) }
        case .multiplyChecked(let a, let b, let power, let limit, let to):
            withNumbers(to) { numbers, out in
                NumberKernels.multiply(numbers[a], numbers[b], power: power, limit: limit, into: &out, count)
            }
        case .divide(let a, let b, let multiplier, let divisor, let limit, let to):
            withNumbers(to) { numbers, out in
                NumberKernels.divide(
                    numbers[a], numbers[b], multiplier: multiplier, divisor: divisor, limit: limit, into: &out, count)
            }
        case .selectNumber(let condition, let a, let b, let to):
            let choice = conditions[condition]
            withNumbers(to) { numbers, out in
                NumberKernels.select(choice, numbers[a], numbers[b], into: &out, count)
            }
        case .coalesceNumbers(let a, let b, let to):
            withNumbers(to) { numbers, out in NumberKernels.coalesce(numbers[a], numbers[b], into: &out, count) }
        case .nullIfNumber(let a, let b, let to):
            withNumbers(to) { numbers, out in NumberKernels.nullIf(numbers[a], numbers[b], into: &out, count) }
        case .extremeNumber(let isGreatest, let a, let b, let to):
            withNumbers(to) { numbers, out in
                NumberKernels.extreme(isGreatest, numbers[a], numbers[b], into: &out, count)
            }
        case .length(let a, let to):
            let text = texts[a]
            withNumbers(to) { _, out in TextKernels.length(text, batch.bytes, into: &out, count) }
        case .similarity(let a, let b, let to):
            let left = texts[a]
            let right = texts[b]
            var scratch = TextScratch()
            swap(&scratch, &self.scratch)
            withNumbers(to) { _, out in
                TextKernels.similarity(left, right, batch.bytes, &scratch, into: &out, count)
            }
            swap(&scratch, &self.scratch)
        case .loadText, .transform, .slice, .concatenate, .selectText, .coalesceTexts, .nullIfText, .extremeText:
            runText(instruction, &batch)
        case .loadCondition, .compareNumbers, .compareTexts, .numbersDiffer, .textsDiffer, .and, .or, .not,
            .numberIsNull,
            .conditionIsNull, .textIsNull, .like, .check, .selectCondition, .coalesceConditions:
            runCondition(instruction, batch)
        }
    }

    private mutating func withNumbers(_ to: Int, _ body: ([NumberRegister], inout NumberRegister) -> Void) {
        var out = NumberRegister()
        swap(&out, &numbers[to])
        body(numbers, &out)
        swap(&out, &numbers[to])
    }

    private mutating func runCondition(_ instruction: Instruction, _ batch: borrowing ColumnBatch) {
        let count = rowCount
        switch instruction {
        case .loadCondition(let column, let to):
            withConditions(to) { _, out in ConditionKernels.load(batch.columns[column], into: &out, count) }
        case .compareNumbers(let comparison, let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.compare(comparison, banks.numbers[a], banks.numbers[b], into: &out, count)
            }
        case .compareTexts(let comparison, let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.compare(comparison, banks.texts[a], banks.texts[b], batch.bytes, into: &out, count)
            }
        case .numbersDiffer(let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.differ(banks.numbers[a], banks.numbers[b], into: &out, count)
            }
        case .textsDiffer(let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.differ(banks.texts[a], banks.texts[b], batch.bytes, into: &out, count)
            }
        case .and(let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.and(banks.conditions[a], banks.conditions[b], into: &out, count)
            }
        case .or(let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.or(banks.conditions[a], banks.conditions[b], into: &out, count)
            }
        case .not(let a, let to):
            withConditions(to) { banks, out in ConditionKernels.not(banks.conditions[a], into: &out, count) }
        case .numberIsNull(let a, let to):
            withConditions(to) { banks, out in ConditionKernels.isNull(banks.numbers[a], into: &out, count) }
        case .conditionIsNull(let a, let to):
            withConditions(to) { banks, out in ConditionKernels.isNull(banks.conditions[a], into: &out, count) }
        case .textIsNull(let a, let to):
            withConditions(to) { banks, out in ConditionKernels.isNull(banks.texts[a], into: &out, count) }
        case .like(let a, let pattern, let to):
            withConditions(to) { banks, out in
                TextKernels.decide(banks.texts[a], batch.bytes, into: &out, count) { pattern.matches($0) }
            }
        case .check(let check, let a, let to):
            withConditions(to) { banks, out in
                TextKernels.decide(banks.texts[a], batch.bytes, into: &out, count) { check.holds($0) }
            }
        case .selectCondition(let condition, let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.select(
                    banks.conditions[condition], banks.conditions[a], banks.conditions[b], into: &out, count)
            }
        case .coalesceConditions(let a, let b, let to):
            withConditions(to) { banks, out in
                ConditionKernels.coalesce(banks.conditions[a], banks.conditions[b], into: &out, count)
            }
        default: preconditionFailure("an instruction that writes a condition")
        }
    }

    private struct Banks {
        var numbers: [NumberRegister]
        var conditions: [[UInt8]]
        var texts: [TextRegister]
    }

    private mutating func withConditions(_ to: Int, _ body: (Banks, inout [UInt8]) -> Void) {
        var out: [UInt8] = []
        swap(&out, &conditions[to])
        body(Banks(numbers: numbers, conditions: conditions, texts: texts), &out)
        swap(&out, &conditions[to])
    }

    private mutating func runText(_ instruction: Instruction, _ batch: inout ColumnBatch) {
        let count = rowCount
        switch instruction {
        case .loadText(let column, let to):
            withTexts(to) { _, _, out in TextKernels.load(batch.columns[column], into: &out, count) }
        case .transform(let transformation, let a, let to):
            withTexts(to) { texts, scratch, out in
                TextKernels.transform(transformation, texts[a], &batch.bytes, &scratch, into: &out, count)
            }
        case .slice(let a, let slice, let to):
            withTexts(to) { texts, _, out in TextKernels.slice(texts[a], slice, batch.bytes, into: &out, count) }
        case .concatenate(let a, let b, let to):
            withTexts(to) { texts, _, out in
                TextKernels.concatenate(texts[a], texts[b], &batch.bytes, into: &out, count)
            }
        case .selectText(let condition, let a, let b, let to):
            let choice = conditions[condition]
            withTexts(to) { texts, _, out in TextKernels.select(choice, texts[a], texts[b], into: &out, count) }
        case .coalesceTexts(let a, let b, let to):
            withTexts(to) { texts, _, out in TextKernels.coalesce(texts[a], texts[b], into: &out, count) }
        case .nullIfText(let a, let b, let to):
            withTexts(to) { texts, _, out in
                TextKernels.nullIf(texts[a], texts[b], batch.bytes, into: &out, count)
            }
        case .extremeText(let isGreatest, let a, let b, let to):
            withTexts(to) { texts, _, out in
                TextKernels.extreme(isGreatest, texts[a], texts[b], batch.bytes, into: &out, count)
            }
        default: preconditionFailure("an instruction that writes a text")
        }
    }

    private mutating func withTexts(_ to: Int, _ body: ([TextRegister], inout TextScratch, inout TextRegister) -> Void)
    {
        var out = TextRegister()
        swap(&out, &texts[to])
        body(texts, &scratch, &out)
        swap(&out, &texts[to])
    }
}
