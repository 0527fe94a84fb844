internal import Core
internal import Expressions
internal import Rules

/// What the rows of one batch are joined to: the catalogue of their submission, drug library and comparison.
///
/// It is made for a batch and thrown away, so that it shares the ledger with the pass and nothing is copied.
struct SubmissionJoins: JoinedRows {
    let drugs: DrugLedger
    /// The ordinal of each row's drug in the ledger, -1 where it has none.
    let ordinals: [Int32]
    /// Whether the catalogue was read from its first row to its last.
    let hasCatalogue: Bool
    let references: ReferenceJoins

    func absence(of relation: Relation) -> NotApplicable? {
        guard relation == .catalogue else { return references.absence(of: relation) }
        return hasCatalogue && drugs.catalogueCount > 0 ? nil : .without(relation)
    }

    func find(_ relation: Relation, for batch: borrowing RowBatch, into numbers: inout [Int32]) {
        guard relation == .catalogue else { return references.find(relation, for: batch, into: &numbers) }
        for ordinal in ordinals {
            let isThere = ordinal >= 0 && drugs.state(of: Int(ordinal)) != .absent
            numbers.append(isThere ? ordinal : JoinedRow.none)
        }
    }

    func append(
        _ column: Relation.Column, of numbers: [Int32], for batch: borrowing RowBatch, to position: Int,
        of target: inout ColumnBatch
    ) {
        guard column.relation == .catalogue else {
            return references.append(column, of: numbers, for: batch, to: position, of: &target)
        }
        appendCatalogue(column.name, numbers, position, &target)
        if target.columns[position].isNull.count < numbers.count {
            target.appendNull(count: numbers.count, to: position, type: column.type)
        }
    }

    private func appendCatalogue(_ name: String, _ numbers: [Int32], _ position: Int, _ target: inout ColumnBatch) {
        func texts(_ range: (Int) -> Range<Int>?) {
            target.append(texts: numbers.count, to: position, from: drugs.bytes.span) {
                numbers[$0] < 0 ? nil : range(Int(numbers[$0]))
            }
        }
        func numbersOf(_ value: (Int) -> Int64?) {
            target.append(numbers: numbers.count, to: position) {
                numbers[$0] < 0 ? nil : value(Int(numbers[$0]))
            }
        }
        switch name {
        case "hospital_drug_code":
            // What counts is that there is one: the row's own code is the same.
            target.append(texts: numbers.count, to: position, all: "+") { numbers[$0] >= 0 }
        case "ypid": texts { drugs.ypid(of: $0) }
        case "product_name": texts { drugs.productName(of: $0) }
        case "dosage_unit": texts { drugs.dosageUnit(of: $0) }
        case "pack_unit": texts { drugs.packUnit(of: $0) }
        case "conversion_factor": numbersOf { drugs.conversionFactor(of: $0) }
        case "is_accepted": numbersOf { drugs.state(of: $0) == .accepted ? 1 : 0 }
        default: break
        }
    }
}
