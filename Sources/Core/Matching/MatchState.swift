/// Where the comparison of a drug stands.
public enum MatchState: String, Sendable, Hashable, Codable, CaseIterable {
    /// Not compared: no library of drugs was published.
    case unchecked
    /// Candidates wait for a person.
    case proposed
    /// One person has decided, a second one has to agree.
    case needsSecondReader = "needs_second_reader"
    /// Tied to a code, by a person or because it is certain.
    case approved
    /// Not compared for a reason: a hospital preparation, slices, granules.
    case ignored
    /// The library has no such drug.
    case noMatch = "no_match"
    /// Was tied to a code that the library has since retired, split or merged.
    case invalidTarget = "invalid_target"

    /// Whether a person has to look at it.
    public var isOpen: Bool {
        switch self {
        case .unchecked, .proposed, .needsSecondReader, .invalidTarget: true
        case .approved, .ignored, .noMatch: false
        }
    }

    /// What people read.
    public var phrase: Phrase {
        switch self {
        case .unchecked: Phrase("未比对", "not compared")
        case .proposed: Phrase("待确认", "proposed")
        case .needsSecondReader: Phrase("待复核", "needs a second reader")
        case .approved: Phrase("已确认", "approved")
        case .ignored: Phrase("不参加比对", "ignored")
        case .noMatch: Phrase("无对应编码", "no match")
        case .invalidTarget: Phrase("编码已失效", "code no longer valid")
        }
    }
}

/// A code of the library that may be the drug's.
public struct MatchCandidate: Sendable, Hashable, Codable {
    /// The code.
    public var ypid: String
    /// 0 … 10 000: how likely it is right, in hundredths of a per cent.
    public var score: Int
    /// What speaks so clearly against it that it is never taken without a person.
    public var vetoes: [String]

    /// A candidate.
    public init(ypid: String, score: Int, vetoes: [String]) {
        self.ypid = ypid
        self.score = score
        self.vetoes = vetoes
    }
}
