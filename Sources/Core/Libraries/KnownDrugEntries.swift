internal import Synchronization

/// Entries of the drug library that were asked for before, so that a run asks once for each, as long as there is room.
public final class KnownDrugEntries: Sendable {
    private struct State {
        var version: String?
        var entries = DrugEntries()
        /// The row of a code in `entries`; -1 where the library does not have it.
        var rows: [String: Int32] = [:]
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

    /// Adds those of some codes that are known to entries, and gives the codes of which nothing is known.
    public func take(_ codes: some Sequence<String>, into entries: inout DrugEntries) -> [String] {
        state.withLock { state in
            var missing: [String] = []
            for code in codes {
                guard let row = state.rows[code] else {
                    missing.append(code)
                    continue
                }
                if row >= 0 { entries.append(row: Int(row), of: state.entries) }
            }
            return missing
        }
    }

    /// Remembers what the library says of codes: these entries, and of the others nothing.
    public func learn(_ found: DrugEntries, of codes: [String]) {
        state.withLock { state in
            guard state.rows.count + codes.count <= limit else { return }
            for code in codes { state.rows[code] = -1 }
            for row in 0..<found.rows.count {
                guard let code = found.rows.string(row: row, column: 0) else { continue }
                state.rows[code] = Int32(state.entries.rows.count)
                state.entries.append(row: row, of: found)
            }
        }
    }
}
