/// A day of the Gregorian calendar, without a time; days are those of Asia/Shanghai.
public struct CalendarDay: Sendable, Hashable, Codable {
    /// Days since 2000-01-01, as PostgreSQL counts them.
    public let daysSince2000: Int32

    /// The day with a number.
    public init(daysSince2000: Int32) { self.daysSince2000 = daysSince2000 }

    /// A day, or `nil` where there is none with that number.
    public init?(year: Int, month: Int, day: Int) {
        guard (1900...2999).contains(year), (1...12).contains(month),
            day >= 1, day <= CalendarDay.daysInMonth(month, of: year)
        else { return nil }
        self.init(unchecked: year, month, day)
    }

    // Howard Hinnant's days_from_civil, https://howardhinnant.github.io/date_algorithms.html, moved to 2000-01-01.
    init(unchecked year: Int, _ month: Int, _ day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSince2000 = Int32(era * 146_097 + dayOfEra - 730_425)
    }

    static func daysInMonth(_ month: Int, of year: Int) -> Int {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Year, month and day of the calendar.
    public var civil: (year: Int, month: Int, day: Int) {
        let shifted = Int(daysSince2000) + 730_425
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The day so many days later.
    public func adding(days: Int) -> CalendarDay { CalendarDay(daysSince2000: daysSince2000 + Int32(days)) }

    /// Reads exactly `2025-07-31` or `20250731`; `nil` for everything else, also for a day that does not exist.
    public init?(_ text: Span<UInt8>) {
        guard text.count == 8 || text.count == 10 else { return nil }
        let isDashed = text.count == 10
        if isDashed {
            guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-") else { return nil }
        }
        func number(_ start: Int, _ count: Int) -> Int? {
            var value = 0
            for index in start..<start + count {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                value = value * 10 + Int(digit)
            }
            return value
        }
        guard let year = number(0, 4), let month = number(isDashed ? 5 : 4, 2), let day = number(isDashed ? 8 : 6, 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Reads exactly `2025-07-31` or `20250731`.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        self.init(bytes.span)
    }
}

extension CalendarDay: CustomStringConvertible {
    /// `2025-07-31`
    public var description: String {
        let (year, month, day) = civil
        func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(year)-\(twoDigits(month))-\(twoDigits(day))"
    }
}

extension CalendarDay: Comparable {
    /// Earlier days first.
    public static func < (lhs: CalendarDay, rhs: CalendarDay) -> Bool { lhs.daysSince2000 < rhs.daysSince2000 }
}
