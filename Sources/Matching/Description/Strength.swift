/// The strength and packing of a drug, read from its text.
///
/// A strength is the set of amounts the text names. Order, unit, spelling and repetition do not matter: `0.25g`,
/// `250mg` and `每片含0.25克` are one strength. What follows from a concentration and a volume is added as derived.
public struct Strength: Sendable, Hashable {
    /// The amounts, sorted, each once.
    public var quantities: [Quantity] = []
    /// How many dosage units a pack holds, from `12片×2板/盒`; `nil` where the text tells no number.
    public var packSize: Int64?

    /// Reads a strength column; `unit` is a text like `片` that only helps people.
    public init(_ text: String) { self.init(folded: Folding.fold(text)) }

    init(folded text: [UInt16]) {
        if let percent = Strength.strayPercent(text) {
            quantities = [percent]
            return
        }
        let tokens = DescriptionScanner.numbers(in: text)
        packSize = Strength.packing(tokens)
        quantities = Strength.amounts(tokens)
    }

    init() {}

    /// The strength with the amounts of another text of the same drug where this one names none.
    func completed(by other: Strength) -> Strength {
        var whole = self
        if quantities.isEmpty {
            whole.quantities = other.quantities
        } else if !other.quantities.isEmpty, !quantities.contains(where: { $0.dimension.isAmount && !$0.isDerived }) {
            whole.quantities = Strength.sorted(quantities + other.quantities)
        }
        if whole.packSize == nil { whole.packSize = other.packSize }
        return whole
    }

    /// At most this many amounts are kept; the longest real strengths have about thirty.
    private static let limit = 64

    /// A spreadsheet turns `10%` into `0.1`: a bare fraction is a percentage.
    private static func strayPercent(_ text: [UInt16]) -> Quantity? {
        guard text.count >= 3, text[0] == 0x30, text[1] == DescriptionScanner.point,
            text.dropFirst(2).allSatisfy(Scalars.isDigit), text.count <= 8
        else { return nil }
        var token = NumberToken(mantissa: 0, decimals: text.count - 2)
        for digit in text.dropFirst(2) { token.mantissa = token.mantissa * 10 + Int64(digit - 0x30) }
        return token.amount(times: 1_000_000_000).map { Quantity(dimension: .massConcentration, amount: $0) }
    }

    private static func amounts(_ tokens: [NumberToken]) -> [Quantity] {
        var found: [Quantity] = []
        var single: [Quantity?] = []
        for token in tokens {
            guard case .measure(let dimension, let size) = token.meaning, !token.isRate,
                let amount = token.amount(times: size), amount > 0
            else {
                single.append(nil)
                continue
            }
            if dimension == .units, amount == 1_000 {
                // `1单位/支` is what systems print where no strength was entered.
                single.append(nil)
                continue
            }
            let quantity = Quantity(dimension: dimension, amount: amount)
            single.append(quantity)
            if !token.isImplied { found.append(quantity) }
        }
        return sorted(found + concentrations(tokens, single))
    }

    /// Concentrations that the text implies, and the contents that follow from them.
    private static func concentrations(_ tokens: [NumberToken], _ values: [Quantity?]) -> [Quantity] {
        var derived: [Quantity] = []
        var bound: Set<Int> = []
        var per: Quantity?
        for index in values.indices {
            if tokens[index].isPer {
                per = values[index]
                bound.insert(index)
            } else if let base = per, let value = values[index], let concentration = ratio(value, base) {
                derived.append(concentration)
                bound.insert(index)
            }
        }
        for index in values.indices.dropFirst() where per == nil {
            // In `10ml:7.5mg/ml` the amount belongs to what follows it.
            if index + 1 < tokens.count, tokens[index + 1].isImplied, !tokens[index].isImplied { continue }
            guard let left = values[index - 1], let right = values[index], tokens[index].joint != 0 else { continue }
            var pair = right.dimension == .volume ? (left, right) : (right, left)
            if left.dimension == .mass, right.dimension == .mass, left.amount < right.amount { pair = (left, right) }
            guard pair.1.dimension == .volume || pair.1.dimension == .mass, let concentration = ratio(pair.0, pair.1)
            else { continue }
            derived.append(concentration)
            bound.insert(index)
            bound.insert(index - 1)
        }
        let volumes = Set(values.compactMap { $0?.dimension == .volume ? $0 : nil })
        let explicit = values.indices.filter { !tokens[$0].isImplied }.compactMap { values[$0] }
        if derived.isEmpty, volumes.count == 1, let volume = volumes.first {
            for amount in explicit { if let value = ratio(amount, volume) { derived.append(value) } }
        }
        let stated = explicit.filter { $0.dimension == .massConcentration }
        for concentration in (derived + stated).prefix(8) {
            for index in values.indices where !bound.contains(index) || stated.contains(concentration) {
                guard let value = values[index], !tokens[index].isImplied else { continue }
                if let content = content(concentration, in: value) { derived.append(content) }
            }
        }
        return derived
    }

