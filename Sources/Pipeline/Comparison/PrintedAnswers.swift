internal import Core
internal import Matching

/// Answers for drugs that are said as the library says them under the code their hospital supplied. But for the code there
/// are eight: with and without approval number, form and factor.
struct PrintedAnswers: Sendable {
    private let library: PrintedLibrary
    private let patterns: [ProposalPattern]

    init(_ library: PrintedLibrary) {
        self.library = library
        patterns = (0..<8).compactMap { kind in
            let drug = LocalDrug(
                approvalNumber: kind & 1 > 0 ? "" : nil, productName: "", dosageForm: kind & 2 > 0 ? "" : nil,
                conversionFactor: kind & 4 > 0 ? "" : nil)
            return ProposalPattern(MatchProposal(Comparison(saidAlike: "Y", by: drug)))
        }
    }

    /// The answer; `nil` where the drug has to be looked for.
    func proposal(for description: DrugDescription) -> MatchProposal? {
        guard let ypid = description.ypid, library.prints(LocalDrug(description)) else { return nil }
        let kind =
            (description.approvalNumber != nil ? 1 : 0) | (description.dosageForm != nil ? 2 : 0)
            | (description.conversionFactor != nil ? 4 : 0)
        return patterns[kind].proposal(for: ypid)
    }
}
