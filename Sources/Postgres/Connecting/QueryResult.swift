import CLibpq

/// One libpq result. It cannot be copied, so the C memory is released once, at a known place.
///
/// `Sendable` without a check: libpq documents a result as read-only after its creation, and it has one owner.
@safe
public struct QueryResult: ~Copyable, @unchecked Sendable {
    private let pointer: OpaquePointer
    private let statement: String

    init(adopting pointer: OpaquePointer, statement: String) {
        unsafe self.pointer = pointer
        self.statement = statement
    }

    deinit { unsafe PQclear(pointer) }

    /// How many rows.
    public var count: Int { Int(unsafe PQntuples(pointer)) }
    /// How many columns.
    public var columnCount: Int { Int(unsafe PQnfields(pointer)) }
    /// How many rows the statement inserted, changed, removed, copied or gave.
    public var affectedRows: Int {
        guard let text = unsafe PQcmdTuples(pointer) else { return 0 }
        return Int(unsafe String(cString: text)) ?? 0
    }

    /// The name of a column.
    public func columnName(_ column: Int) -> String? {
        guard let name = unsafe PQfname(pointer, Int32(column)) else { return nil }
        return unsafe String(cString: name)
    }

    /// Whether a cell is NULL.
    public func isNull(_ row: Int, _ column: Int) -> Bool {
        unsafe PQgetisnull(pointer, Int32(row), Int32(column)) == 1
    }

    /// A cell as a Swift value; a NULL needs an optional type. Another type in the database is an error, not a guess.
    @specialized(where Value == String)
    @specialized(where Value == String?)
    @specialized(where Value == Int)
    @specialized(where Value == Int?)
    @specialized(where Value == Int32)
    @specialized(where Value == Int64)
    @specialized(where Value == Bool)
    @specialized(where Value == [String]?)
    @specialized(where Value == SQLUUID)
    @specialized(where Value == SQLUUID?)
    public func value<Value: SQLValue>(_ row: Int, _ column: Int, as type: Value.Type = Value.self)
        throws(PostgresError)
        -> Value
    {
        guard row >= 0, row < count, column >= 0, column < columnCount else {
            throw mismatch("row \(row), column \(column) of a result of \(count) rows and \(columnCount) columns")
        }
        guard !isNull(row, column) else {
            guard let null = Value.null else { throw mismatch("NULL in column \(column + 1)") }
            return null
        }
        let length = Int(unsafe PQgetlength(pointer, Int32(row), Int32(column)))
        let oid = unsafe PQftype(pointer, Int32(column))
        guard let start = unsafe PQgetvalue(pointer, Int32(row), Int32(column)) else {
            throw mismatch("no value in column \(column + 1)")
        }
        let bytes = unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: length))
        guard let value = Value(sqlBytes: bytes, oid: oid) else {
            throw mismatch("column \(column + 1) of type \(oid) is no \(Value.self)")
        }
        return value
    }

    // Asked for another type each time, `value` looks up which of its forms is meant; where a million cells are read, that
    // is a third of it.

    /// A cell of `text`.
    public func text(_ row: Int, _ column: Int) throws(PostgresError) -> String { try value(row, column) }

    /// A cell of `text`, or NULL.
    public func optionalText(_ row: Int, _ column: Int) throws(PostgresError) -> String? {
        isNull(row, column) ? nil : try value(row, column, as: String.self)
    }

    /// A whole number.
    public func integer(_ row: Int, _ column: Int) throws(PostgresError) -> Int { try value(row, column) }

    /// A whole number, or NULL.
    public func optionalInteger(_ row: Int, _ column: Int) throws(PostgresError) -> Int? {
        isNull(row, column) ? nil : try value(row, column, as: Int.self)
    }

    /// A cell of `text[]`, or NULL.
    public func optionalTexts(_ row: Int, _ column: Int) throws(PostgresError) -> [String]? {
        isNull(row, column) ? nil : try value(row, column, as: [String].self)
    }

    /// A cell of `uuid`, or NULL.
    public func optionalUUID(_ row: Int, _ column: Int) throws(PostgresError) -> SQLUUID? {
        isNull(row, column) ? nil : try value(row, column, as: SQLUUID.self)
    }

    /// Gives the bytes of a cell as they came, of a text its UTF-8; none for NULL. They are gone when `body` returns.
    public func withBytes<Value>(_ row: Int, _ column: Int, _ body: (Span<UInt8>) throws -> Value) throws -> Value {
        guard row >= 0, row < count, column >= 0, column < columnCount else {
            throw mismatch("row \(row), column \(column) of a result of \(count) rows and \(columnCount) columns")
        }
        let length = Int(unsafe PQgetlength(pointer, Int32(row), Int32(column)))
        guard !isNull(row, column), let start = unsafe PQgetvalue(pointer, Int32(row), Int32(column)) else {
            return try body(Span())
        }
        return try body(unsafe Span<UInt8>(_unsafeBytes: UnsafeRawBufferPointer(start: start, count: length)))
    }

    /// The one cell of a result with one row; an error where there is none.
    public func single<Value: SQLValue>(_ type: Value.Type = Value.self) throws(PostgresError) -> Value {
        guard count == 1 else { throw mismatch("\(count) rows where one was expected") }
        return try value(0, 0)
    }

    /// The first column of all rows.
    public func column<Value: SQLValue>(_ column: Int = 0, as type: Value.Type = Value.self) throws(PostgresError)
        -> [Value]
    {
        var values: [Value] = []
        values.reserveCapacity(count)
        for row in 0..<count { values.append(try value(row, column)) }
        return values
    }

    private func mismatch(_ message: String) -> PostgresError {
        PostgresError(.mismatch, message: message, statement: statement)
    }
}
