internal import Core
internal import Expressions
internal import Matching
internal import Rules

/// What the rows of one batch are joined to that no other row of their submission has a part in: drug library and
/// comparison. So it can be said by whoever reads ahead.
///
/// It is made for a batch and thrown away.
struct ReferenceJoins: JoinedRows {
    private let library: DrugLibrary?
    private let matches: MatchIndex?
    private let found = Found()

    /// What was found for the rows of the batch.
    private final class Found {
        /// Their entries.
        var entries: [Int32] = []
        /// How far each entry was read: columns are asked for one after the other, and a cell is found by going through
        /// those before it.
        var libraryPlaces: [TextRows.Place] = []
        var matchPlaces: [TextRows.Place] = []
    }

    init(_ library: DrugLibrary?, _ matches: MatchIndex?) {
        self.library = library
        self.matches = matches
    }

    func absence(of relation: Relation) -> NotApplicable? {
        let isThere =
            switch relation {
            case .catalogue: false
            case .library, .comparison: library != nil
            case .match: matches != nil
            case .institution, .period: true
            }
        return isThere ? nil : .without(relation)
    }

    func find(_ relation: Relation, for batch: borrowing RowBatch, into numbers: inout [Int32]) {
        let bytes = batch.bytes.span
        // Files and what was read for them are often in the same order.
        var last = JoinedRow.none
        func add(_ column: Int, _ find: (Span<UInt8>, Int32) -> Int32?) {
            for row in batch.rows.indices {
                let cell = batch.extent(row: row, column: column)
                let number = cell.count == 0 ? nil : find(bytes.extracting(cell.range), last)
                last = number ?? JoinedRow.none
                numbers.append(last)
            }
        }
        switch relation {
        case .library, .comparison:
            guard found.entries.isEmpty else { return numbers.append(contentsOf: found.entries) }
            add(DrugColumn.ypid) { library?.find($0, after: $1) }
            found.entries = numbers
        case .match: add(DrugColumn.hospitalDrugCode) { matches?.find($0, after: $1) }
        case .catalogue: numbers.append(contentsOf: repeatElement(JoinedRow.unknown, count: batch.rows.count))
        case .institution, .period: numbers.append(contentsOf: repeatElement(0, count: batch.rows.count))
        }
    }

    func append(
        _ column: Relation.Column, of numbers: [Int32], for batch: borrowing RowBatch, to position: Int,
        of target: inout ColumnBatch
    ) {
        switch column.relation {
        case .library:
            guard let library, let place = DrugEntries.columns.firstIndex(of: column.name) else { break }
            return append(library.entries, place, column.type, numbers, &found.libraryPlaces, position, &target)
        case .match:
            guard let matches, let place = ["", "state", "ypid", "method", "score"].firstIndex(of: column.name) else {
                break
            }
            return append(matches.rows, place, column.type, numbers, &found.matchPlaces, position, &target)
        case .comparison:
            for (row, number) in numbers.enumerated() {
                let text = number < 0 ? nil : compared(column.name, row, Int(number), batch)
                append(text, position, &target)
            }
            return
        case .catalogue, .institution, .period: break
        }
        target.appendNull(count: numbers.count, to: position, type: column.type)
    }

    private func append(_ text: String?, _ position: Int, _ target: inout ColumnBatch) {
        guard let text else { return target.append(text: nil, to: position) }
        let bytes = Array(text.utf8)
        target.append(text: bytes.span, to: position)
    }

    // MARK: Library and matches

    private func append(
        _ rows: TextRows, _ column: Int, _ type: ValueType, _ numbers: [Int32], _ places: inout [TextRows.Place],
        _ position: Int, _ target: inout ColumnBatch
    ) {
        let bytes = rows.bytes.span
        if places.count != numbers.count { places = Array(repeating: TextRows.Place(), count: numbers.count) }
        func range(_ index: Int) -> Range<Int>? {
            numbers[index] < 0 ? nil : rows.range(row: Int(numbers[index]), column: column, from: &places[index])
        }
        guard type != .text else {
            return target.append(texts: numbers.count, to: position, from: bytes, range)
        }
        target.append(numbers: numbers.count, to: position) { index in
            range(index).flatMap { ReferenceJoins.number(bytes.extracting($0), type) }
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
            let text = batch.string(row: row, column: ReferenceJoins.ownColumns[place])
            return text.isEmpty ? nil : text
        }
        func theirs(_ place: Int?) -> String? {
            place.flatMap { library?.entries.string(row: entry, column: $0) }
        }
        typealias Place = ReferenceJoins.EntryPlace
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
