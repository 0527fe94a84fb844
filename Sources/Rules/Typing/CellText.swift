internal import Core

/// What the bytes of a cell have that no text should have, and where the text proper begins and ends.
///
/// Almost every cell has nothing; one pass over its bytes, eight at a time, finds that out.
struct CellText {
    /// The text without blanks around it, as offsets into the cell.
    var trimmed: Range<Int>
    /// Control characters, zero-width characters or marks of direction inside.
    var hasHidden = false
    /// The replacement character U+FFFD: somebody before us lost a character.
    var hasReplacement = false

    /// Looks at a cell.
    init(_ cell: Span<UInt8>) {
        trimmed = 0..<cell.count
        if !CellText.isPlain(cell) { examine(cell) }
    }

    /// Whether a cell has nothing hidden, lost or blank at its ends, by one look at eight bytes at a time. It is careful:
    /// some cells with rare characters are not plain and still have nothing.
    static func isPlain(_ cell: Span<UInt8>) -> Bool {
        let count = cell.count
        guard count > 0 else { return true }
        guard cell[0] != UInt8(ascii: " "), cell[count - 1] != UInt8(ascii: " ") else { return false }
        guard count >= 8 else {
            // Behind the cell, letters: zeros would count as hidden.
            let filling: UInt64 = 0x4141_4141_4141_4141
            return isPlain(cell, 0, doubtful(ByteWords.short(cell) | filling &<< UInt64(count * 8)))
        }
        var offset = 0
        while offset + 8 <= count {
            guard isPlain(cell, offset, doubtful(ByteWords.word(cell, at: offset))) else { return false }
            offset += 8
        }
        return isPlain(cell, count - 8, doubtful(ByteWords.word(cell, at: count - 8)))
    }

    /// Whether what seemed doubtful in a word are only beginnings of ordinary characters: full-width brackets, `℃`, `·`.
    @inline(__always)
    private static func isPlain(_ cell: Span<UInt8>, _ offset: Int, _ doubtful: UInt64) -> Bool {
        doubtful == 0 || areOrdinary(cell, offset, doubtful)
    }

    private static func areOrdinary(_ cell: Span<UInt8>, _ offset: Int, _ doubtful: UInt64) -> Bool {
        var marks = doubtful
        while marks != 0 {
            let index = offset + marks.trailingZeroBitCount >> 3
            marks &= marks - 1
            guard index + 2 < cell.count || (cell[index] == 0xC2 && index + 1 < cell.count) else { return false }
            let next = cell[index + 1]
            let isOrdinary =
                switch cell[index] {
                case 0xC2: next > 0xAD
                case 0xE1: next != 0x9A && next != 0xA0
                case 0xE2: next > 0x81
                case 0xE3: next != 0x80 || cell[index + 2] != 0x80
                case 0xEF: next == 0xBC || next == 0xBD
                default: false
                }
            guard isOrdinary else { return false }
        }
        return true
    }

    /// The highest bit of each byte that is a control character or may begin a character that is none of text.
    @inline(__always)
    private static func doubtful(_ word: UInt64) -> UInt64 {
        let low = word & 0x7F7F_7F7F_7F7F_7F7F
        // Below 0x20 the first sum stays without its highest bit; only 0x7F gives it to the second.
        let control = ~(low &+ 0x6060_6060_6060_6060) | (low &+ 0x0101_0101_0101_0101)
        let found = control & ~word & ByteWords.highBits
        let high = word & ByteWords.highBits
        guard high != 0 else { return found }
        // C2, E0 … E3 and EF; a sum has its highest bit unless the byte is the one.
        let different =
            ((low ^ 0x4242_4242_4242_4242) &+ 0x7F7F_7F7F_7F7F_7F7F)
            & (((low & 0x7C7C_7C7C_7C7C_7C7C) ^ 0x6060_6060_6060_6060) &+ 0x7F7F_7F7F_7F7F_7F7F)
            & ((low ^ 0x6F6F_6F6F_6F6F_6F6F) &+ 0x7F7F_7F7F_7F7F_7F7F)
        return found | (~different & high)
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