    /// An amount in a volume, or in a mass of the whole.
    private static func ratio(_ amount: Quantity, _ volume: Quantity) -> Quantity? {
        guard volume.amount > 0 else { return nil }
        if volume.dimension == .mass {
            guard amount.dimension == .mass, amount.amount < volume.amount else { return nil }
            return scaled(amount.amount, 1_000_000_000, volume.amount, .massConcentration)
        }
        switch amount.dimension {
        case .mass: return scaled(amount.amount, 1_000, volume.amount, .massConcentration)
        case .units: return scaled(amount.amount, 1_000_000_000, volume.amount, .unitConcentration)
        default: return nil
        }
    }

    private static func content(_ concentration: Quantity, in whole: Quantity) -> Quantity? {
        switch (concentration.dimension, whole.dimension) {
        case (.massConcentration, .volume): scaled(whole.amount, concentration.amount, 1_000, .mass)
        case (.massConcentration, .mass): scaled(whole.amount, concentration.amount, 1_000_000_000, .mass)
        case (.unitConcentration, .volume): scaled(whole.amount, concentration.amount, 1_000_000_000, .units)
        default: nil
        }
    }

    /// `value × times / divisor` in full width, rounded.
    private static func scaled(_ value: Int64, _ times: Int64, _ divisor: Int64, _ dimension: Dimension) -> Quantity? {
        let product = value.multipliedFullWidth(by: times)
        guard product.high >= 0, product.high < divisor / 2 else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        return Quantity(
            dimension: dimension, amount: remainder > divisor / 2 ? quotient + 1 : quotient, isDerived: true)
    }

    /// Sorted, each amount once; what the text states itself wins over the same amount derived.
    private static func sorted(_ quantities: [Quantity]) -> [Quantity] {
        let ordered = quantities.sorted {
            ($0.dimension, $0.amount, $0.isDerived ? 1 : 0) < ($1.dimension, $1.amount, $1.isDerived ? 1 : 0)
        }
        var unique: [Quantity] = []
        for quantity in ordered
        where unique.last?.dimension != quantity.dimension || unique.last?.amount != quantity.amount {
            unique.append(quantity)
        }
        return unique.count <= limit ? unique : Array(unique.prefix(limit))
    }

    /// The product of what is counted: `12片×2板/盒` is 24. Counts in brackets explain those outside (`24片(12片×2)`).
    static func packing(_ tokens: [NumberToken]) -> Int64? {
        let outside = product(tokens.filter { $0.depth == 0 })
        return outside ?? product(tokens.filter { $0.depth > 0 })
    }

    private static func product(_ tokens: [NumberToken]) -> Int64? {
        var factor: Int64?
        for token in tokens {
            let isCount: Bool
            switch token.meaning {
            case .count: isCount = !token.precedesWeight
            case nil: isCount = token.isMultiplied
            case .measure: isCount = false
            }
            guard isCount, token.decimals == 0, token.mantissa > 0 else { continue }
            let (product, overflow) = (factor ?? 1).multipliedReportingOverflow(by: token.mantissa)
            guard !overflow, product <= 1_000_000 else { return nil }
            factor = product
        }
        return factor
    }
}
