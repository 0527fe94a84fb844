/// A hash of what a hospital and the library both print of a drug. Where it is equal and the hospital supplied the very
/// code, nothing has to be looked for: the description says in every field what the library says.
///
/// The texts come in this order: product name, strength, form, maker, approval number, factor. A text that is missing
/// is as an empty one.
struct TextKey {
    private(set) var value: UInt64 = 0x3C6E_F372_FE94_F82B

    /// Takes the next text.
    mutating func add(_ utf8: Span<UInt8>) {
        var hash = value
        var count: UInt64 = 0
        Folding.forEach(in: utf8) { scalar in
            guard scalar != Folding.space else { return }
            hash = Scalars.hashed(hash, scalar)
            count += 1
        }
        value = Scalars.finished(hash) ^ count
    }

    /// Takes a conversion factor, the last text: `24.0000` as `24`.
    mutating func add(factor utf8: Span<UInt8>) {
        var length = utf8.count
        for place in 0..<length where utf8[place] == UInt8(ascii: ".") {
            let isWhole = (place + 1..<length).allSatisfy { utf8[$0] == UInt8(ascii: "0") }
            if isWhole { length = place }
            break
        }
        add(utf8.extracting(first: length))
    }

    static func hash(
        productName: String, strength: String?, dosageForm: String?, manufacturer: String?, approvalNumber: String?,
        factor: String?
    ) -> UInt64 {
        var key = TextKey()
        for text in [productName, strength, dosageForm, manufacturer, approvalNumber] {
            let text = text ?? ""
            key.add(text.utf8.span)
        }
        let factor = factor ?? ""
        key.add(factor: factor.utf8.span)
        return key.value
    }
}

extension LocalDrug {
    /// What `TextKey` makes of the drug; `nil` where that a text is equal would not be enough.
    var textKey: UInt64? {
        guard standardCode == nil, nhsaCode == nil, strength != nil, manufacturer != nil else { return nil }
        return TextKey.hash(
            productName: productName, strength: strength, dosageForm: dosageForm, manufacturer: manufacturer,
            approvalNumber: approvalNumber, factor: conversionFactor)
    }
}
