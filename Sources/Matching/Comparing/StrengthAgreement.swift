/// How two strengths compare.
struct StrengthAgreement {
    var agreement: Agreement
    /// 0 to 1000; 500 where nothing can be compared.
    var similarity: Int

    /// Compares the amounts of a local strength with those of the library.
    ///
    /// Amounts of the ingredient come first. All equal is `equal`; one side naming a part of what the other names is
    /// `agrees`, as is a concentration or content that follows from the other; one of several components different is
    /// `differs`; nothing in common `contradicts`. Volumes and sprays weaken or confirm.
    init(_ local: [Quantity], _ library: ArraySlice<Quantity>, localPack: Int64?, libraryPack: Int64?) {
        var shared = 0
        var mine = 0
        var theirs = 0
        var isFollowing = false
        var isComparable = false
        for raw in Dimension.mass.rawValue...Dimension.energy.rawValue {
            guard let dimension = Dimension(rawValue: raw) else { continue }
            let counts = StrengthAgreement.count(local, library, dimension)
            if counts.mine > 0, counts.theirs > 0 {
                isComparable = true
                shared += counts.shared
                mine += counts.mine
                theirs += counts.theirs
                if counts.shared == 0, counts.following { isFollowing = true }
            } else if counts.following {
                isFollowing = true
            }
        }
        let volume = StrengthAgreement.count(local, library, .volume)
        let doses = StrengthAgreement.count(local, library, .doses)
        let size = (shared: volume.shared + doses.shared, isStated: volume.isOnBoth || doses.isOnBoth)
        let sameConcentration = StrengthAgreement.shareConcentration(local, library)
        (agreement, similarity) = (.unknown, 500)
        if isComparable {
            if shared == max(mine, theirs) {
                (agreement, similarity) = (.equal, 1_000)
            } else if shared == min(mine, theirs) {
                (agreement, similarity) = (.agrees, 800 + 100 * shared / max(mine, theirs))
            } else if shared > 0 {
                (agreement, similarity) = (.differs, 300)
            } else if isFollowing {
                (agreement, similarity) = (.agrees, 800)
            } else if StrengthAgreement.sumsAgree(local, library) {
                (agreement, similarity) = (.agrees, 760)
            } else if StrengthAgreement.totalsAgree(local, library, localPack, libraryPack) {
                (agreement, similarity) = (.partly, 650)
            } else if sameConcentration == true, !size.isStated || size.shared > 0 {
                (agreement, similarity) = (.partly, 600)
            } else {
                (agreement, similarity) = (.contradicts, 0)
            }
        } else if isFollowing {
            (agreement, similarity) = (.agrees, 780)
        } else if let sameConcentration {
            (agreement, similarity) = sameConcentration ? (.agrees, 800) : (.contradicts, 50)
        }
        let isSizeOnly =
            !local.contains(where: StrengthAgreement.isAmount) && !library.contains(where: StrengthAgreement.isAmount)
        weigh(size, isSizeOnly: isSizeOnly)
    }

    /// What contradicted without regard to the packs may agree with them. Nothing else depends on packs, so the dear part is
    /// done where they do.
    mutating func reconsider(
        _ local: [Quantity], _ library: ArraySlice<Quantity>, localPack: Int64?, libraryPack: Int64?
    ) {
        guard StrengthAgreement.totalsAgree(local, library, localPack, libraryPack) else { return }
        self = StrengthAgreement(local, library, localPack: localPack, libraryPack: libraryPack)
    }

    private static func isAmount(_ quantity: Quantity) -> Bool {
        quantity.dimension.isAmount || quantity.dimension == .massConcentration
    }

