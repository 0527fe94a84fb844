/// How a drug's maker compares with an entry's.
struct MakerComparison {
    /// 0 to 1000.
    var similarity = 0
    /// How many parts (holder, producer, packer) both name in the very words, where the drug names its packer.
    var sharedParts = 0
}

/// What all entries of a shape have in common with a drug.
struct ShapeEvidence {
    var evidence = Evidence()
    /// The points of that.
    var total = 0
    /// The least that an entry has which no code of the drug names; its name and maker add to that.
    var base = 0
}

/// The evidence for one entry, field by field, and its sum.
struct Scoring {
    /// How alike a maker is that other entries of the same enterprise code name: this one's former or later holder.
    static let formerMaker = 900

    let description: Description
    let makerParts: [MakerTable.Part]
    /// The routes and kinds that go with the drug's own, as bits: looked at for every entry.
    private let routes: UInt16
    private let kinds: UInt64

    init(description: Description, makerParts: [MakerTable.Part]) {
        self.description = description
        self.makerParts = makerParts
        routes = description.form.route.compatible
        var kinds: UInt64 = 0
        for group in Scoring.kindred where group.contains(description.form.kind) {
            for kind in group { kinds |= 1 << UInt64(kind.rawValue) }
        }
        self.kinds = kinds
    }

    /// Points of a field. The sum orders candidates; it is no probability.
    enum Points {
        static let name = 450
        static let strength = 250
        static let maker = 220
        /// One side states none.
        static let makerUnknown = 88
        static let sameScript = 15
        static let approval = 400
        static let alternateApproval = 250
        static let otherCode = 300
        static let approvalDiffers = -60
        /// More than a maker weighs: what is in force comes before what was.
        static let retired = -240
        /// J numbers are given no more and renewed as HJ: without a number the import itself is likelier, unless the
        /// maker speaks for the other.
        static let repackaged = -125
        /// Holder and packer are both the same.
        static let sharedParts = 30
    }

    /// What a drug and all entries of a shape have in common: everything but names, maker and codes.
    func evidence(of shape: Shape, strength: StrengthAgreement) -> ShapeEvidence {
        var evidence = Evidence()
        evidence.strength = strength.agreement
        evidence.strengthSimilarity = UInt16(strength.similarity)
        var total = (strength.similarity - 500) * Points.strength / 500
        if strength.agreement == .contradicts { total -= 60 }
        total += compareForm(shape, &evidence)
        total += compareFactor(shape, &evidence)
        total += compareContainer(shape)
        if let mine = description.category, let theirs = shape.category {
            let isConflict = (mine == .tcm) != (theirs == .tcm)
            evidence.category = mine == theirs ? .equal : isConflict ? .contradicts : .differs
            if isConflict { total -= 120 }
        }
        if shape.status != .active { total += Points.retired }
        if isRepackagingUnlikely, shape.isRepackaged { total += Points.repackaged }
        let isOther = shape.hasApproval && !description.approval.keys.isEmpty
        return ShapeEvidence(
            evidence: evidence, total: total, base: total + (isOther ? Points.approvalDiffers : 0))
    }

    /// All of the evidence for an entry of a shape.
    func evidence(
        for entry: LibraryIndex.Entry, of shape: Shape, _ shared: ShapeEvidence, name: Int, maker: MakerComparison,
        isMakerStated: Bool
    ) -> Evidence {
        var evidence = shared.evidence
        evidence.nameSimilarity = UInt16(name)
        evidence.name =
            switch name {
            case 1_000: .equal
            case 860...: .agrees
            case 700...: .partly
            default: .differs
            }
        var total = shared.total + Scoring.points(name: name)
        if makerParts.isEmpty || !isMakerStated {
            total += Points.makerUnknown
        } else {
            let similarity = maker.similarity
            evidence.manufacturerSimilarity = UInt16(similarity)
            evidence.manufacturer =
                switch similarity {
                case 930...: .equal
                case 780...: .agrees
                case 450...: .partly
                default: .differs
                }
            total += similarity * Points.maker / 1_000
            if maker.sharedParts > 1 {
                total += Points.sharedParts
                if isRepackagingUnlikely, shape.isRepackaged { total -= Points.repackaged }
            }
            // Of two strange makers the one in the same script is likelier an old or new name of this one.
            if similarity < 450, description.maker.isLatin == entry.isMakerLatin { total += Points.sameScript }
        }
        total += compareCodes(entry, &evidence)
        evidence.total = Int16(clamping: total)
        return evidence
    }

    /// J numbers count against an entry unless the drug states a number itself.
    private var isRepackagingUnlikely: Bool { description.approval.kind != .number }

    @inline(__always)
    static func points(name similarity: Int) -> Int { similarity * Points.name / 1_000 }

    /// The most points that a maker so alike can have; `nil` where the library states none.
    @inline(__always)
    func mostPoints(maker similarity: Int?, hasFamily: Bool) -> Int {
        guard let similarity else { return Points.makerUnknown }
        let most = hasFamily ? max(similarity, Scoring.formerMaker) : similarity
        var points = most * Points.maker / 1_000 + (similarity < 450 ? Points.sameScript : 0)
        if most >= 900, description.maker.namesPacker { points += Points.sharedParts - Points.repackaged }
        return points
    }

