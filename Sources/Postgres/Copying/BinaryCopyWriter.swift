import CLibpq
import Glibc

/// Writes rows of a binary `COPY … FROM STDIN` into one reusable buffer and sends it in pieces of about 256 KiB.
///
/// A row is `beginRow(fields:)` and then exactly so many fields. Text must be UTF-8; U+0000, which PostgreSQL's text
/// cannot hold, is written as `\x00`.
@safe
public struct BinaryCopyWriter: ~Copyable {
    private static let pieceSize = 256 << 10

    private let session: Session
    private var buffer: UnsafeMutableRawPointer
    private var capacity: Int
    private var used = 0
    private var isBroken = false
    /// How many rows were begun.
    public private(set) var rows = 0

    init(_ session: Session) {
        self.session = session
        capacity = BinaryCopyWriter.pieceSize + (4 << 10)
        unsafe buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        // Signature, flags, length of the header's extension: PostgreSQL documentation, COPY, Binary Format.
        for byte in "PGCOPY\n".utf8 { put(byte) }
        put(UInt8(0xFF))
        for byte in "\r\n\0".utf8 { put(byte) }
        put(Int32(0))
        put(Int32(0))
    }

    deinit { unsafe buffer.deallocate() }

    // MARK: Rows and fields

    /// Starts a row of so many fields.
    public mutating func beginRow(fields: Int16) {
        if used >= BinaryCopyWriter.pieceSize { send() }
        rows += 1
        reserve(2)
        put(fields)
    }

    /// NULL.
    public mutating func appendNull() {
        reserve(4)
        put(Int32(-1))
    }

    /// `smallint`
    public mutating func append(_ value: Int16) {
        reserve(6)
        put(Int32(2))
        put(value)
    }

    /// `integer`
    public mutating func append(_ value: Int32) {
        reserve(8)
        put(Int32(4))
        put(value)
    }

    /// `bigint`
    public mutating func append(_ value: Int64) {
        reserve(12)
        put(Int32(8))
        put(value)
    }

    /// `smallint` or NULL
    public mutating func append(_ value: Int16?) {
        if let value { append(value) } else { appendNull() }
    }

    /// `integer` or NULL
    public mutating func append(_ value: Int32?) {
        if let value { append(value) } else { appendNull() }
    }

    /// `bigint` or NULL
    public mutating func append(_ value: Int64?) {
        if let value { append(value) } else { appendNull() }
    }

    /// `boolean`
    public mutating func append(_ value: Bool) {
        reserve(5)
        put(Int32(1))
        put(UInt8(value ? 1 : 0))
    }

    /// `date`
    public mutating func append(_ value: SQLDate) { append(value.daysSince2000) }

    /// `uuid`
    public mutating func append(_ value: SQLUUID) {
        reserve(20)
        put(Int32(16))
        put(value.high)
        put(value.low)
    }

    /// `text`, or NULL
    public mutating func append(_ value: String?) {
        guard var value else { return appendNull() }
        let isDone: Void? = value.withUTF8 { utf8 in
            let bytes = UnsafeRawBufferPointer(utf8)
            guard unsafe bytes.baseAddress.map({ unsafe memchr($0, 0, bytes.count) == nil }) ?? true else { return nil }
            unsafe append(raw: bytes)
        }
        if isDone == nil { appendEncoded(value) }
    }

    /// `bytea`
    public mutating func append(bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe append(raw: $0) }
    }

    /// `text` from bytes that are known to be UTF-8 without U+0000.
    public mutating func append(utf8 bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { unsafe append(raw: $0) }
    }

    /// `text` from a part of some bytes that is valid UTF-8, or NULL.
    public mutating func append(text range: Range<Int>?, of bytes: [UInt8]) {
        guard let range else { return appendNull() }
        guard !BinaryCopyWriter.hasZero(bytes, range) else {
            return appendEncoded(String(decoding: bytes[range], as: UTF8.self))
        }
        append(utf8: bytes.span.extracting(range))
    }

    /// `text[]` from parts of some bytes that are valid UTF-8.
    public mutating func append(texts ranges: [Range<Int>], of bytes: [UInt8]) {
        guard !ranges.isEmpty, !ranges.contains(where: { BinaryCopyWriter.hasZero(bytes, $0) }) else {
            return appendEncoded(ranges.map { String(decoding: bytes[$0], as: UTF8.self) })
        }
        // As arrays are written: dimensions, no NULL, the elements' type, how many, the first index.
        let head = [1, 0, Int32(bitPattern: String.sqlType.oid), Int32(ranges.count), 1]
        let size = ranges.reduce(4 * head.count) { $0 + 4 + $1.count }
        reserve(4 + size)
        put(Int32(size))
        for number in head { put(number) }
        for range in ranges { append(utf8: bytes.span.extracting(range)) }
    }

    private static func hasZero(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        unsafe bytes.span.extracting(range).withUnsafeBytes { part in
            unsafe part.baseAddress.map { unsafe memchr($0, 0, part.count) != nil } ?? false
        }
    }

    /// Fields in binary form that were made before, each with its length in front.
    public mutating func append(encodedFields bytes: Span<UInt8>) {
        reserve(bytes.count)
        unsafe bytes.withUnsafeBytes { source in
            if let start = source.baseAddress {
                unsafe (buffer + used).copyMemory(from: start, byteCount: source.count)
            }
        }
        used += bytes.count
    }

    /// `jsonb` from its text, or NULL.
    public mutating func append(jsonb text: String?) {
        guard let text else { return appendNull() }
        var bytes: [UInt8] = [1]
        text.encode(into: &bytes)
        append(bytes: bytes)
    }

    /// Any other value, an array for example; slower than the functions above.
    public mutating func appendEncoded(_ value: some SQLValue) {
        guard !value.isNull else { return appendNull() }
        var bytes: [UInt8] = []
        value.encode(into: &bytes)
        append(bytes: bytes)
    }

    // MARK: The buffer

    private mutating func append(raw bytes: UnsafeRawBufferPointer) {
        reserve(4 + bytes.count)
        put(Int32(bytes.count))
        if let start = bytes.baseAddress { unsafe (buffer + used).copyMemory(from: start, byteCount: bytes.count) }
        used += bytes.count
    }

    private mutating func put<Number: FixedWidthInteger>(_ value: Number) {
        unsafe buffer.storeBytes(of: value.bigEndian, toByteOffset: used, as: Number.self)
        used += Number.bitWidth / 8
    }

    /// Makes room for so many more bytes. A field may be larger than the buffer, so it grows where it must.
    private mutating func reserve(_ count: Int) {
        guard used + count > capacity else { return }
        send()
        guard count > capacity else { return }
        unsafe buffer.deallocate()
        capacity = count + (4 << 10)
        unsafe buffer = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
    }

    /// Hands the bytes to libpq. A broken connection is told at the end of the copy, where the server's reason is known.
    private mutating func send() {
        guard used > 0, !isBroken else {
            used = 0
            return
        }
        let start = unsafe buffer.assumingMemoryBound(to: CChar.self)
        isBroken = unsafe PQputCopyData(session.pointer, start, Int32(used)) != 1
        used = 0
    }

    /// Writes the trailer and sends what is left.
    mutating func finish() {
        reserve(2)
        put(Int16(-1))
        send()
    }

    /// Whether the connection broke, so that going on makes no sense.
    public var isStopped: Bool { isBroken }
}
