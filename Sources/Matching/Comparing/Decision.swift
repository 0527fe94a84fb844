/// What is decided without a person.
public struct DecisionPolicy: Sendable, Hashable {
    /// How many candidates a comparison keeps.
    public var candidates = 5
    /// The least score, in hundredths of a per cent, at which a candidate is taken alone.
    public var threshold = 9_900
    /// How far ahead of the next different candidate it must be.
    public var margin = 40
    /// Whether one of several registrations that a description cannot tell apart may be taken (the one with the
    /// smallest code). They are the same product of the same maker; only the registration differs.
    public var decidesAmongLike = false

    /// The default policy.
    public init() {}
}

/// From ranked evidence to a result.
struct Decision {
    let index: LibraryIndex
    let policy: DecisionPolicy
    let scoring: Scoring
    let ranking: Ranking
    let supplied: String?
    let suppliedEntry: UInt32?

    private static let floor = 300

    func comparison() -> Comparison {
        var result = Comparison(
            state: .none, method: nil, ypid: nil, basis: nil, score: 0, margin: 0, reasons: [.noMatch], candidates: [],
            suppliedCode: suppliedCode(), exemption: nil)
        if case .agrees = result.suppliedCode, let suppliedEntry, let evidence = ranking.supplied {
            return accepted(suppliedEntry, evidence, result)
        }
        guard let top = ranking.best.first, Int(top.evidence.total) >= Decision.floor else { return result }
        let stored = index.entries[Int(top.entry)]
        let vetoes = scoring.vetoes(top.evidence, index.shape(of: top.entry))
        let rival = ranking.best.dropFirst().first { index.entries[Int($0.entry)].identity != stored.identity }
        let isAlone = !ranking.best.dropFirst().contains { isLike($0, top) }
        result.margin = rival.map { Int(top.evidence.total) - Int($0.evidence.total) } ?? 999
        let method = self.method(top.evidence)
        result.method = method
        let basis = self.basis(top, method)
        result.basis = basis
        result.score = Calibration.score(basis, isClear: result.margin >= policy.margin, vetoes: vetoes)
        result.candidates = candidates(first: top, score: result.score)
        let isConfirmed: Bool
        switch result.suppliedCode {
        case .missing, .unknown: isConfirmed = true
        case .agrees, .retired, .contradicted: isConfirmed = false
        }
        let isCertain =
            vetoes.isEmpty && result.score >= policy.threshold && result.margin >= policy.margin
            && (isAlone || policy.decidesAmongLike) && isConfirmed
        if isCertain {
            result.state = .decided
            result.ypid = index.ypid(top.entry)
            result.reasons = []
        } else {
            result.state = .proposed
            result.reasons = reasons(top.evidence, vetoes, isAlone: isAlone, margin: result.margin)
        }
        return result
    }

    private func method(_ evidence: Evidence) -> ComparisonMethod {
        if evidence.approvalNumber >= .agrees { return .approvalNumber }
        if evidence.standardCode == .equal || evidence.nhsaCode == .equal { return .otherCode }
        if evidence.nameSimilarity >= 930, evidence.strength >= .agrees, evidence.dosageForm >= .unknown,
            evidence.manufacturer == .equal
        {
            return .exactDescription
        }
        return .ranked
    }

    /// What the first candidate rests on.
    private func basis(_ top: Ranking.Place, _ method: ComparisonMethod) -> Basis {
        let evidence = top.evidence
        switch method {
        case .suppliedCode, .exempt: return .suppliedCode
        case .approvalNumber, .otherCode: return isBorneOut(evidence) ? .codeAndDescription : .codeAlone
        case .exactDescription, .ranked: break
        }
        // A stated number that is not the candidate's: the library lists another product, or has not this one.
        if scoring.description.approval.kind == .number { return .otherNumber }
        let isMakerUnknown = evidence.manufacturer == .unknown
        guard evidence.nameSimilarity >= 930, evidence.strength >= (isMakerUnknown ? .partly : .agrees),
            evidence.dosageForm >= .unknown
        else { return .partial }
        let identity = index.entries[Int(top.entry)].identity
        let rivals = ranking.best.dropFirst().filter { other in
            index.entries[Int(other.entry)].identity != identity && other.evidence.nameSimilarity >= 860
                && other.evidence.strength > .differs && other.evidence.dosageForm > .differs
        }
        switch evidence.manufacturer {
        case .unknown:
            if !rivals.isEmpty { return .sharedName }
            return evidence.nameSimilarity == 1_000 || evidence.dosageForm != .partly ? .onlyName : .partial
        case .agrees: return .similarMaker
        case .partly, .differs, .contradicts: return .otherMaker
        case .equal: break
        }
        // What is imported and packed here (J) is registered a second time as the import itself (HJ).
        let approval = index.entries[Int(top.entry)].approval
        if ApprovalNumber.isRepackaged(approval) { return .descriptionAmongImports }
        if rivals.isEmpty { return .onlyDescription }
        let isImport = ApprovalNumber.isImport(approval)
        let imports = rivals.filter { ApprovalNumber.isImport(index.entries[Int($0.entry)].approval) }
        guard isImport, !imports.isEmpty else { return .descriptionAndMaker }
        // A holder hands a product on to its kin and to buyers of old brands; strangers are other products.
        let hasKin = imports.contains { $0.evidence.manufacturer >= .partly }
        return hasKin ? .descriptionAmongImports : .descriptionAmongStrangers
    }

