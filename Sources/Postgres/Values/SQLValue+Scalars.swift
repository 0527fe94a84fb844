// The binary forms of single values. A whole number may be read from any narrower whole number.

extension Int64: SQLValue {
    /// `bigint`
    public static var sqlType: SQLType { .int8 }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
    /// From `bigint`, `integer` or `smallint`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        switch (oid, sqlBytes.count) {
        case (SQLType.int8.oid, 8): self.init(truncatingIfNeeded: sqlBytes.bigEndian())
        case (SQLType.int4.oid, 4): self.init(Int32(truncatingIfNeeded: sqlBytes.bigEndian()))
        case (SQLType.int2.oid, 2): self.init(Int16(truncatingIfNeeded: sqlBytes.bigEndian()))
        default: return nil
        }
    }
}

extension Int: SQLValue {
    /// `bigint`
    public static var sqlType: SQLType { .int8 }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(Int64(self)) }
    /// From `bigint`, `integer` or `smallint`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard let value = Int64(sqlBytes: sqlBytes, oid: oid) else { return nil }
        self.init(value)
    }
}

extension Int32: SQLValue {
    /// `integer`
    public static var sqlType: SQLType { .int4 }
    /// Four bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
    /// From `integer` or `smallint`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard oid != SQLType.int8.oid, let value = Int64(sqlBytes: sqlBytes, oid: oid) else { return nil }
        self.init(truncatingIfNeeded: value)
    }
}

extension Int16: SQLValue {
    /// `smallint`
    public static var sqlType: SQLType { .int2 }
    /// Two bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(self) }
    /// From `smallint`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard oid == SQLType.int2.oid, sqlBytes.count == 2 else { return nil }
        self.init(truncatingIfNeeded: sqlBytes.bigEndian())
    }
}

extension Bool: SQLValue {
    /// `boolean`
    public static var sqlType: SQLType { .bool }
    /// One byte.
    public func encode(into bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
    /// From `boolean`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard oid == SQLType.bool.oid, sqlBytes.count == 1 else { return nil }
        self = sqlBytes[0] != 0
    }
}

extension Double: SQLValue {
    /// `double precision`
    public static var sqlType: SQLType { .float8 }
    /// Eight bytes.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(bitPattern) }
    /// From `double precision` or `real`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        switch (oid, sqlBytes.count) {
        case (SQLType.float8.oid, 8): self.init(bitPattern: sqlBytes.bigEndian())
        case (700, 4): self.init(Float(bitPattern: UInt32(truncatingIfNeeded: sqlBytes.bigEndian())))
        default: return nil
        }
    }
}

extension String: SQLValue {
    /// `text`
    public static var sqlType: SQLType { .text }
    /// UTF-8. PostgreSQL's text cannot hold U+0000: it is written as the four characters `\x00`.
    public func encode(into bytes: inout [UInt8]) {
        guard utf8.contains(0) else {
            bytes.append(contentsOf: utf8)
            return
        }
        for byte in utf8 {
            if byte == 0 { bytes.append(contentsOf: "\\x00".utf8) } else { bytes.append(byte) }
        }
    }
    /// From `text`, `varchar`, `char`, `name`, `"char"`, `json` and `jsonb`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        switch oid {
        case 25, 1043, 1042, 19, 18, 114, 705, 142: self = sqlBytes.string(from: 0)
        case 3802:
            // jsonb is its text behind a version number.
            guard sqlBytes.count > 0, sqlBytes[0] == 1 else { return nil }
            self = sqlBytes.string(from: 1)
        default: return nil
        }
    }
}

extension Bytes: SQLValue {
    /// `bytea`
    public static var sqlType: SQLType { .bytea }
    /// The bytes.
    public func encode(into bytes: inout [UInt8]) { bytes += array }
    /// From `bytea`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard oid == SQLType.bytea.oid else { return nil }
        self.init(sqlBytes.array(from: 0))
    }
}

extension SQLDate: SQLValue {
    /// `date`
    public static var sqlType: SQLType { .date }
    /// Days since 2000-01-01.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(daysSince2000) }
    /// From `date`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard oid == SQLType.date.oid, sqlBytes.count == 4 else { return nil }
        self.init(daysSince2000: Int32(truncatingIfNeeded: sqlBytes.bigEndian()))
    }
}

extension SQLTimestamp: SQLValue {
    /// `timestamptz`
    public static var sqlType: SQLType { .timestamptz }
    /// Between 1970-01-01 and 2000-01-01, where PostgreSQL counts from.
    private static let offset: Int64 = 946_684_800_000_000
    /// Microseconds since 2000-01-01.
    public func encode(into bytes: inout [UInt8]) { bytes.appendBigEndian(microseconds &- SQLTimestamp.offset) }
    /// From `timestamptz`; `infinity` saturates.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard oid == SQLType.timestamptz.oid, sqlBytes.count == 8 else { return nil }
        let value = Int64(truncatingIfNeeded: sqlBytes.bigEndian())
        let (sum, overflow) = value.addingReportingOverflow(SQLTimestamp.offset)
        self.init(microseconds: overflow ? .max : sum)
    }
}

extension SQLUUID: SQLValue {
    /// `uuid`
    public static var sqlType: SQLType { .uuid }
    /// Sixteen bytes.
    public func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
    }
    /// From `uuid`.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard oid == SQLType.uuid.oid, sqlBytes.count == 16 else { return nil }
        self.init(
            high: sqlBytes.extracting(0..<8).bigEndian(), low: sqlBytes.extracting(8..<16).bigEndian())
    }
}
