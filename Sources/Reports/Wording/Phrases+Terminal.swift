import Core

/// What only a terminal says.
extension Phrases {
    static let encoding = Phrase("编码", "Encoding")
    static let good = Phrase("可入库", "Good")
    static let lineNumber = Phrase("第 ${n} 行", "line ${n}")
    static let moreFindings = Phrase("还有 ${n} 处", "${n} more")
}
