/// A hash of what a hospital and the library both print of a drug. Where it is equal and the hospital supplied the very
/// code, nothing has to be looked for: the description says in every field what the library says.
enum TextKey {
    static func hash(
        productName: String, strength: String?, dosageForm: String?, manufacturer: String?, approvalNumber: String?,
        factor: String?
    ) -> UInt64 {
        var hash: UInt64 = 0x3C6E_F372_FE94_F82B
        for text in [productName, strength, dosageForm, manufacturer, approvalNumber, factor.map(whole)] {
            let folded = text.map(Folding.compact) ?? []
            hash = Scalars.hash(folded[...], seed: hash) ^ UInt64(folded.count)
        }
        return hash
    }

    /// `24.0000` as `24`.
    private static func whole(_ factor: String) -> String {
        guard let point = factor.firstIndex(of: "."), factor[factor.index(after: point)...].allSatisfy({ $0 == "0" })
        else { return factor }
        return String(factor[..<point])
    }
}
