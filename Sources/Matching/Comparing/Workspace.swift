/// The memory that comparing needs beside the index: one for each thread, used for one drug after the other.
///
/// Every list is marked with the number of the drug it was last used for, so nothing is cleared in between.
public struct MatchWorkspace: ~Copyable {
    var drug: UInt32 = 0
    /// Entries that were weighed whole.
    var entryMarks: [UInt32]
    var shapeMarks: [UInt32]
    var shapes: [ShapeEvidence]
    var nameMarks: [UInt32]
    var strengthMarks: [UInt32]
    var strengths: [StrengthAgreement]
    var makerMarks: [UInt32]
    var makers: [Int16]
    var gramCounts: [UInt32]
    var touched: [UInt32] = []
    /// Names worth a look, with how alike they are.
    var found: [(name: UInt32, similarity: Int)] = []
    /// Entries that the drug's codes name, with how alike their names are.
    var coded: [(entry: UInt32, name: Int)] = []
    var groups: [RankedGroup] = []

    /// A workspace for one index.
    public init(for index: LibraryIndex) {
        entryMarks = Array(repeating: 0, count: index.entries.count)
        shapeMarks = Array(repeating: 0, count: index.shapes.count)
        shapes = Array(repeating: ShapeEvidence(), count: index.shapes.count)
        nameMarks = Array(repeating: 0, count: index.names.rows.count)
        gramCounts = Array(repeating: 0, count: index.names.rows.count)
        strengthMarks = Array(repeating: 0, count: index.strengths.count)
        strengths = Array(
            repeating: StrengthAgreement([], [], localPack: nil, libraryPack: nil), count: index.strengths.count)
        makerMarks = Array(repeating: 0, count: index.makers.count)
        makers = Array(repeating: 0, count: index.makers.count)
    }

    /// Starts the next drug.
    mutating func begin() {
        found.removeAll(keepingCapacity: true)
        coded.removeAll(keepingCapacity: true)
        groups.removeAll(keepingCapacity: true)
        drug &+= 1
        guard drug == 0 else { return }
        for index in entryMarks.indices { entryMarks[index] = 0 }
        for index in shapeMarks.indices { shapeMarks[index] = 0 }
        for index in nameMarks.indices { nameMarks[index] = 0 }
        for index in strengthMarks.indices { strengthMarks[index] = 0 }
        for index in makerMarks.indices { makerMarks[index] = 0 }
        drug = 1
    }
}
