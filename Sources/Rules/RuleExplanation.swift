public import Core
internal import Expressions

/// What is evaluated for a rule, and where: for people who ask why it spoke, or did not.
public struct RuleExplanation: Sendable, Hashable {
    /// One condition over one table.
    public struct Part: Sendable, Hashable {
        /// The table.
        public var table: DataTable
        /// The column that a finding points at.
        public var column: String
        /// The condition in its one spelling.
        public var condition: String
        /// Relations without which it is not applicable.
        public var needs: [Relation]
        /// Thresholds by name as they are in force; a blank value is not in force yet.
        public var thresholds: [String: String]
        /// Ways in which a row can make it not evaluable.
        public var failures: [String]
        /// The same over what is loaded, for PostgreSQL; `nil` where a part of it is computed by the program only.
        public var sql: String?
    }

    /// The rule.
    public var rule: Rule
    /// Its conditions; empty where code or statements of the store decide.
    public var parts: [Part]
}

extension RuleBook {
    /// What is evaluated for a rule on a day; `nil` where there is no such rule.
    public func explanation(of id: RuleID, on day: CalendarDay) -> RuleExplanation? {
        guard let rule = rules[id] else { return nil }
        let values = parameters.values(on: day.description)
        var parts: [RuleExplanation.Part] = []
        for table in rule.tables {
            for checked in conditions[id]?[table] ?? [] {
                let expression = checked.expression
                let names = expression.usedThresholds.map { expression.schema.thresholds[$0].name }
                var shown: [String: String] = [:]
                for name in names {
                    if case .number(let number) = values[name] {
                        shown[name] = number.description
                    } else {
                        shown[name] = ""
                    }
                }
                parts.append(
                    RuleExplanation.Part(
                        table: table, column: DataSet.of(table).columns[checked.column].name,
                        condition: expression.canonicalText, needs: checked.needs.sorted { $0.rawValue < $1.rawValue },
                        thresholds: shown, failures: RuleBook.names(of: expression.failures),
                        sql: ConditionStatement(table, expression, values)?.text))
            }
        }
        return RuleExplanation(rule: rule, parts: parts)
    }

    private static func names(of failures: Failures) -> [String] {
        var names: [String] = []
        if failures.contains(.divisionByZero) { names.append(FailureReason.divisionByZero.rawValue) }
        if failures.contains(.overflow) { names.append(FailureReason.overflow.rawValue) }
        return names
    }
}

/// A condition as a statement over the public views and the published libraries.
private struct ConditionStatement {
    let text: String

    /// `nil` where a relation exists in the program only, or a threshold is not in force.
    init?(_ table: DataTable, _ condition: TypedExpression, _ thresholds: [String: ExpressionValue]) {
        let names = condition.usedColumns.map { condition.schema.columns[$0].name }
        let relations = Set(
            names.compactMap { $0.split(separator: ".").first }.compactMap { Relation(rawValue: String($0)) })
        guard !relations.contains(.comparison),
            let sql = try? ExpressionSQL(condition, thresholds: thresholds, functionSchema: "yaoce")
        else { return nil }
        let own = table.rawValue
        var joins = ""
        for relation in relations.sorted(by: { $0.rawValue < $1.rawValue }) {
            joins += "\nLEFT JOIN " + ConditionStatement.join(relation, to: own)
        }
        text = """
            SELECT \(own).submission_id, \(own).file_name, \(own).line
            FROM yaoce_api.\(own) AS \(own)\(joins)
            WHERE \(sql.value.inlined)
            """
    }

    private static func join(_ relation: Relation, to own: String) -> String {
        switch relation {
        case .catalogue:
            """
            (SELECT *, TRUE AS is_accepted FROM yaoce_api.catalogue) AS catalogue
                ON catalogue.submission_id = \(own).submission_id AND catalogue.hospital_drug_code = \(own).hospital_drug_code
            """
        case .library, .comparison:
            """
            (SELECT d.ypid, d.approval_number, d.generic_name, d.product_name, d.manufacturer, d.holder, d.category,
                    d.dosage_form, d.strength, d.dosage_unit, d.pack_unit, d.conversion_factor * 0.0001 AS conversion_factor,
                    d.is_essential, d.is_central_procurement, d.extra ->> 'is_consistency_evaluated' = '1' AS is_consistency_evaluated,
                    d.status, d.valid_from, d.valid_to, d.successor_ypid
                FROM yaoce.library_drug d JOIN yaoce.library_version v ON v.id = d.version_id
                WHERE v.kind = 'drugs' AND v.is_current) AS library ON library.ypid = \(own).ypid
            """
        case .match:
            """
            (SELECT hospital_code, hospital_drug_code, matched_ypid AS ypid, state, method, score FROM yaoce_api.drug_code_map) AS match
                ON match.hospital_code = \(own).hospital_code AND match.hospital_drug_code = \(own).hospital_drug_code
            """
        case .institution:
            """
            (SELECT i.hospital_code, i.name, i.level, i.is_primary
                FROM yaoce.library_institution i JOIN yaoce.library_version v ON v.id = i.version_id
                WHERE v.kind = 'institutions' AND v.is_current) AS institution ON institution.hospital_code = \(own).hospital_code
            """
        case .period:
            """
            (SELECT id, first_day, (first_day + make_interval(months => months) - interval '1 day')::date AS last_day
                FROM (SELECT id, make_date(period_key / 100, CASE WHEN period_key % 100 = 0 THEN 1
                            WHEN period_key % 100 > 20 THEN period_key % 100 * 3 - 62 ELSE period_key % 100 END, 1) AS first_day,
                        CASE WHEN period_key % 100 = 0 THEN 12 WHEN period_key % 100 > 20 THEN 3 ELSE 1 END AS months
                    FROM yaoce.submission) AS bounds) AS period ON period.id = \(own).submission_id
            """
        }
    }
}
