import Core
import Foundation
import Postgres
import TestDatabase
import TestNight
import Testing

/// Nights of the timetable, 01:30 in Shanghai unless configured otherwise.
@Suite struct `A run of the timetable` {
    /// Microseconds of a moment of January 2026, in Shanghai.
    private func moment(day: Int, _ hour: Int, _ minute: Int) -> String {
        // 2026-01-01 00:00 in Shanghai.
        let newYear: Int64 = 1_767_196_800
        return "\((newYear + Int64((day - 1) * 86_400 + hour * 3_600 + minute * 60)) * 1_000_000)"
    }

    private func run(_ night: Night, at moment: String) async throws -> Program.Ended {
        let program = Program(
            night.folder,
            environment: [
                "YAOCE_DATABASE_URL": night.database.url, "YAOCE_LOG_LEVEL": "error", "YAOCE_NOW": moment,
            ])
        return try await program.expectDone("run", "--scheduled", "--lang", "en")
    }

    @Test func `is done once a night, from its time on, and makes up for nights that were missed`() async throws {
        try await withNight { night in
            let program = Program(night.folder, environment: ["YAOCE_DATABASE_URL": night.database.url])
            try await program.expectDone("init", ".")
            #expect(try await !run(night, at: moment(day: 10, 1, 31)).output.contains("has been done"))
            #expect(try await run(night, at: moment(day: 10, 3, 30)).output.contains("has been done"))
            #expect(try await run(night, at: moment(day: 11, 1, 29)).output.contains("has been done"))
            #expect(try await !run(night, at: moment(day: 13, 1, 30)).output.contains("has been done"))
            let slots = try await night.rows(
                """
                SELECT to_char(slot AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') AS night, run_id, is_caught_up
                FROM yaoce_api.slot ORDER BY slot
                """)
            #expect(
                slots == ["01-10 01:30|1|false", "01-11 01:30|2|true", "01-12 01:30|2|true", "01-13 01:30|2|false"])
        }
    }
}
