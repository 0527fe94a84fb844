import Foundation
import Matching

/// The score against what was measured: how often the first candidate is right, by what it rests on.
struct Reliability {
    private var counts: [String: (score: Int, right: [Int], all: [Int])] = [:]

    mutating func add(_ pair: Pair, _ comparison: Comparison, _ matcher: Matcher) {
        guard let top = comparison.candidates.first, let basis = comparison.basis else { return }
        let isRight = pair.expected.map { $0 == top.ypid || matcher.index.areIndistinguishable($0, top.ypid) } ?? false
        let isClear = comparison.margin >= matcher.policy.margin
        guard top.vetoes.isDisjoint(with: [.dosageForm, .category]) else { return }
        let half = pair.isCheck ? 1 : 0
        let name = "\(basis.rawValue), \(isClear ? "clear" : "near rival")"
        var entry = counts[name] ?? (comparison.score, [0, 0], [0, 0])
        entry.all[half] += 1
        if isRight { entry.right[half] += 1 }
        counts[name] = entry
    }

    func show() {
        print("first candidate rests on                      score   right in develop half      check half")
        for (name, entry) in counts.sorted(by: { $0.key < $1.key }) {
            func text(_ half: Int) -> String {
                let share = entry.all[half] == 0 ? 0 : 100 * Double(entry.right[half]) / Double(entry.all[half])
                return String(format: "%5d of %5d %6.2f", entry.right[half], entry.all[half], share)
            }
            print(
                name.padding(toLength: 44, withPad: " ", startingAt: 0)
                    + String(format: "%7.2f   ", Double(entry.score) / 100) + text(0) + "   " + text(1))
        }
    }
}
