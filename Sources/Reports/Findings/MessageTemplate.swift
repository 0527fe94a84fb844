import Core

/// A rule's sentence, taken apart once at its `${placeholders}`, because it is filled for every finding.
///
/// It means what `Phrase.filled` means: a placeholder without a value stays as it is.
struct MessageTemplate: Sendable {
    private struct Piece {
        let literal: String
        let placeholder: String?
    }

    private let pieces: [Piece]

    init(_ template: String) {
        var pieces: [Piece] = []
        var rest = template[...]
        while let start = rest.firstRange(of: "${"), let end = rest[start.upperBound...].firstIndex(of: "}") {
            pieces.append(
                Piece(literal: String(rest[..<start.lowerBound]), placeholder: String(rest[start.upperBound..<end])))
            rest = rest[rest.index(after: end)...]
        }
        pieces.append(Piece(literal: String(rest), placeholder: nil))
        self.pieces = pieces
    }

    func filled(_ value: (String) -> String?) -> String {
        var text = ""
        for piece in pieces {
            text += piece.literal
            if let name = piece.placeholder { text += value(name) ?? "${\(name)}" }
        }
        return text
    }
}
