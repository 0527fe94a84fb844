internal import Core

/// What the bytes of a cell have that no text should have, and where the text proper begins and ends.
///
/// Almost every cell has nothing; one pass over the bytes finds that out.
struct CellText {
    /// The text without blanks around it, as offsets into the cell.
    var trimmed: Range<Int>
    /// Control characters, zero-width characters or marks of direction inside.
    var hasHidden = false
    /// The replacement character U+FFFD: somebody before us lost a character.
    var hasReplacement = false

    /// Looks at a cell.
    init(_ cell: Span<UInt8>) {
        var seen: UInt8 = 0
        for index in cell.indices {
            let byte = cell[index]
            // Comparisons, not a table: the compiler makes vector code of them.
            seen |= byte < 0x20 || byte == 0x7F ? 1 : 0
            seen |= byte == 0xC2 || byte == 0xE1 || byte == 0xE2 || byte == 0xE3 || byte == 0xEF ? 2 : 0
        }
        let isEdgeBlank =
            !cell.isEmpty && (cell[0] == UInt8(ascii: " ") || cell[cell.count - 1] == UInt8(ascii: " "))
        trimmed = 0..<cell.count
        if seen != 0 || isEdgeBlank { examine(cell) }
    }

    private mutating func examine(_ cell: Span<UInt8>) {
        var start: Int?
        var end = 0
        var index = 0
        while index < cell.count {
            guard let (scalar, length) = UTF8Scan.scalar(in: cell, at: index) else {
                // Not valid UTF-8: the reader has already said so (A15); it counts as text.
                start = start ?? index
                index += 1
                end = index
                continue
            }
            switch CellText.kind(of: scalar) {
            case .blank: break
            case .hidden: hasHidden = true
            case .text:
                if scalar == 0xFFFD { hasReplacement = true }
                start = start ?? index
                end = index + length
            }
            index += length
        }
        trimmed = start.map { $0..<end } ?? 0..<0
    }

    enum Kind { case blank, hidden, text }

    /// Blanks, characters nobody sees, and the rest. Tabs and line breaks inside a cell are hidden: they come from
    /// pasted text and break every list that shows them.
    static func kind(of scalar: UInt32) -> Kind {
        switch scalar {
        case 0x20, 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: .blank
        case 0..<0x20, 0x7F, 0x80...0x9F, 0xAD, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF:
            .hidden
        default: .text
        }
    }

    /// The text without hidden characters and without blanks around it; line breaks and tabs become one blank.
    static func cleaned(_ cell: Span<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(cell.count)
        var index = 0
        while index < cell.count {
            guard let (scalar, length) = UTF8Scan.scalar(in: cell, at: index) else {
                result.append(cell[index])
                index += 1
                continue
            }
            if scalar == 0x09 || scalar == 0x0A || scalar == 0x0D {
                result.append(UInt8(ascii: " "))
            } else if kind(of: scalar) != .hidden {
                for offset in index..<index + length { result.append(cell[offset]) }
            }
            index += length
        }
        let range = CellText(result.span).trimmed
        return Array(result[range])
    }
}
