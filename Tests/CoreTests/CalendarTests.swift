import Core
import Foundation
import Testing

@Suite struct `Days and periods` {
    @Test func `agree with Foundation's calendar from 1900 to 2200`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        let start = try #require(calendar.date(from: DateComponents(year: 1900, month: 1, day: 1)))
        let first = try #require(CalendarDay(year: 1900, month: 1, day: 1))
        var wrong: [String] = []
        var offset = 0
        while true {
            let date = start.addingTimeInterval(Double(offset) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let (year, month, day) = (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            if year > 2200 { break }
            let expected = first.adding(days: offset)
            let civil = expected.civil
            if CalendarDay(year: year, month: month, day: day) != expected || civil != (year, month, day) {
                wrong.append("\(year)-\(month)-\(day)")
            }
            offset += 1
        }
        #expect(offset == 109_938)
        #expect(wrong == [])
    }

    @Test func `count from 2000 as PostgreSQL does`() {
        #expect(CalendarDay(year: 2000, month: 1, day: 1)?.daysSince2000 == 0)
        #expect(CalendarDay(year: 2026, month: 3, day: 2)?.daysSince2000 == 9_557)
        #expect(CalendarDay(year: 1999, month: 12, day: 31)?.daysSince2000 == -1)
    }

    @Test(arguments: [
        ("20250731", "2025-07-31"), ("2025-07-31", "2025-07-31"), ("20240229", "2024-02-29"),
        ("20000229", "2000-02-29"),
        ("19000101", "1900-01-01"), ("29991231", "2999-12-31"),
    ])
    func `are read`(text: String, shown: String) { #expect(CalendarDay(text)?.description == shown) }

    @Test(arguments: [
        "", "2025", "2025073", "202507311", "2025-7-31", "2025/07/31", "2025-0731", "20250732", "20250229", "19000229",
        "20251301", "20250001", "20250100", "18991231", "30000101", "２０２５０７３１", "2025-07-3a", "-2025073", "45000",
        " 20250731", "2025_07_31",
    ])
    func `that do not exist are not`(text: String) { #expect(CalendarDay(text) == nil) }

    @Test(arguments: [
        ("2025", "2025-01-01", "2025-12-31", 202_500), ("2025Q1", "2025-01-01", "2025-03-31", 202_521),
        ("2025Q4", "2025-10-01", "2025-12-31", 202_524), ("2024-02", "2024-02-01", "2024-02-29", 202_402),
        ("2025-12", "2025-12-01", "2025-12-31", 202_512), ("2025q2", "2025-04-01", "2025-06-30", 202_522),
    ])
    func `of a period are its first and last`(text: String, start: String, end: String, key: Int) throws {
        let period = try #require(Period(text))
        #expect(period.start.description == start)
        #expect(period.end.description == end)
        #expect(period.key == key)
        #expect(Period(key: key) == period)
        #expect(Period(period.description) == period)
    }

    @Test(arguments: [
        "", "25", "2025Q", "2025Q0", "2025Q5", "2025-00", "2025-13", "2025-1", "2025-001", "202501", "1899", "3000",
        "２０２５", "2025 ", " 2025", "2025H1", "2025Q10", "2025_01",
    ])
    func `of no period are none`(text: String) { #expect(Period(text) == nil) }

    @Test func `in order put longer periods first`() throws {
        let sorted = try ["2025-01", "2025", "2024-12", "2025Q1", "2025-02", "2025Q2", "2024"].map {
            try #require(Period($0))
        }.sorted()
        #expect(sorted.map(\.description) == ["2024", "2024-12", "2025", "2025Q1", "2025-01", "2025-02", "2025Q2"])
        #expect(Period(key: 202_513) == nil)
        #expect(Period(key: 202_525) == nil)
        #expect(Period(key: -1) == nil)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T08:00:00+08:00"), (1_767_225_599_999_999, "2026-01-01T07:59:59+08:00"),
            (1_767_196_800_000_000, "2026-01-01T00:00:00+08:00"), (-1, "1970-01-01T07:59:59+08:00"),
            (1_767_196_799_999_999, "2025-12-31T23:59:59+08:00"),
        ] as [(Int64, String)])
    func `of a moment are those of Shanghai`(microseconds: Int64, shown: String) {
        let moment = Timestamp(microseconds: microseconds)
        #expect(moment.description == shown)
        #expect(moment.shanghaiDay.description == shown.prefix(10))
    }
}
