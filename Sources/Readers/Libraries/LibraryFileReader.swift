public import Core

/// Reads a reference library: CSV with a header, UTF-8 (contract section 1, "Reference libraries").
public struct LibraryFileReader {
    /// Why a file is no library.
    public struct Failure: Error, Sendable, Hashable {
        /// What is wrong, in both languages.
        public var phrase: Phrase
        /// The physical line, where one is to blame.
        public var line: Int?
    }

    private let name: String
    private let limits: ReadingLimits
    private static let pieceBytes = 1 << 20

    /// A reader for a file.
    public init(name: String, limits: ReadingLimits = ReadingLimits()) {
        self.name = name
        self.limits = limits
    }

    /// Calls `each` for every row. Blank lines are passed over; blank values are absent.
    /// - Throws: `Failure` where the file is not UTF-8 or a record is broken; what `each` throws.
    public func forEachRow(of source: any ByteSource, _ each: (LibraryRow) throws -> Void) throws {
        var scanner = DelimitedScanner(Dialect(), recordLimit: limits.recordBytes)
        var bytes: [UInt8] = []
        var start = 0
        var line = 1
        var isAtEnd = false
        var header: [String] = []
        while true {
            switch scanner.scan(bytes.span, from: start, isLast: isAtEnd) {
            case .record:
                let fields = try fields(scanner, bytes, line)
                if header.isEmpty {
                    header = fields.map { $0.trimmingBlanks().lowercased() }
                } else if fields.contains(where: { !$0.isEmpty }) {
                    try each(try row(fields, header, line))
                }
                start = scanner.next
                line += scanner.lineBreaks
            case .needsInput:
                bytes.removeFirst(start)
                start = 0
                isAtEnd = try source.read(into: &bytes, atMost: LibraryFileReader.pieceBytes) == 0
                if line == 1, header.isEmpty, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
            case .openQuote, .tooLong:
                throw Failure(
                    phrase: Phrase("引号没有闭合或记录过长", "a quote is not closed, or the record is too long"), line: line)
            case .endOfInput:
                return
            }
        }
    }

    private func row(_ fields: [String], _ header: [String], _ line: Int) throws -> LibraryRow {
        guard fields.count <= header.count || fields[header.count...].allSatisfy(\.isEmpty) else {
            throw Failure(
                phrase: Phrase(
                    "有 \(fields.count) 个字段，表头有 \(header.count) 个",
                    "\(fields.count) fields, but the header has \(header.count)"), line: line)
        }
        var values: [String: String] = [:]
        for (name, value) in zip(header, fields) where !name.isEmpty && !value.isEmpty { values[name] = value }
        return LibraryRow(line: line, values: values)
    }

    private func fields(_ scanner: DelimitedScanner, _ bytes: [UInt8], _ line: Int) throws -> [String] {
        try scanner.fields.fields.map { field in
            guard let text = String(validating: bytes[field.range], as: UTF8.self) else {
                throw Failure(phrase: Phrase("不是有效的 UTF-8", "not valid UTF-8"), line: line)
            }
            let plain = field.form == .quotedWithEscapes ? text.replacing("\"\"", with: "\"") : text
            return plain.trimmingBlanks()
        }
    }
}

extension String {
    fileprivate func trimmingBlanks() -> String {
        var scalars = unicodeScalars[...]
        while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
        while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
        return String(scalars)
    }
}
