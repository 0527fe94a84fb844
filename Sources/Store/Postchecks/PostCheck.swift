import Core

/// How a rule is judged: SQL over the tables that all rules share.
struct PostCheck: Sendable {
    /// The rule.
    var rule: RuleID
    /// How many things of a submission it looks at: an expression over `scope s`.
    var evaluated: String
    /// Why it cannot be judged, or NULL: an expression over `scope s`.
    var inapplicable: String
    /// What is worth knowing where it was judged, or NULL: an expression over `scope s`.
    var note: String
    /// What a position must be like for the rule to look at it: an expression over the columns of `Candidates`. `nil`
    /// for rules that do not ask about candidates.
    var candidates: (@Sendable (Thresholds) throws -> String)?
    /// Whether it asks for no more than positions, drugs and what `SharedTables.narrow` has, so that it can be judged on a
    /// second session before there is a benchmark.
    var needsNoPrices = false
    /// How long it may take; `nil` for the usual.
    var timeLimit: Duration?
    /// A query of what is wrong, with the columns of `Violation`.
    var violations: @Sendable (Thresholds) throws -> String

    init(
        _ rule: RuleID, evaluated: String, inapplicable: String = "NULL", note: String = "NULL",
        candidates: (@Sendable (Thresholds) throws -> String)? = nil,
        violations: @escaping @Sendable (Thresholds) throws -> String
    ) {
        self.rule = rule
        self.evaluated = evaluated
        self.inapplicable = inapplicable
        self.note = note
        self.candidates = candidates
        self.violations = violations
    }

    /// The same as one that needs no prices (`needsNoPrices`).
    var beside: PostCheck {
        var check = self
        check.needsNoPrices = true
        return check
    }

    /// All there are.
    static let all: [PostCheck] =
        prices + relations + institutions + history + province + stock + returns + classes
        + PeriodCheck.all.map(\.onSubmissions)
}

/// Thresholds in force as SQL literals, and the period that is judged.
struct Thresholds: Sendable {
    /// A rule asks for a threshold that no file sets.
    struct Missing: Error, CustomStringConvertible {
        var name: String
        var description: String { "no file of the rule folder sets the threshold \(name)" }
    }

    var values: [String: Int64]
    /// The period's key.
    var period: Int32 = 0
    /// The kept positions of the period.
    var position: String { "yaoce.drug_position_\(period)" }

    /// The number as SQL writes it.
    subscript(name: String) -> String {
        get throws {
            guard let value = values[name] else { throw Missing(name: name) }
            let text = FixedPoint.text(value, decimals: 4)
            return "(\(text))::numeric"
        }
    }
}

/// One query of violations.
enum Violation {
    static let columns = """
        submission_id, severity, table_no, file_no, line, row_number, code_no, column_name, value, expected, details
        """

    static let table = """
        CREATE TABLE violation (
            rule_id text NOT NULL, submission_id integer NOT NULL, severity smallint, table_no smallint, file_no integer,
            line integer, row_number integer, code_no integer, column_name text, value text, expected text,
            details text[]
        );
        CREATE TABLE result (
            rule_id text NOT NULL, submission_id integer NOT NULL, status text NOT NULL, reason text,
            evaluated bigint NOT NULL, violated bigint NOT NULL, seconds double precision NOT NULL
        );
        """

    /// Severities as the database ranks them.
    static let forced = "\(Severity.forced.rank)::smallint"
    static let anomaly = "\(Severity.anomaly.rank)::smallint"
    static let warning = "\(Severity.warning.rank)::smallint"
    /// The rule's own severity.
    static let own = "NULL::smallint"

    /// Columns of a violation that stands on a row of `source`.
    static func row(
        _ source: String, severity: String = own, column: String, value: String, expected: String,
        details: [(String, String)]
    ) -> String {
        """
        \(source).submission_id, \(severity), \(source).table_no, \(source).file_no, \(source).line,
            \(source).row_number, \(source).code_no, '\(column)', \(value), \(expected), \(pairs(details))
        """
    }

    /// Columns of a violation by a submission as a whole; `table` is a number or a column of `source`.
    static func whole(
        _ source: String, severity: String = own, table: String?, column: String? = nil, value: String,
        expected: String,
        details: [(String, String)] = []
    ) -> String {
        """
        \(source).submission_id, \(severity), (\(table ?? "NULL"))::smallint, NULL::integer,
            NULL::integer, NULL::integer, NULL::integer, \(column.map { "'\($0)'" } ?? "NULL::text"), \(value),
            \(expected), \(pairs(details))
        """
    }

    private static func pairs(_ details: [(String, String)]) -> String {
        guard !details.isEmpty else { return "NULL::text[]" }
        return "ARRAY[" + details.map { "'\($0.0)', \($0.1)" }.joined(separator: ", ") + "]::text[]"
    }

    /// A number for people.
    static func shown(_ expression: String, _ places: Int = 4) -> String {
        "yaoce.shown((\(expression))::numeric, \(places))"
    }

    /// A share in per cent.
    static func percent(_ expression: String) -> String { "yaoce.shown((\(expression))::numeric * 100, 1) || ' %'" }
}
