internal import Core

/// Puts observations of one batch in the order of rows and columns, each place and rule once.
enum RowObservations {
    static func sort(_ observations: inout [Observation], _ dataSet: DataSet) {
        guard observations.count > 1 else { return }
        func position(_ observation: Observation) -> Int {
            observation.place.column.flatMap { dataSet.position(of: $0) } ?? -1
        }
        let keyed = observations.enumerated().map {
            (offset: $0, row: $1.place.row ?? 0, column: position($1), item: $1)
        }
        let ordered = keyed.sorted {
            ($0.row, $0.column, $0.item.rule, $0.offset) < ($1.row, $1.column, $1.item.rule, $1.offset)
        }
        observations.removeAll(keepingCapacity: true)
        for entry in ordered {
            // A character the decoder replaced is seen again as U+FFFD: the first, which knows the byte, is kept.
            if let last = observations.last, last.rule == "A15", entry.item.rule == "A15",
                last.place.row == entry.item.place.row, last.place.column == entry.item.place.column
            {
                continue
            }
            observations.append(entry.item)
        }
    }
}