    /// A mistyped number is another drug's number: the description must speak for it as well.
    private func isBorneOut(_ evidence: Evidence) -> Bool {
        guard evidence.dosageForm != .contradicts, evidence.strength > .differs else { return false }
        let supports = [
            evidence.nameSimilarity >= 860, evidence.manufacturer >= .agrees, evidence.strength >= .agrees,
        ].filter { $0 }.count
        return supports >= 2 || evidence.nameSimilarity >= 930
            || evidence.nameSimilarity >= 750 && evidence.manufacturer >= .agrees
    }

    private func isLike(
        _ other: Ranking.Place, _ top: Ranking.Place
    ) -> Bool {
        index.entries[Int(other.entry)].identity == index.entries[Int(top.entry)].identity
            && other.evidence.total >= top.evidence.total
    }

    private func suppliedCode() -> SuppliedCode {
        guard supplied != nil else { return .missing }
        guard let suppliedEntry, let evidence = ranking.supplied else { return .unknown }
        if index.shape(of: suppliedEntry).status != .active { return .retired }
        let hasNumber = evidence.approvalNumber >= .agrees
        var fields: [EvidenceField] = []
        for (field, agreement) in evidence.fields {
            switch field {
            case .name: if evidence.nameSimilarity < (hasNumber ? 600 : 860) { fields.append(field) }
            case .strength: if agreement <= .differs { fields.append(field) }
            case .dosageForm, .conversionFactor, .category: if agreement == .contradicts { fields.append(field) }
            // With an equal number the maker was renamed or the holder changed.
            case .manufacturer: if agreement == .differs, !hasNumber { fields.append(field) }
            case .approvalNumber, .standardCode, .nhsaCode: if agreement == .differs { fields.append(field) }
            }
        }
        if fields.isEmpty, let better = betterEntry(than: suppliedEntry, evidence) {
            // Nothing contradicts, yet another entry says the same as the hospital in more fields.
            fields = zip(better.fields, evidence.fields).filter { $0.agreement > $1.agreement }.map(\.0.field)
            if fields.isEmpty { fields = [.name] }
        }
        return fields.isEmpty ? .agrees : .contradicted(fields)
    }

    /// The evidence for an entry that fits clearly better than the supplied one.
    private func betterEntry(than entry: UInt32, _ evidence: Evidence) -> Evidence? {
        guard let top = ranking.best.first, top.entry != entry else { return nil }
        return Int(top.evidence.total) - Int(evidence.total) >= 100 ? top.evidence : nil
    }

    private func accepted(_ entry: UInt32, _ evidence: Evidence, _ base: Comparison) -> Comparison {
        var result = base
        let rival = ranking.best.first { $0.entry != entry }
        result.state = .decided
        result.method = .suppliedCode
        result.ypid = index.ypid(entry)
        result.margin = rival.map { Int(evidence.total) - Int($0.evidence.total) } ?? 999
        result.basis = .suppliedCode
        result.score = Calibration.score(.suppliedCode, isClear: result.margin >= policy.margin, vetoes: [])
        result.reasons = []
        result.candidates = candidates(
            first: Ranking.Place(entry: entry, evidence: evidence, order: 0), score: result.score)
        return result
    }

    /// The first candidate and the best of the others.
    private func candidates(first: Ranking.Place, score: Int) -> [Candidate] {
        let identity = index.entries[Int(first.entry)].identity
        var list = [candidate(first, score: score, identity: identity)]
        for other in ranking.best where other.entry != first.entry && list.count < policy.candidates {
            let behind = Int(first.evidence.total) - Int(other.evidence.total)
            let share = Calibration.share(score, behind: max(behind, 0))
            list.append(candidate(other, score: share, identity: identity))
        }
        return list
    }

    private func candidate(
        _ ranked: Ranking.Place, score: Int, identity: UInt64
    ) -> Candidate {
        Candidate(
            ypid: index.ypid(ranked.entry), score: score, evidence: ranked.evidence,
            vetoes: scoring.vetoes(ranked.evidence, index.shape(of: ranked.entry)),
            isLikeFirst: index.entries[Int(ranked.entry)].identity == identity)
    }

    private func reasons(
        _ evidence: Evidence, _ vetoes: Vetoes, isAlone: Bool, margin: Int
    ) -> [UndecidedReason] {
        var reasons: [UndecidedReason] = []
        if evidence.nameSimilarity < 860 { reasons.append(.nameMismatch) }
        if !vetoes.isDisjoint(with: [.strength, .dosageForm, .conversionFactor, .category])
            || evidence.strength == .differs || evidence.dosageForm == .differs
        {
            reasons.append(.specMismatch)
        }
        if evidence.manufacturer == .differs { reasons.append(.manufacturerMismatch) }
        if vetoes.contains(.approvalNumber)
            || scoring.description.approval.kind == .number && method(evidence) != .approvalNumber
        {
            reasons.append(.noMatch)
        }
        if scoring.makerParts.isEmpty || scoring.description.strength.quantities.isEmpty {
            reasons.append(.infoIncomplete)
        }
        if !isAlone || margin < policy.margin { reasons.append(.multipleMatch) }
        return reasons.isEmpty ? [.lowConfidence] : reasons
    }
}
