/// What is done to the bytes of one row besides the text of its cells.
struct RowDamage: Sendable, Hashable {
    /// Bytes behind the text of a cell, whatever the encoding of the file, by the cell's position in the data set.
    var rawTails: [Int: [UInt8]] = [:]
    /// Cells at the end that no header belongs to.
    var extraCells: [String] = []

    /// No damage.
    static let none = RowDamage()
}

/// Writes the rows of one table as one file, and knows on which physical line each stands.
protocol TableFileWriter: AnyObject {
    /// The physical line of the header; `nil` for XML, which has none.
    var headerLine: Int? { get }
    /// How many data rows there are so far.
    var rowCount: Int { get }
    /// Writes a row and gives its first physical line; in XML that of its start tag.
    func write(_ row: CellRow, damage: RowDamage) throws -> Int
    /// Writes a total line, where the format has one; whether there is one now.
    func writeTotal() throws -> Bool
    /// Writes text as it is, for what is no row at all, and gives the line on which it starts.
    func writeBare(_ text: String) throws -> Int
    /// Ends the file.
    func close() throws
}

extension [UInt8] {
    /// Appends the bytes of a text.
    mutating func append(_ text: String) { append(contentsOf: text.utf8) }
}
