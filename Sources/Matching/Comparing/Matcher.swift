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
        if let supplied, let entry = index.entry(ypid: supplied), isSaidAlike(drug, entry) {
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
        let ranking = rank(scoring, suppliedEntry, capacity: policy.candidates + 11, &workspace)
        return Decision(
            index: index, policy: policy, scoring: scoring, ranking: ranking, supplied: supplied,
            suppliedEntry: suppliedEntry
        ).comparison()
    }

    /// Whether the hospital prints of a drug in use, in every field, what the entry of its code prints.
    private func isSaidAlike(_ drug: LocalDrug, _ entry: UInt32) -> Bool {
        index.shape(of: entry).status == .active && drug.textKey == index.entries[Int(entry)].text
    }

    /// The evidence for one entry whatever its rank: what `match show` prints. `nil` for an unknown code.
    public func evidence(for drug: LocalDrug, ypid: String) -> (evidence: Evidence, vetoes: Vetoes)? {
        guard let entry = index.entry(ypid: ypid) else { return nil }
        let description = Description(drug)
        let scoring = Scoring(description: description, makerParts: index.makers.parts(of: description.maker))
        var workspace = MatchWorkspace(for: index)
        workspace.begin()
        let stored = index.entries[Int(entry)]
        var best = 0
        for name in description.names {
            let similarity = NameSimilarity(name)
            for other in UInt32(0)..<UInt32(index.names.rows.count)
            where index.names.holds(other, entry, of: stored.shape) {
                best = max(best, similarity.score(other, in: index.names))
            }
        }
        let evidence = evaluate(stored, name: best, scoring, &workspace)
        return (evidence, scoring.vetoes(evidence, index.shape(of: entry)))
    }

    /// What is worth a look: entries by code; equal names, and where no name is equal similar ones.
    func collect(_ description: Description, _ supplied: UInt32?, _ workspace: inout MatchWorkspace) {
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
            workspace.found.append((name, best))
        }
        var byCode: [UInt32] = []
        if let supplied { byCode.append(supplied) }
        for key in description.approval.keys { index.forEach(approval: key) { byCode.append($0) } }
        if let code = description.standardCode { index.forEach(standardCode: code) { byCode.append($0) } }
        if let code = description.nhsaCode { index.forEach(nhsaCode: code) { byCode.append($0) } }
        for entry in byCode where !workspace.coded.contains(where: { $0.entry == entry }) {
            let (shape, first) = (index.entries[Int(entry)].shape, index.entries[Int(entry)].firstName)
            var best = 0
            for (name, similarity) in workspace.found
            where similarity > best && index.names.holds(name, entry, of: shape) {
                best = similarity
            }
            if first != .max {
                for similarity in similarities { best = max(best, similarity.score(first, in: index.names)) }
            }
            workspace.coded.append((entry, best))
        }
    }

    /// What the drug has in common with all entries of a shape, worked out once for each drug.
    private func weigh(_ number: UInt32, _ scoring: Scoring, _ workspace: inout MatchWorkspace) -> ShapeEvidence {
        let place = Int(number)
        if workspace.shapeMarks[place] == workspace.drug { return workspace.shapes[place] }
        let shape = index.shapes[place]
        let strength = Int(shape.strength)
        if workspace.strengthMarks[strength] != workspace.drug {
            workspace.strengthMarks[strength] = workspace.drug
            workspace.strengths[strength] = StrengthAgreement(
                scoring.description.strength.quantities, index.strengths.quantities[strength], localPack: nil,
                libraryPack: nil)
        }
        var agreement = workspace.strengths[strength]
        if agreement.agreement == .contradicts {
            agreement.reconsider(
                scoring.description.strength.quantities, index.strengths.quantities[strength],
                localPack: scoring.description.conversionFactor,
                libraryPack: shape.factor > 0 ? Int64(shape.factor) : nil)
        }
        let evidence = scoring.evidence(of: shape, strength: agreement)
        workspace.shapeMarks[place] = workspace.drug
        workspace.shapes[place] = evidence
        return evidence
    }

    /// All of the evidence for an entry.
    func evaluate(
        _ entry: LibraryIndex.Entry, name: Int, _ scoring: Scoring, _ workspace: inout MatchWorkspace
    ) -> Evidence {
        var maker = MakerComparison()
        let similarity = similarity(entry.maker, scoring, &workspace)
        if let similarity {
            maker.similarity = similarity
            maker.sharedParts =
                scoring.description.maker.namesPacker && maker.similarity >= 900
                ? index.makers.sharedParts(scoring.makerParts, entry.maker) : 0
            if entry.family != .max, maker.similarity < Scoring.formerMaker {
                for other in index.families[Int(entry.family)]
                where self.similarity(other, scoring, &workspace) ?? 0 >= 930 {
                    maker.similarity = Scoring.formerMaker
                }
            }
        }
        return scoring.evidence(
            for: entry, of: index.shapes[Int(entry.shape)], weigh(entry.shape, scoring, &workspace), name: name,
            maker: maker, isMakerStated: similarity != nil)
    }

    /// How alike the drug's maker and one of the library are, worked out once for each drug; `nil` where one of them is not
    /// stated.
    @inline(__always)
    private func similarity(_ maker: UInt32, _ scoring: Scoring, _ workspace: inout MatchWorkspace) -> Int? {
        if scoring.makerParts.isEmpty { return nil }
        let place = Int(maker)
        if workspace.makerMarks[place] != workspace.drug {
            workspace.makerMarks[place] = workspace.drug
            workspace.makers[place] =
                index.makers.isStated(maker) ? Int16(index.makers.similarity(scoring.makerParts, maker)) : -1
        }
        let similarity = Int(workspace.makers[place])
        return similarity < 0 ? nil : similarity
    }

    /// The best entries, the best first.
    ///
    /// What the codes name is weighed whole. Of all others no more is worked out than tells whether they can be among the
    /// best: first what a name and a shape have in common with the drug, the best of these first, then the maker.
    func rank(
        _ scoring: Scoring, _ supplied: UInt32?, capacity: Int, _ workspace: inout MatchWorkspace
    ) -> Ranking {
        var ranking = Ranking(capacity: capacity)
        for place in workspace.coded.indices {
            let (entry, name) = workspace.coded[place]
            let stored = index.entries[Int(entry)]
            let evidence = evaluate(stored, name: name, scoring, &workspace)
            workspace.entryMarks[Int(entry)] = workspace.drug
            ranking.insert(entry, evidence, order: stored.order)
            if entry == supplied { ranking.supplied = evidence }
        }
        let most = scoring.mostMakerPoints
        collectGroups(scoring, most: most, capacity: capacity, &workspace)
        for place in workspace.groups.indices {
            let ranked = workspace.groups[place]
            let base = Int(ranked.base)
            guard ranking.admits(base + most, order: 0) else { break }
            for place in ranked.group.members {
                let entry = index.names.members[Int(place)]
                let outline = index.outlines[Int(entry)]
                let points = scoring.mostPoints(
                    maker: similarity(outline.maker, scoring, &workspace), hasFamily: outline.hasFamily)
                // An entry with two names comes with the better one first: that is the one that counts.
                guard ranking.admits(base + points, order: outline.order),
                    workspace.entryMarks[Int(entry)] != workspace.drug
                else { continue }
                workspace.entryMarks[Int(entry)] = workspace.drug
                let evidence = evaluate(index.entries[Int(entry)], name: Int(ranked.name), scoring, &workspace)
                ranking.insert(entry, evidence, order: outline.order)
            }
        }
        return ranking
    }

    /// The groups of all names found that may hold one of the best entries, the likeliest first.
    private func collectGroups(_ scoring: Scoring, most: Int, capacity: Int, _ workspace: inout MatchWorkspace) {
        // A group with so many members fills the ranking, codes or not: what stays below all of these is out.
        let enough = capacity + workspace.coded.count
        var floor = Int.min
        for place in workspace.found.indices {
            let (name, similarity) = workspace.found[place]
            let points = Scoring.points(name: similarity)
            for place in index.names.groups.range(Int(name)) {
                let group = index.names.groups.elements[place]
                let base = weigh(group.shape, scoring, &workspace).base + points
                guard base + most >= floor else { continue }
                workspace.groups.append(RankedGroup(base: Int32(base), name: Int16(similarity), group: group))
                if group.members.count >= enough { floor = max(floor, base) }
            }
        }
        workspace.groups.removeAll { Int($0.base) + most < floor }
        workspace.groups.sort { ($0.base, $0.name) > ($1.base, $1.name) }
    }
}
