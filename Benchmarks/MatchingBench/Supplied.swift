import Foundation
import Matching

/// Whether a code that the hospital supplied is believed when it is right and found out when it is wrong.
enum Supplied {
    static func measure(_ matcher: Matcher, _ pairs: [Pair], _ library: [LibraryDrug]) {
        let siblings = Dictionary(grouping: library, by: \.productName)
        let names = Dictionary(library.map { ($0.ypid, $0.productName) }) { first, _ in first }
        var workspace = MatchWorkspace(for: matcher.index)
        for isBlanked in [false, true] {
            var counts = (right: 0, believed: 0, sibling: 0, siblingFound: 0, other: 0, otherFound: 0)
            for (number, pair) in pairs.enumerated() where !pair.isIdentical {
                guard let expected = pair.expected else { continue }
                func isBelieved(_ code: String) -> Bool {
                    var drug = pair.drug
                    drug.ypid = code
                    if isBlanked { drug.approvalNumber = nil }
                    return matcher.compare(drug, using: &workspace).suppliedCode == .agrees
                }
                counts.right += 1
                if isBelieved(expected) { counts.believed += 1 }
                let same = (siblings[names[expected] ?? ""] ?? []).map(\.ypid)
                    .filter { !matcher.index.areIndistinguishable($0, expected) }
                if !same.isEmpty {
                    counts.sibling += 1
                    if !isBelieved(same[number % same.count]) { counts.siblingFound += 1 }
                }
                let stranger = library[number * 7_919 % library.count].ypid
                if stranger != expected {
                    counts.other += 1
                    if !isBelieved(stranger) { counts.otherFound += 1 }
                }
            }
            func share(_ part: Int, _ whole: Int) -> String {
                String(format: "%.2f %%", 100 * Double(part) / Double(max(1, whole)))
            }
            print(
                "supplied code, \(isBlanked ? "numbers blanked" : "with numbers"): right ones believed \(share(counts.believed, counts.right)), "
                    + "entries of the same name found out \(share(counts.siblingFound, counts.sibling)) of \(counts.sibling), "
                    + "strange entries found out \(share(counts.otherFound, counts.other))")
        }
    }
}
