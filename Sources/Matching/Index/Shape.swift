/// All that an entry says but its names, maker and codes: entries of one shape agree with a drug in all of it alike, so that
/// it is weighed once for all of them.
struct Shape: Sendable, Hashable {
    var strength: UInt32 = 0
    var factor: Int32 = 0
    var container: Container = []
    var form = DosageForm()
    var category: Category?
    var status = LibraryStatus.active
    var statesFactor = false
    var hasApproval = false
    /// Whether it is registered as an import that is packed here.
    var isRepackaged = false
}

extension Shape {
    /// Gathers shapes while a library is read.
    struct Builder {
        private(set) var shapes: [Shape] = []
        private var ids: [Shape: UInt32] = [:]

        /// The number of a shape, new or known.
        mutating func number(of shape: Shape) -> UInt32 {
            if let id = ids[shape] { return id }
            let id = UInt32(shapes.count)
            ids[shape] = id
            shapes.append(shape)
            return id
        }
    }
}
