/// The best entries so far, ordered by evidence and then by code.
struct Ranking {
    /// An entry with its evidence and the place of its code.
    struct Place {
        var entry: UInt32
        var evidence: Evidence
        var order: UInt32

        /// Whether it comes before another.
        func precedes(_ other: Place) -> Bool {
            evidence.total == other.evidence.total ? order < other.order : evidence.total > other.evidence.total
        }
    }

    private(set) var best: [Place] = []
    /// The evidence for the code that the hospital supplied, whatever its place.
    var supplied: Evidence?
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        best.reserveCapacity(capacity + 1)
    }

    /// Whether an entry with so many points would be among the best.
    @inline(__always)
    func admits(_ total: Int, order: UInt32) -> Bool {
        guard best.count == capacity, let last = best.last else { return true }
        let least = Int(last.evidence.total)
        return total == least ? order < last.order : total > least
    }

    mutating func insert(_ entry: UInt32, _ evidence: Evidence, order: UInt32) {
        guard admits(Int(evidence.total), order: order) else { return }
        let new = Place(entry: entry, evidence: evidence, order: order)
        var place = best.count
        while place > 0, new.precedes(best[place - 1]) { place -= 1 }
        best.insert(new, at: place)
        if best.count > capacity { best.removeLast() }
    }
}

/// Entries of one name and shape that may be among the best.
struct RankedGroup {
    /// The least that each of them has.
    var base: Int32
    var name: Int16
    var group: NameTable.Group
}
