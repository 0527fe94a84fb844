public import Core
import Postgres

extension PostgresStore: WorkQueue {
    /// Enters this process as a worker.
    public func join(name: String, patience: Double) async throws {
        guard claims.worker == nil else { return }
        let id = try await heartbeat.start(name: name, patience: patience)
        claims.enter(id)
        try await connection.perform { _ = try $0.query(Heartbeat.called(id)) }
        try await runLock.call(id)
    }

    /// Ends being a worker; what it had claimed is free.
    public func leave() async throws {
        guard let id = claims.worker else { return }
        claims.enter(nil)
        try await heartbeat.stop(id)
    }

    /// Up to so many submissions that wait for a stage and that nobody else is at.
    public func claim(
        for stage: Stage, limit: Int, leavingOut failed: Set<SubmissionID>
    ) async throws -> [Submission] {
        guard let worker = claims.worker else {
            return try await waiting(for: stage, limit: limit + failed.count).filter { !failed.contains($0.id) }
        }
        let left = Array(failed)
        let claims = claims
        let ids = try await connection.perform { connection -> [SubmissionID] in
            // Most looks find nothing, and need no transaction to say so.
            let isAnything: Bool = try connection.query(
                """
                SELECT EXISTS (SELECT FROM yaoce.submission s WHERE s.waiting_for = \(stage.number)
                    AND s.set_aside_reason IS NULL AND s.withdrawn_at IS NULL)
                """, named: "claim"
            ).single()
            guard isAnything else { return [] }
            return try connection.withTransaction(named: "claim") { connection in
                try Workers.endSilent(connection, besides: worker)
                let rows = try connection.query(
                    """
                    WITH free AS (
                        SELECT s.id FROM yaoce.submission s
                        WHERE s.waiting_for = \(stage.number) AND s.set_aside_reason IS NULL AND s.withdrawn_at IS NULL
                            AND s.id <> ALL (\(left)) AND NOT EXISTS (SELECT FROM yaoce.claim c
                                JOIN yaoce.live_worker w USING (worker_id)
                                WHERE c.submission_id = s.id AND c.worker_id <> \(worker))
                        ORDER BY s.id LIMIT \(limit) FOR UPDATE OF s SKIP LOCKED
                    )
                    INSERT INTO yaoce.claim (submission_id, worker_id, token)
                    SELECT id, \(worker), nextval('yaoce.claim_token') FROM free
                    ON CONFLICT (submission_id) DO UPDATE
                    SET worker_id = excluded.worker_id, token = excluded.token, claimed_at = clock_timestamp()
                    WHERE claim.worker_id = \(worker)
                        OR claim.worker_id NOT IN (SELECT worker_id FROM yaoce.live_worker)
                    RETURNING submission_id, token
                    """)
                var tokens: [SubmissionID: Int] = [:]
                for row in 0..<rows.count { tokens[try rows.value(row, 0)] = try rows.value(row, 1) }
                claims.add(tokens)
                return tokens.keys.sorted()
            }
        }
        return ids.isEmpty ? [] : try await submissions(numbered: ids)
    }

    /// Gives claims back.
    public func release(_ submissions: [SubmissionID]) async throws {
        guard let worker = claims.worker, !submissions.isEmpty else { return }
        claims.forget(submissions)
        try await connection.perform { connection in
            _ = try connection.query(
                "DELETE FROM yaoce.claim WHERE worker_id = \(worker) AND submission_id = ANY (\(submissions))")
        }
    }

    /// Whether another living worker has claims.
    public func othersAreWorking() async throws -> Bool {
        let own = claims.worker ?? 0
        return try await read { connection in
            try connection.query(
                """
                SELECT EXISTS (SELECT FROM yaoce.claim JOIN yaoce.live_worker USING (worker_id) WHERE worker_id <> \(own))
                """
            ).single()
        }
    }

    /// The business date of the run that is under way; `nil` where none is.
    public func activeBusinessDate() async throws -> CalendarDay? {
        try await read { connection in
            guard try RunLock.isHeld(connection) else { return nil }
            return try connection.query(
                "SELECT business_date FROM yaoce.run WHERE finished_at IS NULL ORDER BY run_id DESC LIMIT 1"
            ).column(0, as: CalendarDay.self).first
        }
    }

    /// Whether a night of the timetable is still to be done; enters it, and those missed before it, as begun.
    public func begin(
        slot: Timestamp, earlier: @Sendable (Timestamp) -> Timestamp, at time: Timestamp
    ) async throws -> SlotDecision {
        try await write { connection in
            let rows = try connection.query("SELECT finished_at IS NOT NULL FROM yaoce.slot WHERE slot = \(slot)")
            if rows.count == 1, try rows.value(0, 0) { return .done }
            let last = try connection.query("SELECT max(slot) FROM yaoce.slot WHERE slot < \(slot)")
                .value(0, 0, as: Timestamp?.self)
            // What was missed is entered once, with the night that makes up for it.
            var missed: [Timestamp] = []
            if let last {
                var night = earlier(slot)
                while night > last, missed.count < 1_000 {
                    missed.append(night)
                    night = earlier(night)
                }
            }
            try connection.query(
                """
                INSERT INTO yaoce.slot (slot, begun_at, is_caught_up) SELECT slot, \(time), true
                FROM unnest(\(missed)) AS t (slot) ON CONFLICT DO NOTHING
                """)
            try connection.query(
                "INSERT INTO yaoce.slot (slot, begun_at) VALUES (\(slot), \(time)) ON CONFLICT DO NOTHING")
            let open: Int = try connection.query(
                "SELECT count(*) FROM yaoce.slot WHERE slot < \(slot) AND finished_at IS NULL"
            ).single()
            return .due(missed: open)
        }
    }

    /// A night of the timetable, and all that were missed before it, have been done by a run.
    public func finish(slot: Timestamp, run: Int, at time: Timestamp) async throws {
        try await write { connection in
            try connection.query(
                """
                UPDATE yaoce.slot SET run_id = \(run), finished_at = \(time), is_caught_up = slot <> \(slot)
                WHERE slot <= \(slot) AND finished_at IS NULL
                """)
        }
    }
}

enum Workers {
    /// Ends the sessions of workers that do not answer; how many. One that stopped may hold locks in the middle of a
    /// transaction, and would go on with it when it wakes.
    @discardableResult
    static func endSilent(_ connection: isolated Connection, besides own: Int) throws -> Int {
        try connection.query(
            """
            SELECT pg_terminate_backend(a.pid) FROM yaoce.worker w
            JOIN pg_stat_activity a ON a.application_name = 'yaoce worker ' || w.worker_id
            WHERE w.ended_at IS NULL AND a.datname = current_database() AND w.worker_id <> \(own)
                AND w.heartbeat_at < clock_timestamp() - make_interval(secs => w.patience)
            """, named: "silent workers"
        ).count
    }
}
