/// Keeps a spreadsheet from running a cell as a formula.
///
/// A cell that begins with `=`, `+`, `-`, `@` (half- or full-width), a tab or a line end gets an apostrophe before it, also
/// where blanks or invisible characters stand in front. Plain numbers such as `-12.50` stay as they are, and so does a
/// sign that stands alone: a spreadsheet runs neither. A cell that had apostrophes before such a beginning gets one more,
/// so `restored` always gives back what was there.
public enum FormulaGuard {
    /// The cell as it may stand in a file that a spreadsheet opens.
    public static func guarded(_ cell: String) -> String { mayRun(cell) ? "'" + cell : cell }

    /// The cell as it was before `guarded`.
    public static func restored(_ cell: String) -> String {
        cell.unicodeScalars.first == "'" && mayRun(cell) ? String(cell.unicodeScalars.dropFirst()) : cell
    }

    static func mayRun(_ cell: String) -> Bool {
        let visible = cell.unicodeScalars.drop { isSkipped($0) }
        guard let first = visible.first else {
            // Nothing but blanks: a tab or a line end would still move the cells behind it.
            return cell.unicodeScalars.contains { $0 == "\t" || $0 == "\r" || $0 == "\n" }
        }
        let startsOddly = cell.unicodeScalars.prefix { isSkipped($0) }
            .contains { $0 == "\t" || $0 == "\r" || $0 == "\n" }
        guard startsOddly || isTrigger(first) else { return false }
        if startsOddly { return true }
        return visible.dropFirst().contains { !isSkipped($0) } && !isPlainNumber(visible)
    }

    static func isTrigger(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "=", "+", "-", "@", "＝", "＋", "－", "＠": true
        default: false
        }
    }

    private static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value <= 0x20 || scalar == "'" || scalar.value == 0xA0 || scalar.value == 0x3000
            || VisibleText.isHidden(scalar.value)
    }

    /// A sign, digits, and digits after a point.
    private static func isPlainNumber(_ text: Substring.UnicodeScalarView) -> Bool {
        guard let first = text.first else { return false }
        let rest = first == "-" || first == "+" ? text.dropFirst() : text
        let parts = rest.split(separator: "." as Unicode.Scalar, maxSplits: 1, omittingEmptySubsequences: false)
        return !parts.isEmpty
            && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { ("0"..."9").contains($0) } }
    }
}

extension FormulaGuard {
    /// A cell of a comma-separated file, guarded, quoted where RFC 4180 or another delimiter asks for it.
    static func append(cell: String, to text: inout String) {
        let cell = guarded(cell)
        let needsQuotes = cell.unicodeScalars.contains { scalar in
            switch scalar {
            case ",", "\"", "\r", "\n", ";", "\t", "|": true
            default: false
            }
        }
        guard needsQuotes || cell.first == " " || cell.last == " " else {
            text += cell
            return
        }
        text += "\""
        for scalar in cell.unicodeScalars {
            if scalar == "\"" { text += "\"" }
            text.unicodeScalars.append(scalar)
        }
        text += "\""
    }
}
