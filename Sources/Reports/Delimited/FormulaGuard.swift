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

    static func isSkipped(_ scalar: Unicode.Scalar) -> Bool {
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
        let cell = startsHarmlessly(cell.utf8.span) ? cell : guarded(cell)
        let needsQuotes = cell.utf8.contains { byte in
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "\""), UInt8(ascii: ";"), UInt8(ascii: "|"), 9, 10, 13: true
            default: false
            }
        }
        guard needsQuotes || cell.utf8.first == 0x20 || cell.utf8.last == 0x20 else {
            text += cell
            return
        }
        text += quoted(cell)
    }

    /// The same of the cell with hidden characters written out.
    static func append(visible cell: String, to bytes: inout [UInt8]) {
        let start = bytes.count
        bytes.append(contentsOf: cell.utf8)
        close(visibleFrom: start, in: &bytes)
    }

    /// Makes a cell of the text that stands from a place on. Nearly all texts are taken as they stand.
    static func close(visibleFrom start: Int, in bytes: inout [UInt8]) {
        guard start < bytes.count else { return }
        switch look(at: bytes.span.extracting(start...)) {
        case .plain: break
        case .quoted:
            bytes.insert(UInt8(ascii: "\""), at: start)
            bytes.append(UInt8(ascii: "\""))
        case .careful:
            let cell = VisibleText.keepingLines(String(decoding: bytes[start...], as: UTF8.self))
            bytes.removeSubrange(start...)
            var text = ""
            append(cell: cell, to: &text)
            bytes.append(contentsOf: text.utf8)
        }
    }

    private enum Look {
        /// As it stands.
        case plain
        /// As it stands, between quotes.
        case quoted
        /// It begins like a formula, or may have something hidden, or quotes of its own.
        case careful
    }

    private static func look(at cell: Span<UInt8>) -> Look {
        guard startsHarmlessly(cell) else { return .careful }
        var needsQuotes = cell[cell.count - 1] == 0x20
        var index = 0
        while index < cell.count {
            switch cell[index] {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"): needsQuotes = true
            case UInt8(ascii: "\""), 0..<0x20, 0x7F: return .careful
            // What only a page or JSON would take for something else.
            case 0x20..<0x7F: break
            default: if !VisibleText.isPlain(characterAt: index, in: cell) { return .careful }
            }
            index += 1
        }
        return needsQuotes ? .quoted : .plain
    }

    /// One such cell.
    static func cell(_ cell: String) -> [UInt8] {
        var bytes: [UInt8] = []
        append(visible: cell, to: &bytes)
        return bytes
    }

    /// Such cells with commas between them.
    static func cells(_ cells: [String]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(visible: cell, to: &bytes)
        }
        return bytes
    }

    /// The cell between quotes, its own quotes doubled. Scalar by scalar: a quote with a combining mark behind it is
    /// one `Character` and no longer equal to a quote.
    static func quoted(_ cell: String) -> String {
        guard cell.utf8.contains(UInt8(ascii: "\"")) else { return "\"" + cell + "\"" }
        var text = "\""
        for scalar in cell.unicodeScalars {
            if scalar == "\"" { text += "\"" }
            text.unicodeScalars.append(scalar)
        }
        return text + "\""
    }

    /// A digit, a letter, a Chinese character, a bracket or a quotation mark at the start settles it, for almost every cell.
    private static func startsHarmlessly(_ cell: Span<UInt8>) -> Bool {
        guard !cell.isEmpty else { return true }
        return switch cell[0] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "["), UInt8(ascii: "("), 0xE4...0xE9:
            true
        // “ and ”: what is near them may be skipped.
        case 0xE2: cell.count >= 3 && cell[1] == 0x80 && (cell[2] == 0x9C || cell[2] == 0x9D)
        default: false
        }
    }
}
