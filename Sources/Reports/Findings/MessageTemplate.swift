import Core

/// A rule's sentence, taken apart once at its `${placeholders}`, because it is filled for every finding.
///
/// It means what `Phrase.filled` means: a placeholder without a value stays as it is.
struct MessageTemplate: Sendable {
    /// What stands at a placeholder: something that every finding has, or a detail of the rule's own.
    enum Known: Sendable {
        case value, expected, column, chineseColumn, table, file, line, row
    }

    /// One placeholder.
    struct Placeholder: Sendable {
        let name: String
        let known: Known?

        init(_ name: String) {
            self.name = name
            known =
                switch name {
                case "value": .value
                case "expected": .expected
                case "column": .column
                case "column_zh": .chineseColumn
                case "table": .table
                case "file": .file
                case "line": .line
                case "row": .row
                default: nil
                }
        }
    }

    private struct Piece {
        let literal: String
        let placeholder: Placeholder?
    }

    private let pieces: [Piece]

    init(_ template: String) {
        var pieces: [Piece] = []
        var rest = template[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            pieces.append(
                Piece(
                    literal: String(rest[..<start.lowerBound]),
                    placeholder: Placeholder(String(rest[start.upperBound..<end]))))
            rest = rest[rest.index(after: end)...]
        }
        pieces.append(Piece(literal: String(rest), placeholder: nil))
        self.pieces = pieces
    }

    /// The sentence as bytes behind others.
    func fill(_ bytes: inout [UInt8], _ value: (Placeholder) -> String?) {
        for piece in pieces {
            bytes.append(contentsOf: piece.literal.utf8)
            guard let placeholder = piece.placeholder else { continue }
            if let value = value(placeholder) {
                bytes.append(contentsOf: value.utf8)
            } else {
                bytes.append(contentsOf: "${\(placeholder.name)}".utf8)
            }
        }
    }

    func filled(_ value: (Placeholder) -> String?) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        fill(&bytes, value)
        return String(decoding: bytes, as: UTF8.self)
    }
}
