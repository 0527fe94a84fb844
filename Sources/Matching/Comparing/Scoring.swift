/// How a drug's maker compares with an entry's.
struct MakerComparison {
    /// 0 to 1000.
    var similarity = 0
    /// How many parts (holder, producer, packer) both name in the very words, where the drug names its packer.
    var sharedParts = 0
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

    func evidence(
        for entry: LibraryIndex.Entry, name: Int, strength: StrengthAgreement, maker: MakerComparison,
        isMakerStated: Bool
    ) -> Evidence {
        var evidence = Evidence()
        evidence.nameSimilarity = UInt16(name)
        evidence.name =
            switch name {
            case 1_000: .equal
            case 860...: .agrees
            case 700...: .partly
            default: .differs
            }
        var total = name * Points.name / 1_000
        evidence.strength = strength.agreement
        evidence.strengthSimilarity = UInt16(strength.similarity)
        total += (strength.similarity - 500) * Points.strength / 500
        if strength.agreement == .contradicts { total -= 60 }
        if makerParts.isEmpty || !isMakerStated {
            total += Points.maker * 2 / 5
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
            if maker.sharedParts > 1 { total += Points.sharedParts }
            // Of two strange makers the one in the same script is likelier an old or new name of this one.
            if similarity < 450, description.maker.isLatin == entry.isMakerLatin { total += 15 }
        }
        total += compareCodes(entry, &evidence)
        total += compareForm(entry, &evidence)
        total += compareFactor(entry, &evidence)
        total += compareContainer(entry)
        if let mine = description.category, let theirs = entry.category {
            let isConflict = (mine == .tcm) != (theirs == .tcm)
            evidence.category = mine == theirs ? .equal : isConflict ? .contradicts : .differs
            if isConflict { total -= 120 }
        }
        if entry.status != .active { total += Points.retired }
        if description.approval.kind != .number, maker.sharedParts < 2, ApprovalNumber.isRepackaged(entry.approval) {
            total += Points.repackaged
        }
        evidence.total = Int16(clamping: total)
        return evidence
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

    private func compareForm(_ entry: LibraryIndex.Entry, _ evidence: inout Evidence) -> Int {
        let (mine, theirs) = (description.form, entry.form)
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

    private func compareFactor(_ entry: LibraryIndex.Entry, _ evidence: inout Evidence) -> Int {
        guard let mine = description.conversionFactor, entry.factor > 0 else { return 0 }
        if mine == entry.factor {
            evidence.conversionFactor = entry.statesFactor ? .equal : .agrees
            return entry.statesFactor ? 30 : 14
        }
        guard entry.statesFactor else {
            // Packing that stands in a strength text belongs to one pack of many under the number.
            evidence.conversionFactor = .unknown
            return -4
        }
        // `1支/支` in a strength text counts nothing; a stated 1 does.
        guard description.statesFactor || mine > 1 else { return -4 }
        evidence.conversionFactor = .contradicts
        return -80
    }

    private func compareContainer(_ entry: LibraryIndex.Entry) -> Int {
        if description.container.isEmpty || entry.container.isEmpty { return 0 }
        if description.container == entry.container { return 20 }
        return description.container.isDisjoint(with: entry.container) ? -25 : 8
    }

    func vetoes(_ evidence: Evidence, _ entry: LibraryIndex.Entry) -> Vetoes {
        var vetoes: Vetoes = []
        if evidence.strength == .contradicts { vetoes.insert(.strength) }
        if evidence.dosageForm == .contradicts { vetoes.insert(.dosageForm) }
        if evidence.conversionFactor == .contradicts { vetoes.insert(.conversionFactor) }
        if evidence.category == .contradicts { vetoes.insert(.category) }
        if evidence.approvalNumber == .differs { vetoes.insert(.approvalNumber) }
        if evidence.standardCode == .differs || evidence.nhsaCode == .differs { vetoes.insert(.code) }
        if entry.status != .active { vetoes.insert(.retired) }
        return vetoes
    }
}
