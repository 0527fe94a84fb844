// NULL and arrays, made of the single values.

extension Optional: SQLValue where Wrapped: SQLValue {
    /// The type of the value.
    public static var sqlType: SQLType { Wrapped.sqlType }
    /// `nil` is NULL.
    public static var null: Wrapped?? { .some(nil) }
    /// Whether it is `nil`.
    public var isNull: Bool { self == nil }
    /// The value's form.
    public func encode(into bytes: inout [UInt8]) { self?.encode(into: &bytes) }
    /// The value's form.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard let value = Wrapped(sqlBytes: sqlBytes, oid: oid) else { return nil }
        self = .some(value)
    }
}

extension Array: SQLValue where Element: SQLValue {
    /// The array type of the elements.
    public static var sqlType: SQLType { SQLType(oid: Element.sqlType.arrayOID, arrayOID: 0) }

    /// Dimensions, whether a NULL is in it, the element type, the size and lower bound, then each element with its length.
    public func encode(into bytes: inout [UInt8]) {
        bytes.appendBigEndian(Int32(isEmpty ? 0 : 1))
        bytes.appendBigEndian(Int32(contains { $0.isNull } ? 1 : 0))
        bytes.appendBigEndian(Element.sqlType.oid)
        guard !isEmpty else { return }
        bytes.appendBigEndian(Int32(count))
        bytes.appendBigEndian(Int32(1))
        for element in self {
            guard !element.isNull else {
                bytes.appendBigEndian(Int32(-1))
                continue
            }
            let lengthAt = bytes.count
            bytes.appendBigEndian(Int32(0))
            element.encode(into: &bytes)
            let length = UInt32(bytes.count - lengthAt - 4)
            for index in 0..<4 {
                bytes[lengthAt + index] = UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32(index)))
            }
        }
    }

    /// From an array of one dimension.
    public init?(sqlBytes: Span<UInt8>, oid: UInt32) {
        guard sqlBytes.count >= 12 else { return nil }
        func number(_ offset: Int) -> Int {
            Int(Int32(truncatingIfNeeded: sqlBytes.extracting(offset..<offset + 4).bigEndian()))
        }
        let dimensions = number(0)
        let elementOID = UInt32(truncatingIfNeeded: number(8))
        self = []
        guard dimensions > 0 else { return }
        guard dimensions == 1, sqlBytes.count >= 20 else { return nil }
        var offset = 20
        for _ in 0..<Swift.max(0, number(12)) {
            guard offset + 4 <= sqlBytes.count else { return nil }
            let length = number(offset)
            offset += 4
            if length < 0 {
                guard let null = Element.null else { return nil }
                append(null)
                continue
            }
            guard offset + length <= sqlBytes.count,
                let element = Element(sqlBytes: sqlBytes.extracting(offset..<offset + length), oid: elementOID)
            else { return nil }
            append(element)
            offset += length
        }
    }
}

extension [UInt8] {
    mutating func appendBigEndian(_ value: some FixedWidthInteger) {
        var shift = value.bitWidth
        while shift > 0 {
            shift -= 8
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }
}

extension Span<UInt8> {
    /// The bytes as one big-endian number, at most eight of them.
    func bigEndian() -> UInt64 {
        var value: UInt64 = 0
        for index in indices { value = value << 8 | UInt64(self[index]) }
        return value
    }

    func array(from start: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count - start)
        for index in start..<count { bytes.append(self[index]) }
        return bytes
    }

    func string(from start: Int) -> String {
        unsafe extracting(start..<count).withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
