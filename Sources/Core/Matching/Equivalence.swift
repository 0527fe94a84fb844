/// How far a drug is what the code it is tied to says. Only `equal` and `equivalent` may be added up by code.
public enum Equivalence: String, Sendable, Hashable, Codable, CaseIterable {
    /// The very product.
    case equal
    /// Another registration or spelling of the same product.
    case equivalent
    /// The code stands for more than the drug: a kind for one of it.
    case wider
    /// The code stands for less than the drug: one pack of several.
    case narrower
    /// Near it, for want of a better code.
    case inexact

    /// Whether rows may be added up under the code.
    public var isSame: Bool { self == .equal || self == .equivalent }

    /// What people read.
    public var phrase: Phrase {
        switch self {
        case .equal: Phrase("相同", "equal")
        case .equivalent: Phrase("等同", "equivalent")
        case .wider: Phrase("编码较宽", "the code is wider")
        case .narrower: Phrase("编码较窄", "the code is narrower")
        case .inexact: Phrase("近似", "inexact")
        }
    }
}
