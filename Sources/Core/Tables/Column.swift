/// What the cells of a column are, and so how they are read and stored.
public enum ColumnKind: Sendable, Hashable {
    /// Free text.
    case text
    /// A code: text in which blanks and letter case carry no meaning of their own.
    case code
    /// A day, `yyyyMMdd` or `yyyy-MM-dd`; stored as days since 2000-01-01.
    case date
    /// Yuan with 2 decimals; stored as fen.
    case amount
    /// A count of packs or dosage units with 4 decimals; stored × 10⁴.
    case quantity
    /// Dosage units per pack with 4 decimals; stored × 10⁴.
    case factor
    /// A whole number.
    case count
    /// 1 yes, 2 no.
    case flag

    /// The decimals a stored value keeps; `nil` where the column holds no number.
    public var decimals: Int? {
        switch self {
        case .text, .code, .date: nil
        case .amount: 2
        case .quantity, .factor: 4
        case .count, .flag: 0
        }
    }
}

/// One column of a table: its names, what it holds and how much of it.
public struct Column: Sendable, Hashable {
    /// The English name of the contract, `conversion_factor`.
    public let name: String
    /// The header of the national template, `转换系数`.
    public let header: String
    /// Other headers that have been seen for the same column.
    public let aliases: [String]
    /// What its cells are.
    public let kind: ColumnKind
    /// Whether a row without it is an error.
    public let isRequired: Bool
    /// The most characters a cell may have; `nil` where the kind already limits it.
    public let maximumLength: Int?
    /// Whether it is about a person, and so masked wherever cells are shown.
    public let isPersonal: Bool

    /// Describes a column.
    public init(
        _ name: String, _ header: String, _ kind: ColumnKind, isRequired: Bool = false,
        maximumLength: Int? = nil, aliases: [String] = [], isPersonal: Bool = false
    ) {
        self.name = name
        self.header = header
        self.aliases = aliases
        self.kind = kind
        self.isRequired = isRequired
        self.maximumLength = maximumLength
        self.isPersonal = isPersonal
    }
}
