/// Whether single fields of a hospital's drug and of a library entry say the same, where spelling is no help: what the
/// rules before the load ask of a drug that carries a national code.
public enum FieldAgreement {
    /// Two strengths: `0.25g`, `250mg` and `每片含0.25克` are one.
    public static func strength(_ local: String, _ library: String) -> Agreement {
        if local == library { return .equal }
        let (mine, theirs) = (Strength(local), Strength(library))
        return StrengthAgreement(
            mine.quantities, theirs.quantities[...], localPack: mine.packSize, libraryPack: theirs.packSize
        ).agreement
    }

    /// A maker against those that the library names, producer and licence holder: equal where one of their names is,
    /// company forms left out, partly where one name holds much of another.
    public static func manufacturer(_ local: String, _ library: [String]) -> Agreement {
        if library.contains(local) { return .equal }
        let mine = MakerReading(local).parts
        let theirs = library.flatMap { MakerReading($0).parts }
        guard !mine.isEmpty, !theirs.isEmpty else { return .unknown }
        if mine.contains(where: { theirs.contains($0) }) { return .equal }
        let isNear = mine.contains { one in theirs.contains { isAlike(one, $0) } }
        return isNear ? .partly : .differs
    }

    /// At least half of the pairs of characters of the shorter name stand in the longer one too.
    private static func isAlike(_ a: [UInt16], _ b: [UInt16]) -> Bool {
        let (mine, theirs) = (Set(MakerTable.grams(of: a)), Set(MakerTable.grams(of: b)))
        let shorter = min(mine.count, theirs.count)
        return shorter > 0 && mine.intersection(theirs).count * 2 >= shorter
    }

    /// The class of a dosage form: `oral`, `injection` or `topical`; `nil` where the text does not tell.
    public static func formClass(_ text: String) -> String? {
        switch DosageForm.read(Folding.compact(text)).route {
        case .oralSolid, .oralLiquid: "oral"
        case .injection: "injection"
        case .topical, .patch, .eye, .ear, .nose, .rectal, .vaginal, .inhaled: "topical"
        case .unknown, .mouth, .implant, .rawMaterial, .diagnostic: nil
        }
    }
}

extension Agreement {
    /// As rules write it.
    public var name: String {
        switch self {
        case .contradicts: "contradicts"
        case .differs: "differs"
        case .unknown: "unknown"
        case .partly: "partly"
        case .agrees: "agrees"
        case .equal: "equal"
        }
    }
}
