internal import Core
internal import Readers

/// The pieces of a small submission's files, kept from its first reading for another: where keys turn out to conflict,
/// nothing is read, decoded, typed and judged row by row a second time. A large submission is read again.
final class KeptPieces {
    private var pieces: [FilePiece] = []
    private var bytes = 0
    private let limit: Int
    /// Whether what comes is kept.
    private(set) var isKeeping = true

    /// - Parameter bytes: of the rows as they came; what is worked out of them takes four times that.
    init(limit bytes: Int) { limit = bytes }

    /// The pieces of all of so many files; `nil` where some were not kept.
    func whole(of files: Int) -> ArraySlice<FilePiece>? {
        guard isKeeping, files > 0 else { return nil }
        let ends = pieces.count { if case .batch = $0 { false } else { true } }
        return ends == files ? pieces[...] : nil
    }

    func take(_ piece: FilePiece) {
        guard isKeeping else { return }
        if case .batch(let checked) = piece { bytes += checked.batch.bytes.count }
        if bytes <= limit {
            pieces.append(piece)
        } else {
            isKeeping = false
            pieces = []
        }
    }
}
