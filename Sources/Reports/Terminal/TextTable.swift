/// A table for a terminal: columns line up also where cells are Chinese, and nothing in a cell can drive the terminal.
public struct TextTable: Sendable {
    /// Where the text of a column stands.
    public enum Alignment: Sendable {
        case left, right
    }

    private let headers: [String]
    private let alignments: [Alignment]
    private var rows: [[String]] = []
    private let columnLimit: Int

    /// An empty table.
    ///
    /// - Parameters:
    ///   - columns: header and alignment of each column.
    ///   - columnLimit: wider cells are cut to so many places, with `…`.
    public init(_ columns: [(header: String, alignment: Alignment)], columnLimit: Int = 60) {
        headers = columns.map(\.header)
        alignments = columns.map(\.alignment)
        self.columnLimit = max(columnLimit, 4)
    }

    /// Adds a row; missing cells are blank, surplus ones are left out.
    public mutating func add(_ cells: [String]) {
        let shown = cells.prefix(headers.count).map { DisplayWidth.cut(VisibleText.of($0), to: columnLimit) }
        rows.append(shown + Array(repeating: "", count: headers.count - shown.count))
    }

    /// Whether there are no rows.
    public var isEmpty: Bool { rows.isEmpty }

    /// Header, rule and rows; each line ends with a line end and without blanks.
    public var text: String {
        let widths = headers.indices.map { column in
            max(DisplayWidth.of(headers[column]), rows.map { DisplayWidth.of($0[column]) }.max() ?? 0)
        }
        func line(_ cells: [String]) -> String {
            let padded = cells.indices.map {
                DisplayWidth.padded(cells[$0], to: widths[$0], isRight: alignments[$0] == .right)
            }
            var text = padded.joined(separator: "  ")
            while text.last == " " { text.removeLast() }
            return text + "\n"
        }
        let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ") + "\n"
        return line(headers) + rule + rows.map(line).joined()
    }
}
