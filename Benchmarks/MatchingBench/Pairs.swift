import Foundation
import Matching

/// A hospital's row and the entry it is known to be.
struct Pair {
    var drug: LocalDrug
    var expected: String?
    var kind: String
    var variation: String
    var isIdentical: Bool
    var isStated: Bool
    /// Rows of one product are in one half, so that nothing is learned and checked on the same product.
    var isCheck: Bool

    static func read(_ folder: String, usesStatus: Bool = false) throws -> (library: [LibraryDrug], pairs: [Pair]) {
        let standard = try Files.rows(folder + "/standard.csv.gz")
        let library = standard.map { row in
            LibraryDrug(
                ypid: row["std_key"] ?? "", nhsaCode: row["nhsa_code"], standardCode: row["base_code"],
                approvalNumber: row["approval_number"], productName: row["product_name"] ?? "",
                manufacturer: row["maker"], dosageForm: row["dosage_form"], strength: row["spec"],
                status: usesStatus && row["status"] == "not-in-2025" ? "disabled" : nil)
        }
        let texts = Dictionary(library.map { ($0.ypid, $0) }) { first, _ in first }
        let pairs = try Files.rows(folder + "/pairs-open.csv.gz").map { row in
            let source = row["source"] ?? ""
            let isTrade = source.hasPrefix("distributor")
            let drug = LocalDrug(
                hospitalDrugCode: row["local_code"], approvalNumber: row["approval_number"],
                genericName: isTrade ? nil : row["local_alias"], productName: row["local_name"] ?? "",
                tradeName: isTrade ? row["local_alias"] : nil, manufacturer: row["local_maker"],
                dosageForm: row["local_form"], strength: row["local_spec"], packUnit: row["local_unit"])
            let expected = row["expected_standard_key"].flatMap { $0 == "NONE" ? nil : $0 }
            let entry = expected.flatMap { texts[$0] }
            let isIdentical =
                entry.map {
                    $0.productName == drug.productName && $0.strength == drug.strength
                        && $0.manufacturer == drug.manufacturer
                } ?? false
            let variation =
                drug.manufacturer == nil
                ? "no maker"
                : row["strength_differs"] == "1"
                    ? "strength differs"
                    : entry?.manufacturer == drug.manufacturer ? "same maker text" : "other maker text"
            let group = row["group"] ?? ""
            return Pair(
                drug: drug, expected: expected, kind: row["pair_kind"] ?? "", variation: variation,
                isIdentical: isIdentical || row["pair_kind"] == "identical",
                isStated: drug.manufacturer != nil && drug.strength != nil,
                isCheck: (group.utf8.reduce(0) { $0 &* 31 &+ Int($1) } & 1) == 1)
        }
        return (library, pairs)
    }
}

/// Counts over some pairs.
struct Tally {
    var pairs = 0
    var first = 0
    var firstLike = 0
    var five = 0
    var decided = 0
    var right = 0
    var rightLike = 0
    var absent = 0
    var absentDecided = 0

    mutating func add(_ pair: Pair, _ comparison: Comparison, _ index: LibraryIndex) {
        guard let expected = pair.expected else {
            absent += 1
            if comparison.state == .decided { absentDecided += 1 }
            return
        }
        func isLike(_ code: String) -> Bool { code == expected || index.areIndistinguishable(code, expected) }
        pairs += 1
        if let top = comparison.candidates.first {
            if top.ypid == expected { first += 1 }
            if isLike(top.ypid) { firstLike += 1 }
        }
        if comparison.candidates.contains(where: { isLike($0.ypid) }) { five += 1 }
        if let code = comparison.ypid {
            decided += 1
            if code == expected { right += 1 }
            if isLike(code) { rightLike += 1 }
        }
    }

    static let header =
        "pairs  top-1 (strict)   top-5   decided  precision (strict)   absent decided"

    private func share(_ part: Int, _ whole: Int, _ format: String = "%6.2f") -> String {
        whole == 0 ? "     –" : String(format: format, 100 * Double(part) / Double(whole))
    }

    var line: String {
        String(format: "%5d  ", pairs) + share(firstLike, pairs) + " (" + share(first, pairs) + ") "
            + share(five, pairs) + "   " + share(decided, pairs) + "   " + share(rightLike, decided) + " ("
            + share(right, decided) + ")   " + String(format: "%d/%d", absentDecided, absent)
    }

    /// The same as cells of a Markdown table.
    var tableCells: String {
        func cell(_ part: Int, _ whole: Int) -> String { share(part, whole, "%.2f") }
        return "| \(pairs) | \(cell(firstLike, pairs)) (\(cell(first, pairs))) | \(cell(five, pairs)) "
            + "| \(cell(decided, pairs)) | \(cell(rightLike, decided)) (\(cell(right, decided))) "
            + "| \(absent == 0 ? "" : "\(absentDecided) of \(absent)") |"
    }
}
