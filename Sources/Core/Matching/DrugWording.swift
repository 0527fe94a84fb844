/// What hospitals say of a drug, in their very words, but for its local code: many drugs share one.
public final class DrugWording: Sendable {
    /// With an empty local code.
    public let description: DrugDescription
    /// A hash of everything that takes part in a comparison, in one spelling: 128 bits of a SHA-256.
    public let hash: Fingerprint
    /// Of the very words, byte by byte. Another in every process: it tells texts apart, and is kept nowhere.
    public let text: Fingerprint

    /// The words of a description, with their key.
    public init(_ description: DrugDescription, hash: Fingerprint) {
        var description = description
        description.hospitalDrugCode = ""
        self.description = description
        self.hash = hash
        var hashers = (Hasher(), Hasher())
        hashers.1.combine(UInt8(1))
        for text in description.texts {
            guard var text else {
                hashers.0.combine(-1)
                hashers.1.combine(-1)
                continue
            }
            // Texts that Swift takes for equal may be written in other bytes.
            text.withUTF8 { utf8 in
                hashers.0.combine(utf8.count)
                hashers.1.combine(utf8.count)
                unsafe hashers.0.combine(bytes: UnsafeRawBufferPointer(utf8))
                unsafe hashers.1.combine(bytes: UnsafeRawBufferPointer(utf8))
            }
        }
        text = Fingerprint(
            high: UInt64(bitPattern: Int64(hashers.0.finalize())), low: UInt64(bitPattern: Int64(hashers.1.finalize())))
    }
}

extension DrugDescription {
    /// Everything but the local code: code, approval number, standard and insurance code, generic, product and trade name,
    /// maker, form, strength, units, factor.
    public var texts: [String?] {
        [
            ypid, approvalNumber, standardCode, nhsaCode, genericName, productName, tradeName, manufacturer, dosageForm,
            strength, dosageUnit, packUnit, conversionFactor,
        ]
    }

    /// The names of `texts`, as columns are called.
    public static let textNames = [
        "ypid", "approval_number", "standard_code", "nhsa_code", "generic_name", "product_name", "trade_name",
        "manufacturer", "dosage_form", "strength", "dosage_unit", "pack_unit", "conversion_factor",
    ]
}

/// A drug with the key under which decisions on it are kept.
public struct KeyedDrug: Sendable, Hashable {
    /// 院内药品唯一码
    public let code: String
    /// What the hospital says of it.
    public let wording: DrugWording

    /// A local code, and what is said of it.
    public init(code: String, wording: DrugWording) {
        self.code = code
        self.wording = wording
    }

    /// A drug and its key.
    public init(description: DrugDescription, hash: Fingerprint) {
        self.init(code: description.hospitalDrugCode, wording: DrugWording(description, hash: hash))
    }

    /// What the hospital says of it, its local code included.
    public var description: DrugDescription {
        var description = wording.description
        description.hospitalDrugCode = code
        return description
    }

    /// A hash of everything that takes part in a comparison.
    public var hash: Fingerprint { wording.hash }

    /// Of the same code and the same words.
    public static func == (one: KeyedDrug, other: KeyedDrug) -> Bool {
        one.code == other.code && one.hash == other.hash && one.wording.text == other.wording.text
    }

    /// By code and key.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
        hasher.combine(hash)
    }
}
