import Foundation
import Matching

/// Whether the comparison is right.
enum Accuracy {
    static func measure(_ folder: String, usesStatus: Bool, showsErrors: Bool, asTable: Bool) throws {
        let (library, pairs) = try Pair.read(folder, usesStatus: usesStatus)
        var builder = LibraryIndexBuilder()
        for drug in library { builder.add(drug) }
        let index = builder.build()
        print("library \(index.count) entries, \(index.distinguishableCount) distinguishable; \(pairs.count) pairs")
        if asTable {
            print("\n| | pairs | top-1 (strict) | top-5 | decided alone | precision (strict) | absent, decided |")
            print("| --- | --- | --- | --- | --- | --- | --- |")
            for isBlanked in [false, true] {
                let counts = count(Matcher(index: index), pairs, isBlanked: isBlanked)
                let heading = isBlanked ? "**approval numbers blanked**" : "**with approval numbers**"
                print("| \(heading) | | | | | | |")
                for (name, tally) in counts.tallies.sorted(by: { $0.key < $1.key }) where tally.pairs > 0 {
                    print("| \(name) \(tally.tableCells)")
                }
            }
            return
        }
        Supplied.measure(Matcher(index: index), pairs, library)
        Variation.measure(Matcher(index: index), pairs)
        for isBlanked in [false, true] {
            for decidesAmongLike in [false, true] {
                var policy = DecisionPolicy()
                policy.decidesAmongLike = decidesAmongLike
                let matcher = Matcher(index: index, policy: policy)
                run(matcher, pairs, library, isBlanked: isBlanked, showsErrors: showsErrors && !decidesAmongLike)
            }
        }
    }

    private static func run(
        _ matcher: Matcher, _ pairs: [Pair], _ library: [LibraryDrug], isBlanked: Bool, showsErrors: Bool
    ) {
        let texts = Dictionary(library.map { ($0.ypid, $0) }) { first, _ in first }
        let (tallies, reliability) = count(matcher, pairs, isBlanked: isBlanked) { pair, comparison in
            if showsErrors { show(pair, comparison, matcher, texts, isBlanked) }
        }
        let like = matcher.policy.decidesAmongLike ? "like registrations decided" : "like registrations proposed"
        print("\n\(isBlanked ? "approval numbers blanked" : "with approval numbers"), \(like)")
        print(String(repeating: " ", count: 34) + Tally.header)
        for (name, tally) in tallies.sorted(by: { $0.key < $1.key }) {
            print(name.padding(toLength: 34, withPad: " ", startingAt: 0) + tally.line)
        }
        if !matcher.policy.decidesAmongLike { reliability.show() }
    }

    /// What the pairs with different texts come to, by kind, variation and half.
    private static func count(
        _ matcher: Matcher, _ pairs: [Pair], isBlanked: Bool, _ each: (Pair, Comparison) -> Void = { _, _ in }
    ) -> (tallies: [String: Tally], reliability: Reliability) {
        var workspace = MatchWorkspace(for: matcher.index)
        var tallies: [String: Tally] = [:]
        var reliability = Reliability()
        for pair in pairs where !pair.isIdentical {
            var drug = pair.drug
            if isBlanked { drug.approvalNumber = nil }
            let comparison = matcher.compare(drug, using: &workspace)
            let half = pair.isCheck ? "check" : "develop"
            var groups = ["all", "half \(half)", "kind \(pair.kind)", "variation \(pair.variation)"]
            if pair.drug.approvalNumber != nil { groups.append("approval number stated") }
            if hasTwin(pair, comparison, matcher) {
                groups.append("text of another entry")
            } else if pair.isStated {
                groups.append("stated, no other entry's text")
            }
            if pair.isStated { groups += ["maker and strength stated", "stated, half \(half)"] }
            for group in groups { tallies[group, default: Tally()].add(pair, comparison, matcher.index) }
            reliability.add(pair, comparison, matcher)
            each(pair, comparison)
        }
        return (tallies, reliability)
    }

    /// Whether an entry other than the expected one bears the very name, maker and strength of the hospital, and the
    /// expected one does not: then text leads to the other.
    private static func hasTwin(_ pair: Pair, _ comparison: Comparison, _ matcher: Matcher) -> Bool {
        guard let expected = pair.expected else { return false }
        func isEqual(_ candidate: Candidate) -> Bool {
            candidate.evidence.name == .equal && candidate.evidence.strength == .equal
                && candidate.evidence.manufacturer == .equal
        }
        let equal = comparison.candidates.filter(isEqual)
        return !equal.isEmpty
            && !equal.contains { $0.ypid == expected || matcher.index.areIndistinguishable($0.ypid, expected) }
    }

    private static func show(
        _ pair: Pair, _ comparison: Comparison, _ matcher: Matcher, _ texts: [String: LibraryDrug], _ isBlanked: Bool
    ) {
        guard !pair.isCheck else { return }
        func isLike(_ code: String?) -> Bool {
            guard let code, let expected = pair.expected else { return code == nil && pair.expected == nil }
            return code == expected || matcher.index.areIndistinguishable(code, expected)
        }
        let isFirst = isLike(comparison.candidates.first?.ypid)
        let isWrong = comparison.ypid != nil && !isLike(comparison.ypid)
        let isMissed = comparison.ypid == nil && pair.expected != nil
        guard isWrong || isMissed || !isFirst && pair.expected != nil else { return }
        let label = isWrong ? "WRONG" : !isFirst ? "MISS" : "UNDECIDED"
        func text(_ code: String?) -> String {
            guard let drug = code.flatMap({ texts[$0] }) else { return "-" }
            return [drug.ypid, drug.productName, drug.strength, drug.dosageForm, drug.manufacturer]
                .map { $0 ?? "" }.joined(separator: " | ")
        }
        print(
            "\(isBlanked ? "B" : "A") \(label) \(comparison.method?.rawValue ?? "--") \(comparison.score) m\(comparison.margin) "
                + comparison.reasons.map(\.rawValue).joined(separator: ",") + "\n   local "
                + [
                    pair.drug.productName, pair.drug.genericName, pair.drug.tradeName, pair.drug.strength,
                    pair.drug.dosageForm, pair.drug.manufacturer, pair.drug.approvalNumber,
                ]
                .map { $0 ?? "" }.joined(separator: " | "))
        print("   want  \(text(pair.expected))")
        for candidate in comparison.candidates.prefix(2) {
            let e = candidate.evidence
            print(
                "   got   \(text(candidate.ypid)) t\(e.total) n\(e.nameSimilarity) s\(e.strengthSimilarity) m\(e.manufacturerSimilarity) \(e.dosageForm) v\(candidate.vetoes.rawValue)"
            )
        }
    }
}
