/// Compares local drugs with a library. A value that any number of threads may use; the result depends on nothing but
/// the drug and the library.
public struct Matcher: Sendable {
    /// The library.
    public let index: LibraryIndex
    /// What is decided without a person.
    public let policy: DecisionPolicy

    /// A matcher for one library.
    public init(index: LibraryIndex, policy: DecisionPolicy = DecisionPolicy()) {
        self.index = index
        self.policy = policy
    }

    /// Compares one drug. For many, keep a workspace.
    public func compare(_ drug: LocalDrug) -> Comparison {
        var workspace = MatchWorkspace(for: index)
        return compare(drug, using: &workspace)
    }

    /// Compares one drug.
    public func compare(_ drug: LocalDrug, using workspace: inout MatchWorkspace) -> Comparison {
        let supplied = drug.ypid.flatMap { $0.isEmpty ? nil : $0 }
        if let supplied, let entry = index.entry(ypid: supplied), isSaidAlike(drug, index.entries[Int(entry)]) {
            return Comparison(saidAlike: supplied, by: drug)
        }
        let description = Description(drug)
        if let exemption = description.exemption {
            return Comparison(
                state: .exempt, method: .exempt, ypid: nil, basis: nil, score: 0, margin: 0, reasons: [],
                candidates: [],
                suppliedCode: supplied == nil ? .missing : .unknown, exemption: exemption)
        }
        let scoring = Scoring(description: description, makerParts: index.makers.parts(of: description.maker))
        let suppliedEntry = supplied.flatMap(index.entry(ypid:))
        collect(description, suppliedEntry, &workspace)
        let ranking = rank(scoring, suppliedEntry, &workspace)
        return Decision(
            index: index, policy: policy, scoring: scoring, ranking: ranking, supplied: supplied,
            suppliedEntry: suppliedEntry
        ).comparison()
    }

    /// Whether the hospital prints of a drug in use, in every field, what the entry of its code prints.
    private func isSaidAlike(_ drug: LocalDrug, _ entry: LibraryIndex.Entry) -> Bool {
        entry.status == .active && drug.textKey == entry.text
    }

    /// The evidence for one entry whatever its rank: what `match show` prints. `nil` for an unknown code.
    public func evidence(for drug: LocalDrug, ypid: String) -> (evidence: Evidence, vetoes: Vetoes)? {
        guard let entry = index.entry(ypid: ypid) else { return nil }
        let description = Description(drug)
        let scoring = Scoring(description: description, makerParts: index.makers.parts(of: description.maker))
        var workspace = MatchWorkspace(for: index)
        workspace.begin()
        var best = 0
        for name in description.names {
            let similarity = NameSimilarity(name)
            for other in index.names.rows.indices where index.names.entries[other].contains(entry) {
                best = max(best, similarity.score(UInt32(other), in: index.names))
            }
        }
        let stored = index.entries[Int(entry)]
        let evidence = evaluate(stored, name: best, scoring, &workspace)
        return (evidence, scoring.vetoes(evidence, stored))
    }

    /// Entries worth a look: by code, by equal names, and where no name is equal by similar ones.
    private func collect(_ description: Description, _ supplied: UInt32?, _ workspace: inout MatchWorkspace) {
        workspace.begin()
        let similarities = description.names.map(NameSimilarity.init)
        var names: [UInt32] = []
        for similarity in similarities {
            index.names.forEachEqual(to: similarity.row) { names.append($0) }
        }
        if names.isEmpty {
            for name in description.names where name.stem.count >= 2 {
                let sounds = name.stem.map { Sounds.syllables[Int($0)] }
                names += index.names.similar(
                    to: sounds, into: &workspace.gramCounts, touched: &workspace.touched)
            }
        }
        for name in names where workspace.nameMarks[Int(name)] != workspace.drug {
            workspace.nameMarks[Int(name)] = workspace.drug
            var best = 0
            for similarity in similarities { best = max(best, similarity.score(name, in: index.names)) }
            guard best >= 300 else { continue }
            let range = index.names.entries.range(Int(name))
            for place in range { workspace.note(index.names.entries.elements[place], name: best) }
        }
        var byCode: [UInt32] = []
        if let supplied { byCode.append(supplied) }
        for key in description.approval.keys { index.forEach(approval: key) { byCode.append($0) } }
        if let code = description.standardCode { index.forEach(standardCode: code) { byCode.append($0) } }
        if let code = description.nhsaCode { index.forEach(nhsaCode: code) { byCode.append($0) } }
        for entry in byCode {
            let first = index.entries[Int(entry)].firstName
            var best = 0
            if first != .max {
                for similarity in similarities { best = max(best, similarity.score(first, in: index.names)) }
            }
            workspace.note(entry, name: best)
        }
    }

    private func evaluate(
        _ entry: LibraryIndex.Entry, name: Int, _ scoring: Scoring, _ workspace: inout MatchWorkspace
    ) -> Evidence {
        let strength = Int(entry.strength)
        if workspace.strengthMarks[strength] != workspace.drug {
            workspace.strengthMarks[strength] = workspace.drug
            workspace.strengths[strength] = StrengthAgreement(
                scoring.description.strength.quantities, index.strengths.quantities[strength], localPack: nil,
                libraryPack: nil)
        }
        var agreement = workspace.strengths[strength]
        if agreement.agreement == .contradicts {
            agreement = StrengthAgreement(
                scoring.description.strength.quantities, index.strengths.quantities[strength],
                localPack: scoring.description.conversionFactor,
                libraryPack: entry.factor > 0 ? Int64(entry.factor) : nil)
        }
        var maker = MakerComparison()
        if !scoring.makerParts.isEmpty {
            maker.similarity = similarity(entry.maker, scoring, &workspace)
            maker.sharedParts =
                scoring.description.maker.namesPacker && maker.similarity >= 900
                ? index.makers.sharedParts(scoring.makerParts, entry.maker) : 0
            if entry.family != .max, maker.similarity < Scoring.formerMaker {
                for other in index.families[Int(entry.family)] where similarity(other, scoring, &workspace) >= 930 {
                    maker.similarity = Scoring.formerMaker
                }
            }
        }
        return scoring.evidence(
            for: entry, name: name, strength: agreement, maker: maker,
            isMakerStated: index.makers.isStated(entry.maker))
    }

    /// How alike the drug's maker and one of the library are, worked out once for each drug.
    private func similarity(_ maker: UInt32, _ scoring: Scoring, _ workspace: inout MatchWorkspace) -> Int {
        let place = Int(maker)
        if workspace.makerMarks[place] != workspace.drug {
            workspace.makerMarks[place] = workspace.drug
            workspace.makers[place] = Int16(index.makers.similarity(scoring.makerParts, maker))
        }
        return Int(workspace.makers[place])
    }

    /// The best entries, the best first.
    private func rank(_ scoring: Scoring, _ supplied: UInt32?, _ workspace: inout MatchWorkspace) -> Ranking {
        var ranking = Ranking(capacity: policy.candidates + 11)
        for place in workspace.found.indices {
            let entry = workspace.found[place]
            let stored = index.entries[Int(entry)]
            let evidence = evaluate(stored, name: Int(workspace.entryNames[Int(entry)]), scoring, &workspace)
            ranking.insert(entry, evidence, order: stored.order)
            if entry == supplied { ranking.supplied = evidence }
        }
        return ranking
    }
}
