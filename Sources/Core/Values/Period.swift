/// The time a submission reports on: a year, a quarter or a month.
///
/// Written `2025`, `2025Q3` or `2025-07`.
public struct Period: Sendable, Hashable, Codable {
    /// How long a period is.
    public enum Length: Sendable, Hashable, Codable {
        case year
        /// 1 … 4
        case quarter(Int)
        /// 1 … 12
        case month(Int)
    }

    /// The calendar year, 1900 … 2999.
    public let year: Int
    /// Which part of the year.
    public let length: Length

    /// A period, or `nil` where year, quarter or month are out of range.
    public init?(year: Int, length: Length = .year) {
        guard (1900...2999).contains(year) else { return nil }
        switch length {
        case .year: break
        case .quarter(let quarter): guard (1...4).contains(quarter) else { return nil }
        case .month(let month): guard (1...12).contains(month) else { return nil }
        }
        self.year = year
        self.length = length
    }

    /// Reads exactly `2025`, `2025Q3` or `2025-07`.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        func number(_ range: Range<Int>) -> Int? {
            var value = 0
            for byte in bytes[range] {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                value = value * 10 + Int(byte - UInt8(ascii: "0"))
            }
            return value
        }
        guard bytes.count >= 4, let year = number(0..<4) else { return nil }
        switch bytes.count {
        case 4:
            self.init(year: year)
        case 6 where bytes[4] == UInt8(ascii: "Q") || bytes[4] == UInt8(ascii: "q"):
            guard let quarter = number(5..<6) else { return nil }
            self.init(year: year, length: .quarter(quarter))
        case 7 where bytes[4] == UInt8(ascii: "-"):
            guard let month = number(5..<7) else { return nil }
            self.init(year: year, length: .month(month))
        default:
            return nil
        }
    }

    /// A number that orders periods within a year and says what they are: year × 100 + 0 for the year, 1 … 12 for a
    /// month, 21 … 24 for a quarter. It is the partition key of the fact tables.
    public var key: Int {
        switch length {
        case .year: year * 100
        case .quarter(let quarter): year * 100 + 20 + quarter
        case .month(let month): year * 100 + month
        }
    }

    /// The period with a key.
    public init?(key: Int) {
        switch key % 100 {
        case 0: self.init(year: key / 100)
        case 1...12: self.init(year: key / 100, length: .month(key % 100))
        case 21...24: self.init(year: key / 100, length: .quarter(key % 100 - 20))
        default: return nil
        }
    }

    /// The first day.
    public var start: CalendarDay {
        switch length {
        case .year: CalendarDay(unchecked: year, 1, 1)
        case .quarter(let quarter): CalendarDay(unchecked: year, quarter * 3 - 2, 1)
        case .month(let month): CalendarDay(unchecked: year, month, 1)
        }
    }

    /// The last day.
    public var end: CalendarDay {
        switch length {
        case .year: CalendarDay(unchecked: year, 12, 31)
        case .quarter(let quarter):
            CalendarDay(unchecked: year, quarter * 3, CalendarDay.daysInMonth(quarter * 3, of: year))
        case .month(let month): CalendarDay(unchecked: year, month, CalendarDay.daysInMonth(month, of: year))
        }
    }
}

extension Period: CustomStringConvertible {
    /// As the contract writes it.
    public var description: String {
        switch length {
        case .year: "\(year)"
        case .quarter(let quarter): "\(year)Q\(quarter)"
        case .month(let month): month < 10 ? "\(year)-0\(month)" : "\(year)-\(month)"
        }
    }
}

extension Period: Comparable {
    /// By the first day, longer periods first.
    public static func < (lhs: Period, rhs: Period) -> Bool {
        lhs.start == rhs.start ? lhs.end > rhs.end : lhs.start < rhs.start
    }
}
