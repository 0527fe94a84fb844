/// A moment, in microseconds since 1970-01-01T00:00:00Z. `Core` never asks what time it is: moments come in as arguments.
public struct Timestamp: Sendable, Hashable, Codable {
    /// Microseconds since the Unix epoch.
    public let microseconds: Int64

    /// The moment so many microseconds after the Unix epoch.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    private static let shanghaiOffset: Int64 = 8 * 3600

    /// The day it is in Asia/Shanghai, which has kept UTC+8 without summer time since 1991.
    public var shanghaiDay: CalendarDay {
        let seconds = Timestamp.floorDivide(microseconds, 1_000_000) + Timestamp.shanghaiOffset
        return CalendarDay(daysSince2000: Int32(Timestamp.floorDivide(seconds, 86_400) - 10_957))
    }

    private static func floorDivide(_ value: Int64, _ divisor: Int64) -> Int64 {
        value >= 0 ? value / divisor : (value - divisor + 1) / divisor
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in Asia/Shanghai to the second: `2025-07-31T02:00:05+08:00`.
    public var description: String {
        let seconds = Timestamp.floorDivide(microseconds, 1_000_000) + Timestamp.shanghaiOffset
        let ofDay = seconds - Timestamp.floorDivide(seconds, 86_400) * 86_400
        func twoDigits(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return "\(shanghaiDay)T\(twoDigits(ofDay / 3600)):\(twoDigits(ofDay / 60 % 60)):\(twoDigits(ofDay % 60))+08:00"
    }
}

extension Timestamp: Comparable {
    /// Earlier moments first.
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool { lhs.microseconds < rhs.microseconds }
}
