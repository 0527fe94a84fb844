internal import Core

/// Appends values to bytes: fixed-width little-endian numbers, texts with their length before them.
struct StagingEncoder {
    private(set) var bytes: [UInt8] = []

    mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    mutating func append(_ value: some FixedWidthInteger) {
        var rest = value.littleEndian
        unsafe withUnsafeBytes(of: &rest) { unsafe bytes.append(contentsOf: $0) }
    }

    mutating func append(_ text: String) {
        let utf8 = text.utf8
        append(UInt32(utf8.count))
        bytes.append(contentsOf: utf8)
    }

    mutating func append(_ text: String?) {
        guard let text else { return append(UInt32.max) }
        append(text)
    }

    mutating func append(_ blob: [UInt8]) {
        append(UInt32(blob.count))
        bytes.append(contentsOf: blob)
    }

    /// Optional numbers: one byte that says whether there is one.
    mutating func append(_ value: Int?) {
        append(UInt8(value == nil ? 0 : 1))
        if let value { append(Int64(value)) }
    }

    mutating func append(_ rows: [MovementRow]) {
        append(UInt32(rows.count))
        // The layout never leaves this machine: the file is read back by the same program, or made anew.
        let start = bytes.count
        unsafe rows.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        // Between the fields lies memory that nobody has set: the same rows are the same bytes.
        for row in rows.indices {
            for offset in StagingEncoder.gap { bytes[start + row * MemoryLayout<MovementRow>.stride + offset] = 0 }
        }
    }

    /// What lies between the 32-bit numbers of a movement and the 64-bit ones.
    private static let gap: Range<Int> = {
        guard let drug = MemoryLayout<MovementRow>.offset(of: \.drug),
            let amount = MemoryLayout<MovementRow>.offset(of: \.amount), drug < amount
        else { return 0..<0 }
        return drug + MemoryLayout<Int32>.size..<amount
    }()

    mutating func append(_ origin: RowOrigin) {
        append(origin.file)
        append(origin.line)
        append(origin.row)
    }
}

/// Reads back what `StagingEncoder` wrote; whatever does not fit is `StagingError.damaged`.
struct StagingDecoder {
    let bytes: [UInt8]
    private var offset: Int
    private let end: Int
    private let name: String

    /// Reads a part of some bytes.
    init(_ bytes: [UInt8], _ part: Range<Int>, name: String) {
        self.bytes = bytes
        offset = part.lowerBound
        end = part.upperBound
        self.name = name
    }

    private mutating func take(_ count: Int) throws(StagingError) -> Range<Int> {
        guard count >= 0, end - offset >= count else { throw StagingError(problem: .damaged, path: name) }
        defer { offset += count }
        return offset..<offset + count
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(StagingError) -> Value {
        let range = try take(MemoryLayout<Value>.size)
        return unsafe bytes.withUnsafeBytes { buffer in
            unsafe Value(littleEndian: buffer.loadUnaligned(fromByteOffset: range.lowerBound, as: Value.self))
        }
    }

    mutating func text() throws(StagingError) -> String {
        let count: UInt32 = try integer()
        return String(decoding: bytes[try take(Int(count))], as: UTF8.self)
    }

    /// Where a text stands that is only handed on.
    mutating func extent() throws(StagingError) -> Range<Int> {
        let count: UInt32 = try integer()
        return try valid(try take(Int(count)))
    }

    mutating func optionalExtent() throws(StagingError) -> Range<Int>? {
        let count: UInt32 = try integer()
        return count == UInt32.max ? nil : try valid(try take(Int(count)))
    }

    /// Nobody behind here looks at the bytes any more, so that they are UTF-8 is asked here.
    private func valid(_ range: Range<Int>) throws(StagingError) -> Range<Int> {
        let text = bytes.span.extracting(range)
        guard !ByteWords.isASCII(text) else { return range }
        var index = 0
        while index < text.count {
            guard let (_, length) = UTF8Scan.scalar(in: text, at: index) else {
                throw StagingError(problem: .damaged, path: name)
            }
            index += length
        }
        return range
    }

    mutating func optionalText() throws(StagingError) -> String? {
        let count: UInt32 = try integer()
        guard count != UInt32.max else { return nil }
        return String(decoding: bytes[try take(Int(count))], as: UTF8.self)
    }

    mutating func blob() throws(StagingError) -> [UInt8] {
        let count: UInt32 = try integer()
        return Array(bytes[try take(Int(count))])
    }

    mutating func optionalInteger() throws(StagingError) -> Int? {
        let flag: UInt8 = try integer()
        guard flag == 1 else { return nil }
        let value: Int64 = try integer()
        return Int(value)
    }

    mutating func optionalFlag() throws(StagingError) -> Int16? {
        guard let value = try optionalInteger() else { return nil }
        guard let flag = Int16(exactly: value) else { throw StagingError(problem: .damaged, path: name) }
        return flag
    }

    mutating func movements() throws(StagingError) -> [MovementRow] {
        let count: UInt32 = try integer()
        let stride = MemoryLayout<MovementRow>.stride
        let range = try take(Int(count) * stride)
        return unsafe bytes.withUnsafeBytes { buffer in
            (0..<Int(count)).map { index in
                unsafe buffer.loadUnaligned(fromByteOffset: range.lowerBound + index * stride, as: MovementRow.self)
            }
        }
    }

    mutating func origin() throws(StagingError) -> RowOrigin {
        RowOrigin(file: try integer(), line: try integer(), row: try integer())
    }
}

/// Why a staging file could not be written or read.
struct StagingError: Error, CustomStringConvertible {
    enum Problem {
        case system(String)
        /// Cut short or not ours. The submission goes back to precheck, which writes it anew.
        case damaged
    }

    var problem: Problem
    var path: String

    /// A staging file is ours alone: that it cannot be written is never a submission's fault.
    var isOfTheMachine: Bool {
        if case .system = problem { return true }
        return false
    }

    var description: String {
        switch problem {
        case .system(let reason): "\(path): \(reason)"
        case .damaged: "\(path): the staging file is damaged or cut short; precheck will write it again"
        }
    }
}
