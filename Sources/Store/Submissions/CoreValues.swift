public import Core
public import Postgres

// How the values of Core travel to PostgreSQL and back.

extension CalendarDay: SQLValue {
    /// `date`
    public static var sqlType: SQLType { .date }
    /// The binary form.
    public func encode(into bytes: inout [UInt8]) { SQLDate(daysSince2000: daysSince2000).encode(into: &bytes) }
    /// From the binary form.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard let date = SQLDate(sqlBytes: sqlBytes, oid: oid) else { return nil }
        self.init(daysSince2000: date.daysSince2000)
    }
}

extension Timestamp: SQLValue {
    /// `timestamptz`
    public static var sqlType: SQLType { .timestamptz }
    /// The binary form.
    public func encode(into bytes: inout [UInt8]) { SQLTimestamp(microseconds: microseconds).encode(into: &bytes) }
    /// From the binary form.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard let moment = SQLTimestamp(sqlBytes: sqlBytes, oid: oid) else { return nil }
        self.init(microseconds: moment.microseconds)
    }
}

extension Fingerprint: SQLValue {
    /// `uuid`
    public static var sqlType: SQLType { .uuid }
    /// The binary form.
    public func encode(into bytes: inout [UInt8]) { SQLUUID(high: high, low: low).encode(into: &bytes) }
    /// From the binary form.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard let bits = SQLUUID(sqlBytes: sqlBytes, oid: oid) else { return nil }
        self.init(high: bits.high, low: bits.low)
    }
}

extension SubmissionID: SQLValue {
    /// `int4`
    public static var sqlType: SQLType { .int4 }
    /// The binary form.
    public func encode(into bytes: inout [UInt8]) { Int32(clamping: rawValue).encode(into: &bytes) }
    /// From the binary form.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard let number = Int(sqlBytes: sqlBytes, oid: oid) else { return nil }
        self.init(number)
    }
}

extension SHA256Digest: SQLValue {
    /// `bytea`
    public static var sqlType: SQLType { .bytea }
    /// The binary form.
    public func encode(into bytes: inout [UInt8]) {
        var high: UInt8?
        for digit in hex.utf8 {
            let value = digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : digit - UInt8(ascii: "a") + 10
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
    }
    /// From the binary form.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard let bytes = Bytes(sqlBytes: sqlBytes, oid: oid), bytes.array.count == 32 else { return nil }
        self.init(bytes: bytes.array)
    }
}

extension Stage {
    /// 1 receive … 6 report, as the database counts them.
    var number: Int16 {
        switch self {
        case .receive: 1
        case .compare: 2
        case .precheck: 3
        case .load: 4
        case .postcheck: 5
        case .report: 6
        }
    }

    init?(number: Int) {
        guard Stage.allCases.indices.contains(number - 1) else { return nil }
        self = Stage.allCases[number - 1]
    }
}
