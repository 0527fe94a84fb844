public import Core
import Postgres

extension PostgresStore {
    /// Decides one item. The rows already loaded show the decision when this returns, and the history says who took it.
    ///
    /// - Parameter seen: the version of the item that the decision rests on. Where somebody decided since, nothing is
    ///   changed and the error says who, what and when.
    public func decide(
        item: Int, _ decision: MatchDecision, seen: Int, by name: String, at time: Timestamp
    ) async throws -> MatchItem {
        try await write(
            recording: { _ in .decided(item: item, decision, seen: seen, by: name, at: time) }
        ) { connection in
            let before = try MatchDecisions.locked(item, connection)
            guard before.version == seen else { throw MatchDecisions.conflict(before) }
            let after = try MatchDecisions.outcome(of: decision, on: before, by: name, connection)
            try MatchDecisions.change(
                before, to: after, action: "decide", by: name, at: time, connection)
            return try MatchDecisions.locked(item, connection)
        }
    }

    /// Takes a decision back: the item goes to its proposals, or to those who have not been compared.
    public func revoke(
        item: Int, reason: String, seen: Int, by name: String, at time: Timestamp
    ) async throws -> MatchItem {
        try await write(
            recording: { _ in .revoked(item: item, reason: reason, seen: seen, by: name, at: time) }
        ) { connection in
            let before = try MatchDecisions.locked(item, connection)
            guard before.version == seen else { throw MatchDecisions.conflict(before) }
            guard !reason.isEmpty else {
                throw MatchError(problem: .missing(Phrase("撤销必须写明原因", "revoking needs a reason")))
            }
            switch before.state {
            case .approved, .ignored, .noMatch, .needsSecondReader: break
            case .unchecked, .proposed, .invalidTarget: throw MatchError(problem: .notDecided(item))
            }
            let state: MatchState = before.candidates.isEmpty ? .unchecked : .proposed
            try MatchDecisions.change(
                before, to: .init(state: state, ypid: nil, method: nil, level: nil, score: nil, reason: reason),
                action: "revoke", by: name, at: time, connection)
            return try MatchDecisions.locked(item, connection)
        }
    }

    /// Everything that was ever decided on an item, the oldest first.
    public func matchHistory(item: Int) async throws -> [MatchEvent] {
        try await read { connection in
            let rows = try connection.query(
                """
                SELECT at, actor, action, state_before, ypid_before, decided_by_before, state_after, ypid_after, reason,
                    resolved, equivalence_after
                FROM yaoce.drug_code_history WHERE map_id = \(item) ORDER BY id
                """)
            return try (0..<rows.count).compactMap { row in
                guard let before = MatchState(rawValue: try rows.value(row, 3)),
                    let after = MatchState(rawValue: try rows.value(row, 6))
                else { return nil }
                return MatchEvent(
                    at: try rows.value(row, 0), by: try rows.value(row, 1), action: try rows.value(row, 2),
                    stateBefore: before, ypidBefore: try rows.value(row, 4), decidedByBefore: try rows.value(row, 5),
                    stateAfter: after, ypidAfter: try rows.value(row, 7),
                    equivalenceAfter: try rows.value(row, 10, as: String?.self).flatMap(Equivalence.init(rawValue:)),
                    reason: try rows.value(row, 8), resolved: try rows.value(row, 9))
            }
        }
    }
}

/// How a decision changes an item.
enum MatchDecisions {
    struct Outcome {
        var state: MatchState
        var ypid: String?
        var equivalence: Equivalence?
        var method: String?
        var level: String?
        var score: Int?
        var reason: String?
    }

    static func locked(_ item: Int, _ connection: isolated Connection) throws -> MatchItem {
        let found = try MatchRows.load(where: "m.id = \(item) FOR UPDATE OF m", connection)
        guard let first = found.first else { throw MatchError(problem: .noSuchItem(item)) }
        return first
    }

