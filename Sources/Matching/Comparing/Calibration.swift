/// How likely a first candidate is right, by what it rests on: measured on real pairs (docs/matching.md tells how).
///
/// A table of a dozen numbers instead of a formula with weights: each can be measured again, and none of them can
/// have been fitted to a single row.
enum Calibration {
    /// Hundredths of a per cent. A candidate with a near rival is worth less than one that stands clear.
    static func score(_ basis: Basis, isClear: Bool, vetoes: Vetoes) -> Int {
        let (clear, narrow) = measured(basis)
        let score = isClear ? clear : narrow
        return vetoes.isDisjoint(with: [.dosageForm, .category]) ? score : score / 2
    }

    private static func measured(_ basis: Basis) -> (clear: Int, narrow: Int) {
        switch basis {
        case .suppliedCode: (9_990, 9_900)
        case .codeAndDescription: (9_990, 8_000)
        case .codeAlone: (9_500, 8_000)
        case .onlyDescription: (9_970, 6_000)
        case .descriptionAndMaker: (9_940, 7_500)
        case .descriptionAmongImports: (8_000, 4_000)
        case .descriptionAmongStrangers: (9_940, 4_000)
        case .similarMaker: (9_000, 4_000)
        case .onlyName: (9_950, 6_000)
        case .sharedName: (6_900, 6_000)
        case .otherMaker: (6_600, 3_600)
        case .otherNumber: (100, 50)
        case .partial: (6_500, 2_000)
        }
    }

    /// What a candidate behind the first has of the doubt.
    static func share(_ first: Int, behind: Int) -> Int {
        behind == 0 ? first : min(first, (10_000 - first) * 100 / (100 + behind * 3))
    }
}
