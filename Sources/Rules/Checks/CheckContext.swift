public import Core

/// What the checks of one submission are told besides its rows.
public struct CheckContext: Sendable {
    /// What the submission reports on.
    public var period: Period
    /// The day of the run.
    public var businessDate: CalendarDay
    /// The 医疗机构代码 of the sender, as the drop folder names it.
    public var senderCode: String
    /// The province that runs the system, 11 … 82; `nil` where any is right.
    public var province: UInt8?
    /// The published institution library; `nil` where there is none.
    public var institutions: [String: InstitutionEntry]?
    /// The published division library; `nil` where there is none.
    public var divisions: Set<String>?

    /// A context.
    public init(
        period: Period, businessDate: CalendarDay, senderCode: String, province: UInt8? = nil,
        institutions: [String: InstitutionEntry]? = nil, divisions: Set<String>? = nil
    ) {
        self.period = period
        self.businessDate = businessDate
        self.senderCode = senderCode
        self.province = province
        self.institutions = institutions
        self.divisions = divisions
    }
}

/// Collects what the checks see and knows how to say where.
struct ObservationSink {
    /// What was seen; `columns` holds the position of each one's column, for ordering.
    var observations: [Observation] = []
    var columns: [Int] = []

    mutating func add(
        _ rule: RuleID, _ batch: borrowing RowBatch, row: Int, column position: Int, value: String? = nil,
        expected: String? = nil, details: [String: String] = [:], severity: Severity? = nil
    ) {
        let source = batch.rows[row]
        observations.append(
            Observation(
                rule,
                at: Place(line: source.line, row: source.number, column: batch.dataSet.columns[position].name),
                value: (value ?? batch.string(row: row, column: position)).cut(), expected: expected,
                details: details, severity: severity))
        columns.append(position)
    }
}