    static func conflict(_ item: MatchItem) -> MatchError {
        MatchError(
            problem: .decidedMeanwhile(
                item: item.item, by: item.decidedBy ?? "auto", at: item.decidedAt, state: item.state,
                ypid: item.matchedYPID))
    }

    static func outcome(
        of decision: MatchDecision, on before: MatchItem, by name: String, _ connection: isolated Connection
    ) throws -> Outcome {
        guard !name.isEmpty else {
            throw MatchError(problem: .missing(Phrase("请写明是谁作的决定（--by）", "say who decides (--by)")))
        }
        switch decision {
        case .approve(let ypid, let equivalence, let asksSecond):
            try requireInUse(ypid, connection)
            let score = before.candidates.first { $0.ypid == ypid }?.score
            var state: MatchState = asksSecond ? .needsSecondReader : .approved
            if before.state == .needsSecondReader {
                // Who reads second and decides otherwise has decided first on that, and somebody else has to agree.
                let isAgreed = before.matchedYPID == ypid && before.equivalence == equivalence
                if isAgreed, before.decidedBy == name { throw MatchError(problem: .sameReader(name)) }
                state = isAgreed ? .approved : .needsSecondReader
            }
            return Outcome(
                state: state, ypid: ypid, equivalence: equivalence, method: "manual", level: "L5", score: score,
                reason: nil)
        case .ignore(let reason), .noMatch(let reason):
            guard !reason.isEmpty else {
                throw MatchError(problem: .missing(Phrase("必须写明原因", "a reason is needed")))
            }
            var state = MatchState.ignored
            if case .noMatch = decision { state = .noMatch }
            return Outcome(state: state, ypid: nil, method: "manual", level: "L5", score: nil, reason: reason)
        }
    }

    /// A code that is disabled, deleted or not in the library in force is no answer.
    private static func requireInUse(_ ypid: String, _ connection: isolated Connection) throws {
        guard let version = try LibraryVersions.load(where: "kind = 'drugs' AND is_current", connection).first else {
            throw MatchError(problem: .noLibrary)
        }
        let isInUse: Bool = try connection.query(
            """
            SELECT EXISTS (SELECT FROM yaoce.library_drug d JOIN yaoce.library_version v ON v.id = d.version_id
                WHERE v.kind = 'drugs' AND v.is_current AND d.ypid = \(ypid)
                    AND coalesce(d.status, 'active') NOT IN ('disabled', 'deleted'))
            """
        ).single()
        guard isInUse else { throw MatchError(problem: .unknownCode(ypid, libraryVersion: version.version)) }
    }

    static func change(
        _ before: MatchItem, to after: Outcome, action: String, by name: String, at time: Timestamp,
        _ connection: isolated Connection
    ) throws {
        try connection.query(
            """
            UPDATE yaoce.drug_code_map
            SET state = \(after.state.rawValue), ypid = \(after.ypid), method = \(after.method), level = \(after.level),
                score = \(after.score)::smallint, reason = \(after.reason), decided_by = \(name), decided_at = \(time),
                equivalence = \(after.equivalence?.rawValue), version = version + 1
            WHERE id = \(before.item)
            """)
        let resolved =
            try connection.query("SELECT resolved FROM yaoce.resolve_named_drugs(\([before.item]))")
            .column(0, as: Int.self).first ?? 0
        try connection.query(
            """
            INSERT INTO yaoce.drug_code_history (map_id, at, actor, action, state_before, ypid_before, decided_by_before,
                decided_at_before, state_after, ypid_after, reason, library_version, resolved, equivalence_after)
            VALUES (\(before.item), \(time), \(name), \(action), \(before.state.rawValue), \(before.matchedYPID),
                \(before.decidedBy), \(before.decidedAt), \(after.state.rawValue), \(after.ypid), \(after.reason),
                \(before.libraryVersion), \(resolved), \(after.equivalence?.rawValue))
            """)
    }
}
