public import Core

/// Which column of a table a header names, however the sender wrote it.
///
/// The Chinese header, the English name and the aliases of a column are equivalent; so are full- and half-width
/// brackets and letters, letter case, blanks and line breaks anywhere, `_` and `-`, the `*` of required columns and a
/// `（元）` at the end. A unit that changes the value, `（万元）`, is not: such a header is unknown.
public struct HeaderIndex: Sendable {
    /// What a header names.
    public enum Match: Sendable, Hashable {
        /// The column at a position of the data set.
        case column(Int)
        /// A running number (序号), or the explanations that a fix file came with (错误说明): read past.
        case ignored
    }

    private let matches: [String: Match]
    /// The same for headers as they stand in the table, which is how nearly all senders write them: as bytes, which are
    /// compared as they are.
    private let written: [[UInt8]: Match]

    /// The headers of a table.
    public init(_ dataSet: DataSet) {
        var matches: [String: Match] = [:]
        for name in ["序号", "行号", "source_seq", "no", "no.", "错误说明"] { matches[Self.key(name)] = .ignored }
        // A name or header goes before another column's alias.
        for (position, column) in dataSet.columns.enumerated() {
            matches[Self.key(column.name)] = .column(position)
            matches[Self.key(column.header)] = .column(position)
        }
        for (position, column) in dataSet.columns.enumerated() {
            for alias in column.aliases where matches[Self.key(alias)] == nil {
                matches[Self.key(alias)] = .column(position)
            }
        }
        self.matches = matches
        let asWritten = dataSet.columns.flatMap { [$0.header, $0.name] + $0.aliases }
        written = Dictionary(
            asWritten.compactMap { name in matches[Self.key(name)].map { (Array(name.utf8), $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The headers of the tables, made once: there are as many files as there are hospitals, times five.
    private static let shared = Dictionary(
        uniqueKeysWithValues: DataTable.allCases.map { ($0, HeaderIndex(DataSet.of($0))) })

    static func of(_ table: DataTable) -> HeaderIndex { shared[table] ?? HeaderIndex(DataSet.of(table)) }

    /// What a header names that is written as in the table; `nil` where it is written otherwise or names nothing.
    subscript(written header: String) -> Match? { written[Array(header.utf8)] }

    /// What a header names whose key is known.
    subscript(key key: String) -> Match? { matches[key] }

    /// What a header names; `nil` where no column has it.
    public subscript(header: some StringProtocol) -> Match? { matches[Self.key(header)] }

    /// The position of the column that a header names; `nil` where it is unknown or ignored.
    public func position(of header: some StringProtocol) -> Int? {
        guard case .column(let position)? = self[header] else { return nil }
        return position
    }

    /// A header with everything taken out that carries no meaning: headers with equal keys are equivalent.
    public static func key(_ header: some StringProtocol) -> String {
        // A header is short; what is longer than any is not worth folding.
        guard header.utf8.count <= 400 else { return "" }
        var scalars = String.UnicodeScalarView()
        for scalar in header.unicodeScalars {
            guard let folded = fold(scalar) else { continue }
            scalars.append(folded)
        }
        var key = String(scalars).lowercased()
        for suffix in ["(元)", "(单位:元)", "元"] where key.hasSuffix(suffix) && key.count > suffix.count {
            key.removeLast(suffix.count)
            break
        }
        return key
    }

    private static func fold(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar.value {
        case 0...0x20, 0x7F, 0xA0, 0x3000, 0x2000...0x200F, 0x2028...0x202F, 0x2060, 0xFEFF: nil
        case 0xFF01...0xFF5E: fold(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
        default:
            switch scalar {
            case "*", "_", "-", "\"", "'": nil
            case "[", "{", "【", "〔", "﹝", "「": "("
            case "]", "}", "】", "〕", "﹞", "」": ")"
            default: scalar
            }
        }
    }
}
