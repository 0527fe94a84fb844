/// How a drug moved in the period.
enum Movement: Int8, Sendable {
    /// It came, was issued and was used.
    case used
    /// It came and was issued; nothing was used of it.
    case issued
    /// It came and lies in the store.
    case received
    /// It stands in the catalogue only.
    case idle
}

/// A drug of one hospital in one period, with what came, went and was used.
struct HospitalDrug: Sendable, Hashable {
    /// Its position in the library.
    let libraryPosition: Int32
    /// Fen for a pack: the library's price, the award price, or a hospital's own within 1.5 per cent.
    let price: Int32
    /// How it moved.
    let movement: Movement
    /// Packs, in halves: packs are split (拆零) where half a pack is a whole number of dosage units and of fen.
    let usedHalves: Int32
    /// Packs issued, in halves.
    let issuedHalves: Int32
    /// Packs received.
    let receivedPacks: Int32

    /// Fen for what was used.
    var usedAmount: Int { Int(usedHalves) * Int(price) / 2 }
    /// Fen for what came.
    var receivedAmount: Int { Int(receivedPacks) * Int(price) }
}

/// What a hospital holds: which drugs, at what prices, how much of each; the same for the same seed.
///
/// Which drugs and their usual quantities depend on seed and institution, so that two periods of one institution are
/// alike; how much of each depends on the period too.
struct HospitalStock: Sendable {
    /// The drugs in the order of the catalogue.
    let drugs: [HospitalDrug]

    /// The stock of an institution. `version` counts resubmissions: some quantities of each differ.
    init(
        _ institution: SampleInstitution, library: DrugLibrary, seed: UInt64, periodKey: Int, version: Int = 1,
        changes: Set<WholeChange> = []
    ) {
        var picking = SeededGenerator(seed: seed, path: 0x51, UInt64(institution.number))
        var moving = SeededGenerator(seed: seed, path: 0x52, UInt64(institution.number), UInt64(periodKey))
        let positions = HospitalStock.pick(institution, from: library, using: &picking)
        drugs = positions.enumerated().map { index, position in
            let drug = library.drugs[Int(position)]
            let presentation = library.presentation(of: drug)
            let price: Int
            if let award = DrugLibrary.awardPrice(of: drug, presentation) {
                price = award
            } else {
                price = Int(drug.listPrice) * (10_000 + picking.number(in: -150...150)) / 10_000
            }
            let usual = institution.kind.drugBudget / 100 * picking.number(in: 20...300) / max(price, 1)
            var used = max(24, usual * moving.number(in: 85...115) / 100) + moving.below(10)
            if version > 1, index % 7 == 3 { used += version * 3 }
            let split = presentation.factor % 2 == 0 && price % 2 == 0 && moving.happens(perMille: 120)
            let usedHalves = used * 2 + (split ? 1 : 0)
            let issuedHalves = usedHalves + moving.below(used / 12 + 6)
            let issued = (issuedHalves + 1) / 2
            let received = issued + moving.below(issued / 10 + 8)
            // Half a pack can only be issued where half a pack can be told in dosage units.
            let issuedWhole = presentation.factor % 2 == 0 ? issuedHalves : issued * 2
            if changes.contains(.copied) {
                return HospitalDrug(
                    libraryPosition: position, price: Int32(price), movement: .used,
                    usedHalves: Int32(clamping: used * 2), issuedHalves: Int32(clamping: used * 2),
                    receivedPacks: Int32(clamping: used))
            }
            let isIdle = changes.contains(.mostlyIdle) && index % 10 < 6
            return HospitalDrug(
                libraryPosition: position, price: Int32(price),
                movement: isIdle ? .idle : HospitalStock.movement(of: index, every: institution.idleEvery),
                usedHalves: Int32(clamping: usedHalves), issuedHalves: Int32(clamping: issuedWhole),
                receivedPacks: Int32(clamping: received))
        }
    }

    private static func movement(of index: Int, every: Int) -> Movement {
        switch index % every {
        case every - 1: .idle
        case every - 2: .received
        case every - 3: .issued
        default: .used
        }
    }

    // Most drugs come from a window of the library that all institutions share, so that prices can be compared.
    private static func pick(
        _ institution: SampleInstitution, from library: DrugLibrary, using random: inout SeededGenerator
    ) -> [Int32] {
        let count = min(institution.drugCount, library.drugs.count)
        let wanted = (count * institution.kind.essentialShare + 99) / 100
        let essential = min(max(wanted, count - library.other.count), library.essential.count)
        func some(_ wanted: Int, of pool: [Int32]) -> [Int32] {
            guard wanted > 0 else { return [] }
            let window = min(pool.count, max(4_000, wanted * 4))
            let rare = pool.count - window > wanted ? wanted / 12 : 0
            let common = Walk(count: window, using: &random)
            let seldom = Walk(count: max(1, pool.count - window), using: &random)
            return (0..<wanted).map { $0 < rare ? pool[window + seldom[$0]] : pool[common[$0]] }
        }
        let picked = some(essential, of: library.essential) + some(count - essential, of: library.other)
        return picked.count > 50_000 ? picked : random.shuffled(picked)
    }

    /// Fen for everything that was used.
    var usageTotal: Int { drugs.reduce(0) { $0 + ($1.movement == .used ? $1.usedAmount : 0) } }
}
