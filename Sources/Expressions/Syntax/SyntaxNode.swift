public import Core

/// One part of an expression as it was written, with its place.
public struct SyntaxNode: Sendable {
    /// What it is.
    public var kind: Kind
    /// Where it starts; of an operator between two parts, where the operator stands.
    public var position: SourcePosition
    /// How many levels hang below it, itself included.
    let depth: Int

    init(_ kind: Kind, at position: SourcePosition) {
        self.kind = kind
        self.position = position
        depth = 1 + (kind.children.map(\.depth).max() ?? 0)
    }

    /// The kinds of parts.
    public indirect enum Kind: Sendable {
        /// A number, `1.5`; a minus before it belongs to it.
        case number(ExactNumber)
        /// `'text'`
        case text(String)
        /// `TRUE` or `FALSE`
        case boolean(Bool)
        /// `DATE '2025-01-31'`
        case date(CalendarDay)
        /// `NULL`
        case null
        /// `amount`, `catalogue.strength`
        case column(String)
        /// `:C27.amount`
        case threshold(String)
        /// `-x`
        case negated(SyntaxNode)
        /// `NOT x`
        case not(SyntaxNode)
        /// `a + b`, `a < b` and their like
        case binary(BinaryOperator, SyntaxNode, SyntaxNode)
        /// `a AND b AND …`
        case and([SyntaxNode])
        /// `a OR b OR …`
        case or([SyntaxNode])
        /// `x [NOT] IN (a, …)`
        case isIn(SyntaxNode, [SyntaxNode], isNegated: Bool)
        /// `x [NOT] BETWEEN a AND b`
        case between(SyntaxNode, SyntaxNode, SyntaxNode, isNegated: Bool)
        /// `x [NOT] LIKE 'pattern' [ESCAPE 'c']`
        case like(SyntaxNode, LikePattern, isNegated: Bool)
        /// `x IS [NOT] NULL`
        case isNull(SyntaxNode, isNegated: Bool)
        /// `a IS [NOT] DISTINCT FROM b`
        case isDistinct(SyntaxNode, SyntaxNode, isNegated: Bool)
        /// `CASE [x] WHEN … THEN … ELSE … END`
        case cases(subject: SyntaxNode?, [Branch], otherwise: SyntaxNode?)
        /// `name(a, …)`
        case call(String, [SyntaxNode])

        var children: [SyntaxNode] {
            switch self {
            case .number, .text, .boolean, .date, .null, .column, .threshold: []
            case .negated(let node), .not(let node), .like(let node, _, _), .isNull(let node, _): [node]
            case .binary(_, let left, let right), .isDistinct(let left, let right, _): [left, right]
            case .and(let nodes), .or(let nodes), .call(_, let nodes): nodes
            case .isIn(let node, let items, _): [node] + items
            case .between(let node, let low, let high, _): [node, low, high]
            case .cases(let subject, let branches, let otherwise):
                (subject.map { [$0] } ?? []) + branches.flatMap { [$0.condition, $0.result] }
                    + (otherwise.map { [$0] } ?? [])
            }
        }
    }

    /// `WHEN condition THEN result`
    public struct Branch: Sendable {
        /// What stands behind WHEN.
        public var condition: SyntaxNode
        /// What stands behind THEN.
        public var result: SyntaxNode
    }
}

/// An operator between two parts.
public enum BinaryOperator: String, Sendable, Hashable, CaseIterable {
    /// Addition.
    case add = "+"
    /// Subtraction.
    case subtract = "-"
    /// Multiplication.
    case multiply = "*"
    /// Division.
    case divide = "/"
    /// Texts one behind the other.
    case concatenate = "||"
    /// Equal.
    case equal = "="
    /// Not equal.
    case notEqual = "<>"
    /// Less.
    case less = "<"
    /// Less or equal.
    case lessOrEqual = "<="
    /// Greater.
    case greater = ">"
    /// Greater or equal.
    case greaterOrEqual = ">="

    var precedence: Precedence {
        switch self {
        case .add, .subtract: .sum
        case .multiply, .divide: .product
        case .concatenate: .concatenation
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .comparison
        }
    }
}

/// How closely operators bind, as in PostgreSQL.
enum Precedence: Int, Comparable {
    case disjunction = 1, conjunction, negation, test, comparison, membership, concatenation, sum, product, sign,
        primary

    static func < (lhs: Precedence, rhs: Precedence) -> Bool { lhs.rawValue < rhs.rawValue }

    var next: Precedence { Precedence(rawValue: rawValue + 1) ?? .primary }
}
