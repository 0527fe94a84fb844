/// Records of a comma-separated file for a spreadsheet: UTF-8, CRLF, RFC 4180, cells that a spreadsheet would run
/// neutralised.
public enum CSVLine {
    /// What such a file begins with.
    public static let byteOrderMark = Array("\u{FEFF}".utf8)

    /// One record.
    public static func bytes(_ cells: [String]) -> [UInt8] {
        var text = ""
        for (index, cell) in cells.enumerated() {
            if index > 0 { text += "," }
            FormulaGuard.append(cell: cell, to: &text)
        }
        text += "\r\n"
        return Array(text.utf8)
    }
}
