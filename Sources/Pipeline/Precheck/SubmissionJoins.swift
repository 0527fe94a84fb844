internal import Core
internal import Expressions
internal import Matching
internal import Rules

/// What the rows of one batch are joined to: catalogue, drug library and comparison.
///
/// It is made for a batch and thrown away, so that it shares the ledger with the pass and nothing is copied.
struct SubmissionJoins: JoinedRows {
    let drugs: DrugLedger
    /// The ordinal of each row's drug in the ledger, -1 where it has none.
    let ordinals: [Int32]
    /// Whether the catalogue was read from its first row to its last.
    let hasCatalogue: Bool
    let library: DrugLibrary?
    let matches: MatchIndex?

    func absence(of relation: Relation) -> NotApplicable? {
        let isThere =
            switch relation {
            case .catalogue: hasCatalogue && drugs.catalogueCount > 0
            case .library, .comparison: library != nil
            case .match: matches != nil
            case .institution, .period: true
            }
        return isThere ? nil : .without(relation)
    }

    func find(_ relation: Relation, for batch: borrowing RowBatch, into numbers: inout [Int32]) {
        let bytes = batch.bytes.span
        switch relation {
        case .catalogue:
            for ordinal in ordinals {
                let isThere = ordinal >= 0 && drugs.state(of: Int(ordinal)) != .absent
                numbers.append(isThere ? ordinal : JoinedRow.none)
            }
        case .library, .comparison:
            for row in batch.rows.indices {
                let cell = batch.extent(row: row, column: DrugColumn.ypid)
                let number = cell.count == 0 ? nil : library?.find(bytes.extracting(cell.range))
                numbers.append(number ?? JoinedRow.none)
            }
        case .match:
            for row in batch.rows.indices {
                let cell = batch.extent(row: row, column: DrugColumn.hospitalDrugCode)
                numbers.append(matches?.find(bytes.extracting(cell.range)) ?? JoinedRow.none)
            }
        case .institution, .period:
            numbers.append(contentsOf: repeatElement(0, count: batch.rows.count))
        }
    }

    func append(
        _ column: Relation.Column, of numbers: [Int32], for batch: borrowing RowBatch, to position: Int,
        of target: inout ColumnBatch
    ) {
        switch column.relation {
        case .catalogue: appendCatalogue(column.name, numbers, position, &target)
        case .library:
            guard let library, let place = DrugEntries.columns.firstIndex(of: column.name) else { break }
            return append(library.entries, place, column.type, numbers, position, &target)
        case .match:
            guard let matches, let place = ["", "state", "ypid", "method", "score"].firstIndex(of: column.name) else {
                break
            }
            return append(matches.rows, place, column.type, numbers, position, &target)
        case .comparison:
            for (row, number) in numbers.enumerated() {
                let text = number < 0 ? nil : compared(column.name, row, Int(number), batch)
                append(text, position, &target)
            }
            return
        case .institution, .period: break
        }
        if target.columns[position].isNull.count < numbers.count {
            target.appendNull(count: numbers.count, to: position, type: column.type)
        }
    }

    private func append(_ text: String?, _ position: Int, _ target: inout ColumnBatch) {
        guard let text else { return target.append(text: nil, to: position) }
        let bytes = Array(text.utf8)
        target.append(text: bytes.span, to: position)
    }

    // MARK: Catalogue

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

    // MARK: Library and matches

    private func append(
        _ rows: TextRows, _ column: Int, _ type: ValueType, _ numbers: [Int32], _ position: Int,
        _ target: inout ColumnBatch
    ) {
        let bytes = rows.bytes.span
        func range(_ index: Int) -> Range<Int>? {
            numbers[index] < 0 ? nil : rows.range(row: Int(numbers[index]), column: column)
        }
        guard type != .text else {
            return target.append(texts: numbers.count, to: position, from: bytes, range)
        }
        target.append(numbers: numbers.count, to: position) { index in
            range(index).flatMap { SubmissionJoins.number(bytes.extracting($0), type) }
        }
    }

    private static func number(_ cell: Span<UInt8>, _ type: ValueType) -> Int64? {
        switch type {
        case .text: return nil
        case .date: return CalendarDay(cell).map { Int64($0.daysSince2000) }
        case .boolean:
            guard cell.count == 1 else { return nil }
            return cell[0] == UInt8(ascii: "1") ? 1 : cell[0] == UInt8(ascii: "0") ? 0 : nil
        case .number:
            // Factors and scores both keep four decimals.
            guard case .value(let units, _) = NumberReading(cell, decimals: 4, limit: FixedPoint.limit(of: .factor))
            else { return nil }
            return units
        }
    }

    // MARK: Comparison

    private static let ownColumns = ["strength", "manufacturer", "dosage_form"].compactMap {
        DataSet.of(.catalogue).position(of: $0)
    }

    private enum EntryPlace {
        static let strength = DrugEntries.columns.firstIndex(of: "strength")
        static let manufacturer = DrugEntries.columns.firstIndex(of: "manufacturer")
        static let holder = DrugEntries.columns.firstIndex(of: "holder")
        static let dosageForm = DrugEntries.columns.firstIndex(of: "dosage_form")
    }

    /// What comparing a catalogue row with its entry says; `nil` where one side says nothing.
    private func compared(_ name: String, _ row: Int, _ entry: Int, _ batch: borrowing RowBatch) -> String? {
        func own(_ place: Int) -> String? {
            let text = batch.string(row: row, column: SubmissionJoins.ownColumns[place])
            return text.isEmpty ? nil : text
        }
        func theirs(_ place: Int?) -> String? {
            place.flatMap { library?.entries.string(row: entry, column: $0) }
        }
        typealias Place = SubmissionJoins.EntryPlace
        switch name {
        case "strength":
            guard let mine = own(0), let other = theirs(Place.strength) else { return nil }
            return FieldAgreement.strength(mine, other).name
        case "manufacturer":
            guard let mine = own(1) else { return nil }
            let makers = [theirs(Place.manufacturer), theirs(Place.holder)].compactMap { $0 }
            return makers.isEmpty ? nil : FieldAgreement.manufacturer(mine, makers).name
        case "form_class":
            return own(2).flatMap { FieldAgreement.formClass($0) }
        case "library_form_class":
            return theirs(Place.dosageForm).flatMap { FieldAgreement.formClass($0) }
        default: return nil
        }
    }
}
