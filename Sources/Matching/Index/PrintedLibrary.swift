public import Core

/// What the library prints under each code in use: the code, and a hash of its texts. Where a hospital supplies the code
/// and prints the same, that is the answer, and neither is the entry taken apart nor an index built.
///
/// It gives the answers that a `Matcher` of the same library gives, or none.
public struct PrintedLibrary: Sendable {
    private var codes = TextRows(columnCount: 1)
    private var index = TextIndex()
    private var keys: [UInt64] = []

    /// A library without drugs.
    public init() {}

    /// How many codes there are.
    public var count: Int { keys.count }

    /// Adds drugs. Of two with one code the first stays.
    public mutating func add(_ drugs: PrintedDrugs) {
        let bytes = drugs.bytes.span
        for drug in 0..<drugs.count {
            func text(_ column: Int) -> Range<Int> { drugs.text(drug, column) }
            let code = bytes.extracting(text(0))
            guard index.row(of: code, in: codes) == nil else { continue }
            var key = TextKey()
            for column in 1...5 { key.add(bytes.extracting(text(column))) }
            key.add(factor: bytes.extracting(text(6)))
            codes.append(code)
            codes.endRow()
            keys.append(key.value)
            index.insert(keys.count - 1, of: codes)
        }
    }

    /// What a drug comes to that is said as under the code its hospital supplied; `nil` for any other, which has to be
    /// looked for.
    public func compare(_ drug: LocalDrug) -> Comparison? {
        guard let supplied = drug.ypid, prints(drug) else { return nil }
        return Comparison(saidAlike: supplied, by: drug)
    }

    /// Whether the library prints of a drug, under the code that its hospital supplied, what the hospital prints.
    public func prints(_ drug: LocalDrug) -> Bool {
        guard let supplied = drug.ypid, !supplied.isEmpty, let key = drug.textKey else { return false }
        return index.row(of: supplied.utf8.span, in: codes).map { keys[$0] == key } ?? false
    }
}
