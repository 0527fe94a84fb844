import Core

/// The nights of the timetable: `run.at` of every day, Asia/Shanghai.
struct Timetable: Sendable {
    /// Minutes after midnight.
    let minutes: Int

    /// `01:30`
    init?(_ text: String) {
        let parts = text.split(separator: ":").map { Int($0) }
        guard parts.count == 2, let hour = parts[0], let minute = parts[1], (0...23).contains(hour),
            (0...59).contains(minute)
        else { return nil }
        minutes = hour * 60 + minute
    }

    init(minutes: Int) { self.minutes = minutes }

    private static let day: Int64 = 86_400_000_000
    /// Asia/Shanghai has kept UTC+8 since 1991.
    private static let offset: Int64 = 8 * 3_600_000_000

    /// The newest night that has begun by a moment.
    func night(at time: Timestamp) -> Timestamp {
        let start = Int64(minutes) * 60_000_000
        let local = time.microseconds + Timetable.offset - start
        let days = local >= 0 ? local / Timetable.day : (local - Timetable.day + 1) / Timetable.day
        return Timestamp(microseconds: days * Timetable.day + start - Timetable.offset)
    }

    /// The night before a night.
    @Sendable static func earlier(_ night: Timestamp) -> Timestamp {
        Timestamp(microseconds: night.microseconds - day)
    }
}
