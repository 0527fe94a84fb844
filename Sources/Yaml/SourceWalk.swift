internal import Yams

/// Finds the place of a character of a text in the file that the text was read from.
///
/// It goes along the file and the text side by side: quotes, escapes and the indentation of texts over several lines
/// stand in the file only, and a run of blanks in one is a run of blanks in the other.
struct SourceWalk {
    private let source: [Unicode.Scalar]
    private var index: Int
    private var line: Int
    private var column: Int

    /// Starts at a line and a column of the file, from 1.
    init(_ source: [Unicode.Scalar], line: Int, column: Int) {
        self.source = source
        self.line = line
        self.column = column
        var start = 0
        for _ in 1..<max(line, 1) {
            guard let end = source[start...].firstIndex(of: "\n") else { break }
            start = end + 1
        }
        index = min(start + max(column, 1) - 1, source.count)
    }

    /// The line and column of a character of the text, counted from 0.
    mutating func place(ofCharacter wanted: Int, in scalar: Node.Scalar) -> (line: Int, column: Int) {
        switch scalar.style {
        case .doubleQuoted, .singleQuoted: step()
        case .literal, .folded:
            while index < source.count, source[index] != "\n" { step() }
            skipBlanks()
        default: break
        }
        var isAfterBlank = false
        for (number, character) in scalar.string.unicodeScalars.enumerated() {
            let isBlank = character.properties.isWhitespace
            if isAfterBlank, !isBlank { skipBlanks() }
            if number == wanted { break }
            isAfterBlank = isBlank
            if isBlank { continue }
            if scalar.style == .doubleQuoted, index < source.count, source[index] == "\\" { step() }
            if scalar.style == .singleQuoted, character == "'" { step() }
            step()
        }
        return (line, column)
    }

    private mutating func step() {
        guard index < source.count else { return }
        if source[index] == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        index += 1
    }

    private mutating func skipBlanks() {
        while index < source.count, source[index].properties.isWhitespace { step() }
    }
}
