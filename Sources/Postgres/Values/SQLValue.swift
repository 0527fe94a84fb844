/// A Swift type that a parameter or a cell can be.
///
/// Values travel in PostgreSQL's binary form: big-endian numbers, UTF-8 text, days since 2000-01-01.
public protocol SQLValue: Sendable {
    /// Its type in PostgreSQL.
    static var sqlType: SQLType { get }
    /// What stands for NULL; `nil` where the type has no such value.
    static var null: Self? { get }
    /// Whether this value is NULL.
    var isNull: Bool { get }
    /// Appends the binary form.
    func encode(into bytes: inout [UInt8])
    /// Reads the binary form of a cell of a type; `nil` where it is none of this.
    init?(sqlBytes: Span<UInt8>, oid: UInt32)
}

extension SQLValue {
    /// Most types have no NULL; `Optional` has.
    public static var null: Self? { nil }
    /// Most values are not NULL.
    public var isNull: Bool { false }
}

/// A type of PostgreSQL and the type of its arrays, by their fixed numbers (`pg_type.dat`).
public struct SQLType: Sendable, Hashable {
    /// The type.
    public let oid: UInt32
    /// Arrays of it.
    public let arrayOID: UInt32

    /// A type.
    public init(oid: UInt32, arrayOID: UInt32) {
        self.oid = oid
        self.arrayOID = arrayOID
    }

    /// `boolean`
    public static let bool = SQLType(oid: 16, arrayOID: 1000)
    /// `bytea`
    public static let bytea = SQLType(oid: 17, arrayOID: 1001)
    /// `smallint`
    public static let int2 = SQLType(oid: 21, arrayOID: 1005)
    /// `integer`
    public static let int4 = SQLType(oid: 23, arrayOID: 1007)
    /// `bigint`
    public static let int8 = SQLType(oid: 20, arrayOID: 1016)
    /// `text`
    public static let text = SQLType(oid: 25, arrayOID: 1009)
    /// `double precision`
    public static let float8 = SQLType(oid: 701, arrayOID: 1022)
    /// `date`
    public static let date = SQLType(oid: 1082, arrayOID: 1182)
    /// `timestamp with time zone`
    public static let timestamptz = SQLType(oid: 1184, arrayOID: 1185)
    /// `uuid`
    public static let uuid = SQLType(oid: 2950, arrayOID: 2951)
}

/// Bytes as they are: `bytea`.
public struct Bytes: Sendable, Hashable {
    /// The bytes.
    public var array: [UInt8]

    /// Some bytes.
    public init(_ array: [UInt8]) { self.array = array }
}

/// A day: `date`.
public struct SQLDate: Sendable, Hashable {
    /// Days since 2000-01-01.
    public var daysSince2000: Int32

    /// The day with a number.
    public init(daysSince2000: Int32) { self.daysSince2000 = daysSince2000 }
}

/// A moment: `timestamptz`.
public struct SQLTimestamp: Sendable, Hashable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    /// The moment so many microseconds after the Unix epoch.
    public init(microseconds: Int64) { self.microseconds = microseconds }
}

/// 128 bits: `uuid`.
public struct SQLUUID: Sendable, Hashable {
    /// The upper 64 bits.
    public var high: UInt64
    /// The lower 64 bits.
    public var low: UInt64

    /// 128 bits.
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }
}
