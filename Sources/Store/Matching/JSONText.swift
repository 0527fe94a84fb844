import Core

/// Writes the small JSON objects that maps keep, a hundred thousand of them in a moment. U+0000, which jsonb cannot
/// hold, becomes the four characters `\x00` as everywhere in the store.
enum JSONText {
    static func object(_ members: [(name: String, value: String?)]) -> String {
        var text = "{"
        for (name, value) in members {
            guard let value else { continue }
            if text.utf8.count > 1 { text += "," }
            append(name, to: &text)
            text += ":"
            append(value, to: &text)
        }
        return text + "}"
    }

    static func description(_ drug: DrugDescription) -> String {
        object([
            ("hospital_drug_code", drug.hospitalDrugCode), ("ypid", drug.ypid),
            ("approval_number", drug.approvalNumber), ("standard_code", drug.standardCode),
            ("nhsa_code", drug.nhsaCode), ("generic_name", drug.genericName), ("product_name", drug.productName),
            ("trade_name", drug.tradeName), ("manufacturer", drug.manufacturer), ("dosage_form", drug.dosageForm),
            ("strength", drug.strength), ("dosage_unit", drug.dosageUnit), ("pack_unit", drug.packUnit),
            ("conversion_factor", drug.conversionFactor),
        ])
    }

    static func candidates(_ candidates: [MatchCandidate]) -> String {
        var text = "["
        for candidate in candidates {
            if text.utf8.count > 1 { text += "," }
            text += "{\"ypid\":"
            append(candidate.ypid, to: &text)
            text += ",\"score\":\(candidate.score),\"vetoes\":["
            for (index, veto) in candidate.vetoes.enumerated() {
                if index > 0 { text += "," }
                append(veto, to: &text)
            }
            text += "]}"
        }
        return text + "]"
    }

    static func evidence(_ evidence: [String: String]) -> String {
        object(evidence.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }

    static func append(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\0": text += "\\\\x00"
            case "\u{1}"..."\u{1F}":
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
