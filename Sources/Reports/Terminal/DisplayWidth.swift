/// How many cells of a terminal a text takes: East Asian wide characters take two, combining marks none.
enum DisplayWidth {
    static func of(_ text: String) -> Int { text.unicodeScalars.reduce(0) { $0 + of($1) } }

    static func of(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case 0x20...0x7E: return 1
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF,
            0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default:
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format, .control: return 0
            default: return 1
            }
        }
    }

    /// The text cut to a width, with `…` where something is missing.
    static func cut(_ text: String, to width: Int) -> String {
        guard of(text) > width else { return text }
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            let next = of(scalar)
            guard used + next <= width - 1 else { break }
            used += next
            result.append(scalar)
        }
        return String(result) + "…"
    }

    /// The text with blanks up to a width, after it or before it.
    static func padded(_ text: String, to width: Int, isRight: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(width - of(text), 0))
        return isRight ? blanks + text : text + blanks
    }

    /// The text in lines of at most a width, broken at blanks where there are some, between characters where not.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        let width = max(width, 8)
        var lines: [String] = []
        var line = ""
        var used = 0
        for scalar in text.unicodeScalars {
            let next = of(scalar)
            if used + next > width {
                var rest = ""
                if scalar.value < 0x80, let blank = line.lastIndex(of: " "), of(String(line[blank...])) < width / 3 {
                    rest = String(line[line.index(after: blank)...])
                    line = String(line[..<blank])
                }
                lines.append(line)
                line = rest
                used = of(rest)
                if scalar == " ", line.isEmpty { continue }
            }
            line.unicodeScalars.append(scalar)
            used += next
        }
        return line.isEmpty && !lines.isEmpty ? lines : lines + [line]
    }
}
