internal import Core

/// Puts observations of one batch in the order of rows and columns, each place and rule once.
enum RowObservations {
    static func sort(_ observations: inout [Observation], _ dataSet: DataSet) {
        guard observations.count > 1 else { return }
        // Names are looked up once and texts compared only at one place, for these are most of the work.
        let places = observations.map { observation in
            let column = observation.place.column.flatMap { dataSet.position(of: $0) } ?? -1
            return (observation.place.row ?? 0) << 16 | (column + 1)
        }
        let order = observations.indices.sorted { left, right in
            if places[left] != places[right] { return places[left] < places[right] }
            let (a, b) = (observations[left].rule, observations[right].rule)
            return a == b ? left < right : a < b
        }
        var sorted: [Observation] = []
        sorted.reserveCapacity(observations.count)
        for index in order {
            // A character the decoder replaced is seen again as U+FFFD: the first, which knows the byte, is kept.
            if observations[index].rule == "A15", let last = sorted.last, last.rule == "A15",
                last.place.row == observations[index].place.row, last.place.column == observations[index].place.column
            {
                continue
            }
            sorted.append(observations[index])
        }
        observations = sorted
    }
}
