internal import Expressions

/// Why a rule's conditions can be said of the rows of a batch or not, counted: a dirty file has rows that cannot be judged
/// for nearly every rule, so what is asked of each row is laid ready once for the batch.
struct RowReasons {
    private struct Part {
        var outcomes: ConditionOutcomes
        /// The joined rows that the condition needs, by relation.
        var joined: [(relation: Relation, numbers: [Int32])]
    }

    private let parts: [Part]
    /// Rows of which a condition can be said.
    private(set) var evaluated = 0
    private var divisions = 0
    private var overflows = 0
    private var missing = 0
    private var unjoined = [Int](repeating: 0, count: Relation.allCases.count)

    init(
        of conditions: Range<Int>, needs: (Int) -> [Relation], _ bench: borrowing ConditionBench, isData: [Bool]
    ) {
        var parts: [Part] = []
        for index in conditions {
            var joined: [(relation: Relation, numbers: [Int32])] = []
            for relation in needs(index) {
                if let numbers = bench.numbers[relation] { joined.append((relation, numbers)) }
            }
            parts.append(Part(outcomes: bench.conditions.outcomes(of: index), joined: joined))
        }
        self.parts = parts
        for row in isData.indices where isData[row] { count(row) }
    }

    private enum Reason {
        case division, overflow, missing
        case unjoined(Relation)
    }

    private mutating func count(_ row: Int) {
        var found: Reason?
        for part in parts {
            guard let reason = RowReasons.reason(row, part) else {
                evaluated += 1
                return
            }
            found = found ?? reason
        }
        switch found {
        case nil: evaluated += 1
        case .division: divisions += 1
        case .overflow: overflows += 1
        case .missing: missing += 1
        case .unjoined(let relation): unjoined[relation.place] += 1
        }
    }

    /// Why a condition cannot be said of a row; `nil` where it can.
    private static func reason(_ row: Int, _ part: borrowing Part) -> Reason? {
        for joined in part.joined where joined.numbers[row] == JoinedRow.unknown { return .unjoined(joined.relation) }
        switch part.outcomes[row] {
        case .value: return nil
        case .notEvaluable(.divisionByZero): return .division
        case .notEvaluable(.overflow): return .overflow
        case .unknown:
            for joined in part.joined where joined.numbers[row] < 0 { return .unjoined(joined.relation) }
            return .missing
        }
    }

    /// What was counted of rows that none of the conditions can be said of.
    var notApplicable: [(reason: NotApplicable, rows: Int)] {
        let others: [(NotApplicable, Int)] = [
            (.divisionByZero, divisions), (.overflow, overflows), (.missingValue, missing),
        ]
        return (others + Relation.allCases.map { (.unjoined($0), unjoined[$0.place]) }).filter { $0.1 > 0 }
    }
}

extension Relation {
    /// Its position among all.
    fileprivate var place: Int {
        switch self {
        case .catalogue: 0
        case .library: 1
        case .comparison: 2
        case .match: 3
        case .institution: 4
        case .period: 5
        }
    }
}