    private mutating func weigh(_ size: (shared: Int, isStated: Bool), isSizeOnly: Bool) {
        guard size.isStated else { return }
        if agreement == .unknown {
            // Where neither side names an amount, the volume is the strength (500ml of an infusion).
            let whole: (Agreement, Int) = isSizeOnly ? (.agrees, 800) : (.partly, 720)
            (agreement, similarity) = size.shared > 0 ? whole : (.differs, 150)
        } else if size.shared == 0, agreement > .differs {
            (agreement, similarity) = (.differs, 350)
        } else if size.shared > 0, agreement > .differs {
            similarity = min(1_000, similarity + 60)
        }
    }

    private typealias Counts = (mine: Int, theirs: Int, shared: Int, following: Bool, isOnBoth: Bool)

    private static func count(_ local: [Quantity], _ library: ArraySlice<Quantity>, _ dimension: Dimension) -> Counts {
        var result: Counts = (0, 0, 0, false, false)
        for quantity in local where quantity.dimension == dimension && !quantity.isDerived { result.mine += 1 }
        for other in library where other.dimension == dimension {
            if !other.isDerived { result.theirs += 1 }
            for quantity in local
            where quantity.dimension == dimension && isNear(quantity, other) {
                if quantity.isDerived || other.isDerived {
                    if !(quantity.isDerived && other.isDerived) { result.following = true }
                } else {
                    result.shared += 1
                }
            }
        }
        result.isOnBoth = result.mine > 0 && result.theirs > 0
        return result
    }

    /// Stated amounts must be equal; what is computed may be rounded by one in two hundred.
    private static func isNear(_ left: Quantity, _ right: Quantity) -> Bool {
        if left.amount == right.amount { return true }
        guard left.isDerived || right.isDerived else { return false }
        let difference = left.amount > right.amount ? left.amount - right.amount : right.amount - left.amount
        return difference <= max(left.amount, right.amount) / 200
    }

    /// Whether a concentration is the same; `nil` where one side tells none.
    private static func shareConcentration(_ local: [Quantity], _ library: ArraySlice<Quantity>) -> Bool? {
        var isOnBoth = false
        for quantity in local where quantity.dimension >= .massConcentration {
            for other in library where other.dimension == quantity.dimension {
                isOnBoth = true
                let difference = abs(quantity.amount - other.amount)
                if difference <= max(quantity.amount, other.amount) / 100 { return true }
            }
        }
        return isOnBoth ? false : nil
    }

    /// `0.25g` for `50mg` and `0.2g`: one side names the whole of what the other names by component.
    private static func sumsAgree(_ local: [Quantity], _ library: ArraySlice<Quantity>) -> Bool {
        var (mine, theirs) = ((count: 0, sum: Int64(0)), (count: 0, sum: Int64(0)))
        for quantity in local where quantity.dimension == .mass && !quantity.isDerived {
            mine = (mine.count + 1, mine.sum &+ quantity.amount)
        }
        for quantity in library where quantity.dimension == .mass && !quantity.isDerived {
            theirs = (theirs.count + 1, theirs.sum &+ quantity.amount)
        }
        return min(mine.count, theirs.count) == 1 && max(mine.count, theirs.count) <= 8 && mine.sum == theirs.sum
    }

    /// `75g/盒` and `5g*15袋`: the content of the pack against the content of a dose.
    private static func totalsAgree(
        _ local: [Quantity], _ library: ArraySlice<Quantity>, _ localPack: Int64?, _ libraryPack: Int64?
    ) -> Bool {
        guard localPack ?? 1 > 1 || libraryPack ?? 1 > 1 else { return false }
        for quantity in local where quantity.dimension == .mass && !quantity.isDerived {
            for other in library where other.dimension == .mass && !other.isDerived {
                if let pack = localPack, pack > 1,
                    quantity.amount.multipliedReportingOverflow(by: pack) == (other.amount, false)
                {
                    return true
                }
                if let pack = libraryPack, pack > 1,
                    other.amount.multipliedReportingOverflow(by: pack) == (quantity.amount, false)
                {
                    return true
                }
            }
        }
        return false
    }
}
