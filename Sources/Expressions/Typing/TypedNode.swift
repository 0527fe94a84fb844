internal import Core

/// One part of a checked expression. Numbers that meet have the same scale; sugar is gone.
struct TypedNode: Sendable {
    var kind: Kind
    var type: ValueType
    /// How this part can fail, its own parts included.
    var failures: Failures = []
    /// How its own operation can fail.
    var ownFailures: Failures = []
    /// Known never to be zero.
    var isNeverZero = false

    indirect enum Kind: Sendable {
        case null
        case number(Int128)
        case text(String)
        case date(CalendarDay)
        case boolean(Bool)
        case column(Int)
        case threshold(Int)

        case rescaled(TypedNode)
        case negated(TypedNode)
        case absolute(TypedNode)
        case rounded(TypedNode)
        case sum(TypedNode, TypedNode)
        case difference(TypedNode, TypedNode)
        case product(TypedNode, TypedNode)
        case quotient(TypedNode, TypedNode)
        case dayDifference(TypedNode, TypedNode)

        case comparison(Comparison, TypedNode, TypedNode)
        case and([TypedNode])
        case or([TypedNode])
        case not(TypedNode)
        case isIn(TypedNode, [TypedNode])
        case between(TypedNode, TypedNode, TypedNode)
        case like(TypedNode, LikePattern)
        case isNull(TypedNode)
        case isDistinct(TypedNode, TypedNode)

        case cases([Branch], otherwise: TypedNode)
        case match(TypedNode, [Branch], otherwise: TypedNode)
        case coalesce([TypedNode])
        case nullIf(TypedNode, TypedNode)
        case extreme(isGreatest: Bool, [TypedNode])

        case length(TypedNode)
        case transformed(TextTransformation, TypedNode)
        case substring(TypedNode, TextSlice)
        case concatenated(TypedNode, TypedNode)
        case check(CheckDigit, TypedNode)
        case similarity(TypedNode, TypedNode)
    }

    /// `WHEN condition THEN result`; in a match the condition is the value that is compared.
    struct Branch: Sendable {
        var condition: TypedNode
        var result: TypedNode
    }

    var isFailing: Bool { !failures.isEmpty }

    var isNullLiteral: Bool {
        if case .null = kind { true } else { false }
    }

    /// A column, with more decimals perhaps.
    var isColumn: Bool {
        switch kind {
        case .column: true
        case .rescaled(let node): node.isColumn
        default: false
        }
    }

    /// The parts it is made of.
    var children: [TypedNode] {
        switch kind {
        case .null, .number, .text, .date, .boolean, .column, .threshold: []
        case .rescaled(let a), .negated(let a), .absolute(let a), .rounded(let a), .not(let a), .like(let a, _),
            .isNull(let a), .length(let a), .transformed(_, let a), .substring(let a, _), .check(_, let a):
            [a]
        case .sum(let a, let b), .difference(let a, let b), .product(let a, let b), .quotient(let a, let b),
            .dayDifference(let a, let b), .comparison(_, let a, let b), .isDistinct(let a, let b),
            .nullIf(let a, let b),
            .concatenated(let a, let b), .similarity(let a, let b):
            [a, b]
        case .between(let a, let b, let c): [a, b, c]
        case .and(let nodes), .or(let nodes), .coalesce(let nodes), .extreme(_, let nodes): nodes
        case .isIn(let a, let items): [a] + items
        case .cases(let branches, let otherwise): branches.flatMap { [$0.condition, $0.result] } + [otherwise]
        case .match(let a, let branches, let otherwise):
            [a] + branches.flatMap { [$0.condition, $0.result] } + [otherwise]
        }
    }
}

/// The six comparisons.
enum Comparison: String, Sendable {
    case equal = "="
    case notEqual = "<>"
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="

    /// Whether it holds between two values of which the first is less (-1), equal (0) or greater (1).
    func holds(_ order: Int) -> Bool {
        switch self {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }
}

/// Texts to texts, character by character.
enum TextTransformation: Sendable { case lower, upper, trim, canonical }

/// A part of a text.
enum TextSlice: Sendable {
    /// From a character (1 is the first, 0 the place before it) so many characters, or all of them.
    case substring(start: Int, length: Int?)
    /// The first so many; all but the last so many where negative.
    case left(Int)
    /// The last so many; all but the first so many where negative.
    case right(Int)

    /// The characters that are left of a text with so many.
    func range(of count: Int) -> Range<Int> {
        switch self {
        case .substring(let start, let length):
            let lower = min(max(start - 1, 0), count)
            let upper = length.map { min(max(start - 1 + $0, 0), count) } ?? count
            return lower..<max(lower, upper)
        case .left(let wanted):
            return 0..<(wanted >= 0 ? min(wanted, count) : max(count + wanted, 0))
        case .right(let wanted):
            return (wanted >= 0 ? max(count - wanted, 0) : min(-wanted, count))..<count
        }
    }
}

/// Codes that carry a check character.
enum CheckDigit: Sendable { case organization, standard, credit }
