internal import Core
internal import Expressions

/// Turns the cells of a batch into the columns that conditions read. A column is filled when the first asks for it.
struct ColumnFilling {
    let schema: ConditionSchema
    let context: CheckContext

    /// Forgets the batch before.
    func begin(_ bench: inout ConditionBench, _ batch: borrowing RowBatch) {
        bench.columns.removeAll()
        bench.columns.rowCount = batch.rows.count
        for index in bench.isFilled.indices { bench.isFilled[index] = false }
        bench.numbers.removeAll(keepingCapacity: true)
        bench.columns.copyBytes(batch.bytes)
    }

    /// Fills a column, where it is not filled yet.
    func fill(
        _ position: Int, _ bench: inout ConditionBench, _ batch: borrowing RowBatch, _ typed: borrowing TypedBatch,
        _ joined: some JoinedRows
    ) {
        guard !bench.isFilled[position] else { return }
        bench.isFilled[position] = true
        if position < schema.ownCount {
            return fillOwn(position, &bench, batch, typed)
        }
        let column = schema.joined[position - schema.ownCount]
        switch column.relation {
        case .period, .institution:
            fillConstant(column, position, &bench, count: batch.rows.count)
        case .catalogue, .library, .comparison, .match:
            guard joined.absence(of: column.relation) == nil else {
                return bench.columns.appendNull(count: batch.rows.count, to: position, type: column.type)
            }
            if bench.numbers[column.relation] == nil {
                var numbers: [Int32] = []
                numbers.reserveCapacity(batch.rows.count)
                joined.find(column.relation, for: batch, into: &numbers)
                bench.numbers[column.relation] = numbers
            }
            joined.append(
                column, of: bench.numbers[column.relation] ?? [], for: batch, to: position, of: &bench.columns)
        }
    }

    private func fillOwn(
        _ position: Int, _ bench: inout ConditionBench, _ batch: borrowing RowBatch, _ typed: borrowing TypedBatch
    ) {
        let isText = schema.expressions.columns[position].type == .text
        var column = ColumnBatch.Column()
        swap(&column, &bench.columns.columns[position])
        let (count, width) = (batch.rows.count, batch.columnCount)
        let (states, values, cells) = (typed.states.span, typed.values.span, batch.cells.span)
        column.isNull.append(addingCapacity: count) { target in
            for row in 0..<count { target.append(states[row * width + position] != .valid) }
        }
        if isText {
            column.texts.append(addingCapacity: count) { target in
                for row in 0..<count {
                    let extent = cells[row * width + position]
                    target.append(ColumnBatch.TextExtent(start: Int(extent.start), count: Int(extent.count)))
                }
            }
        } else {
            column.numbers.append(addingCapacity: count) { target in
                for row in 0..<count {
                    let index = row * width + position
                    target.append(states[index] == .valid ? values[index] : 0)
                }
            }
        }
        swap(&column, &bench.columns.columns[position])
    }

    private func fillConstant(_ column: Relation.Column, _ position: Int, _ bench: inout ConditionBench, count: Int) {
        let entry = context.institutions?[context.senderCode]
        func add(_ value: Int64?) { bench.columns.append(repeating: value, count: count, to: position) }
        func add(_ text: String?) { bench.columns.append(repeating: text, count: count, to: position) }
        switch (column.relation, column.name) {
        case (.period, "first_day"): add(Int64(context.period.start.daysSince2000))
        case (.period, "last_day"): add(Int64(context.period.end.daysSince2000))
        case (.institution, "hospital_code"): add(entry?.hospitalCode)
        case (.institution, "name"): add(entry?.name)
        case (.institution, "level"): add(entry.map { Int64($0.level) })
        case (.institution, "is_primary"): add(entry.map { $0.isPrimary ? 1 : 0 })
        default: bench.columns.appendNull(count: count, to: position, type: column.type)
        }
    }
}
