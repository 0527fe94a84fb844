/// The kinds of institution a night is made of.
public enum InstitutionKind: String, CaseIterable, Sendable, Codable {
    /// A hospital of level 3.
    case tertiary
    /// A hospital of level 2.
    case secondary
    /// A public hospital without a grade, a maternal and child health centre.
    case other
    /// A township health centre or a community health centre.
    case primary

    /// 3, 2, 1, or 9 ungraded.
    var level: Int {
        switch self {
        case .tertiary: 3
        case .secondary: 2
        case .other: 9
        case .primary: 1
        }
    }

    /// The share of essential drugs in its catalogue, in per cent; above the targets 60, 80 and 90 of its level.
    var essentialShare: Int {
        switch self {
        case .tertiary: 66
        case .secondary, .other: 85
        case .primary: 94
        }
    }

    /// What it spends on a middling drug in a year, in fen.
    var drugBudget: Int {
        switch self {
        case .tertiary: 18_000_000
        case .secondary: 4_500_000
        case .other: 2_000_000
        case .primary: 400_000
        }
    }

    /// Drug income for a bed in a year, in fen; it makes the number of beds.
    var incomePerBed: Int {
        switch self {
        case .tertiary: 20_000_000
        case .secondary: 12_000_000
        case .other: 10_000_000
        case .primary: 4_500_000
        }
    }
}
