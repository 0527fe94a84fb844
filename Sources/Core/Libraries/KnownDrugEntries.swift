internal import Synchronization

/// Entries of the drug library that were asked for before, so that a run asks once for each, as long as there is room.
public final class KnownDrugEntries: Sendable {
    private struct State {
        var version: String?
        var entries = DrugEntries()
        var entryIndex = TextIndex()
        /// Codes that the library does not have.
        var unknown = TextRows(columnCount: 1)
        var unknownIndex = TextIndex()

        var count: Int { entries.rows.count + unknown.count }
    }

    private let limit: Int
    private let state = Mutex(State())

    /// Nothing known yet, with room for so many.
    public init(limit: Int = 65_536) { self.limit = limit }

    /// From now on it is about this version of the library.
    public func use(version: String) {
        state.withLock { state in
            guard state.version != version else { return }
            state = State(version: version)
        }
    }

    /// Adds those of some codes that are known to entries, and gives the rows of the codes of which nothing is known.
    /// - Parameter codes: the codes, one in each row.
    public func take(_ codes: TextRows, into entries: inout DrugEntries) -> [Int] {
        state.withLock { state in
            var missing: [Int] = []
            for row in 0..<codes.count {
                guard let range = codes.range(row: row, column: 0) else { continue }
                let code = codes.bytes.span.extracting(range)
                if let known = state.entryIndex.row(of: code, in: state.entries.rows) {
                    entries.append(row: known, of: state.entries)
                } else if state.unknownIndex.row(of: code, in: state.unknown) == nil {
                    missing.append(row)
                }
            }
            return missing
        }
    }

    /// Whether so many codes more can be remembered. Who asks for more than that at once does better to remember none: they
    /// would be held twice.
    public func hasRoom(for count: Int) -> Bool { state.withLock { $0.count + count <= limit } }

    /// Remembers what the library says of codes: these entries, and of the others nothing.
    public func learn(_ found: DrugEntries, of codes: [String]) {
        state.withLock { state in
            guard state.count + codes.count <= limit else { return }
            for row in 0..<found.rows.count {
                state.entries.append(row: row, of: found)
                state.entryIndex.insert(state.entries.rows.count - 1, of: state.entries.rows)
            }
            for code in codes {
                guard state.entryIndex.row(of: code.utf8.span, in: state.entries.rows) == nil,
                    state.unknownIndex.row(of: code.utf8.span, in: state.unknown) == nil
                else { continue }
                state.unknown.append([code])
                state.unknownIndex.insert(state.unknown.count - 1, of: state.unknown)
            }
        }
    }
}