    /// The most points that any maker can have.
    var mostMakerPoints: Int {
        makerParts.isEmpty
            ? Points.makerUnknown : max(mostPoints(maker: 1_000, hasFamily: false), Points.makerUnknown)
    }

    private func compareCodes(_ entry: LibraryIndex.Entry, _ evidence: inout Evidence) -> Int {
        var total = 0
        let keys = description.approval.keys
        if let first = keys.first, entry.approval != 0 {
            if first == entry.approval {
                evidence.approvalNumber = .equal
                total += Points.approval
            } else if keys.contains(entry.approval) {
                evidence.approvalNumber = .agrees
                total += Points.alternateApproval
            } else {
                evidence.approvalNumber = .differs
                total += Points.approvalDiffers
            }
        }
        if let code = description.standardCode, entry.standardCode != 0 {
            evidence.standardCode = code == entry.standardCode ? .equal : .differs
            if code == entry.standardCode { total += Points.otherCode }
        }
        if let code = description.nhsaCode, entry.nhsaCode != 0 {
            evidence.nhsaCode = code == entry.nhsaCode ? .equal : .differs
            if code == entry.nhsaCode { total += Points.otherCode }
        }
        return total
    }

    private func compareForm(_ shape: Shape, _ evidence: inout Evidence) -> Int {
        let (mine, theirs) = (description.form, shape.form)
        if routes & 1 << UInt16(theirs.route.rawValue) == 0 {
            evidence.dosageForm = .contradicts
            return -300
        }
        guard mine.kind != .unknown, theirs.kind != .unknown else { return 20 }
        if mine.kind == theirs.kind {
            if mine.release == theirs.release {
                evidence.dosageForm = .equal
                return 50
            }
            evidence.dosageForm = .differs
            return mine.release == .plain || theirs.release == .plain ? -130 : -160
        }
        if kinds & 1 << UInt64(theirs.kind.rawValue) != 0 {
            evidence.dosageForm = .partly
            return mine.route == theirs.route || mine.route == .unknown || theirs.route == .unknown ? 25 : -40
        }
        evidence.dosageForm = .differs
        return -150
    }

    /// Forms that columns name loosely for one another.
    private static let kindred: [Set<FormKind>] = [
        [.injection, .injectionPowder], [.cream, .ointment, .paste], [.oralSolution, .syrup, .solution, .drops],
        [.solution, .suspension, .oralSuspension, .emulsion], [.spray, .aerosol, .inhalation, .solution],
        [.lotion, .solution, .tincture, .cream], [.powder, .granules], [.injection, .emulsion, .suspension, .solution],
        [.drops, .solution], [.pill, .drippingPill],
        [.inhalation, .powder, .capsule, .aerosol, .solution, .suspension],
        [.gel, .lotion, .drops], [.implant, .system], [.ointment, .gel], [.capsule, .pill, .drippingPill],
        [.paste, .syrup, .oralSolution], [.patch, .ointment], [.suppository, .tablet, .capsule, .gel, .cream],
        [.foam, .aerosol, .spray, .lotion],
    ]

    private func compareFactor(_ shape: Shape, _ evidence: inout Evidence) -> Int {
        guard let mine = description.conversionFactor, shape.factor > 0 else { return 0 }
        if mine == shape.factor {
            evidence.conversionFactor = shape.statesFactor ? .equal : .agrees
            return shape.statesFactor ? 30 : 14
        }
        guard shape.statesFactor else {
            // Packing that stands in a strength text belongs to one pack of many under the number.
            evidence.conversionFactor = .unknown
            return -4
        }
        // `1支/支` in a strength text counts nothing; a stated 1 does.
        guard description.statesFactor || mine > 1 else { return -4 }
        evidence.conversionFactor = .contradicts
        return -80
    }

    private func compareContainer(_ shape: Shape) -> Int {
        if description.container.isEmpty || shape.container.isEmpty { return 0 }
        if description.container == shape.container { return 20 }
        return description.container.isDisjoint(with: shape.container) ? -25 : 8
    }

    func vetoes(_ evidence: Evidence, _ shape: Shape) -> Vetoes {
        var vetoes: Vetoes = []
        if evidence.strength == .contradicts { vetoes.insert(.strength) }
        if evidence.dosageForm == .contradicts { vetoes.insert(.dosageForm) }
        if evidence.conversionFactor == .contradicts { vetoes.insert(.conversionFactor) }
        if evidence.category == .contradicts { vetoes.insert(.category) }
        if evidence.approvalNumber == .differs { vetoes.insert(.approvalNumber) }
        if evidence.standardCode == .differs || evidence.nhsaCode == .differs { vetoes.insert(.code) }
        if shape.status != .active { vetoes.insert(.retired) }
        return vetoes
    }
}
