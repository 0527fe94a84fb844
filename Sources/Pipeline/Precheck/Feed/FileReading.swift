internal import Core
internal import Readers
internal import Rules

/// A file to be read, as rows of a table.
struct FileTask: Sendable {
    var source: SourceFile
    var dataSet: DataSet
}

/// Reads one file: only bytes, rows and cells, no judgement.
struct FileReading {
    private let reader: any TableReader
    private let hash: HashingByteSource?

    init(_ task: FileTask, _ limits: ReadingLimits) throws(ReadingError) {
        let bytes: any ByteSource
        if task.source.member == nil {
            bytes = try task.source.open(limits: limits)
            hash = nil
        } else {
            let opened = try task.source.openHashing(limits: limits)
            bytes = opened.bytes
            hash = opened.hash
        }
        reader = try TableReaders.reader(for: task.source, bytes, task.dataSet, limits)
    }

    /// Fills a batch with the next rows; `false` at the end.
    func next(into checked: inout CheckedBatch) throws(ReadingError) -> Bool {
        guard try reader.next(into: &checked.batch) else { return false }
        checked.facts = reader.facts
        return true
    }

    func end() -> FileEnd {
        var end = FileEnd(facts: reader.facts, observations: reader.fileObservations)
        guard let hash else { return end }
        do throws(ReadingError) {
            // What the reader did not want is read here, and may be damaged.
            end.digest = try hash.digest()
            end.size = hash.count
        } catch {
            end.failure = error
        }
        return end
    }
}

/// The conditions that can be said of a row without any other of its submission.
struct OwnConditions: Sendable {
    var plan: ConditionPlan
    var scopes: [RuleID: RuleScope]
    var library: DrugLibrary?
    var matches: MatchIndex?

    /// What rows of a batch are joined to.
    var joined: ReferenceJoins { ReferenceJoins(library, matches) }
}

/// Judges the rows of one file, each by itself: what its cells are, whether they can be, what they hash to.
struct FileJudging: ~Copyable {
    private let dataSet: DataSet
    private let context: CheckContext
    private let parameters: RuleParameters
    private var checks: RowChecks?
    private var present: [Int] = []
    private var totals: ControlTotals
    private var normalised: [Int: [String: Int]] = [:]
    private let own: OwnConditions?
    private var conditions: ConditionCheck?

    init(_ dataSet: DataSet, _ context: CheckContext, _ parameters: RuleParameters, _ own: OwnConditions? = nil) {
        self.own = own
        self.dataSet = dataSet
        self.context = context
        self.parameters = parameters
        totals = ControlTotals(dataSet)
    }

    mutating func judge(_ checked: inout CheckedBatch) {
        if checks == nil {
            // In XML a column shows only when a row has it, so all count as present.
            let facts = checked.facts
            let named = facts.headers.compactMap { $0.column.flatMap { dataSet.position(of: $0) } }
            present = facts.delimiter == nil ? Array(dataSet.columns.indices) : named
            checks = RowChecks(dataSet, context: context, parameters: parameters, present: Set(present))
            conditions = own.map {
                ConditionCheck(
                    $0.plan, dataSet, context: context, scopes: $0.scopes, joined: $0.joined, present: Set(present),
                    part: .own)
            }
        }
        var observations = checked.batch.observations
        checked.typed.read(&checked.batch) { observations.append($0) }
        checked.hashes.take(checked.batch, checked.typed)
        if let found = checks?.observations(in: checked.batch, checked.typed) { observations += found }
        checked.tally = RuleTally()
        if let own,
            let said = conditions?.observations(
                in: checked.batch, checked.typed, joined: own.joined, tally: &checked.tally)
        {
            observations += said
        }
        checked.observations = observations
        checked.present = present
        for (position, kinds) in checked.typed.takeNormalised() {
            normalised[position, default: [:]].merge(kinds) { $0 + $1 }
        }
        let typed = checked.typed
        totals.add(checked.batch) { typed.value(row: $0, column: $1) }
        countBlanks(&checked)
    }

    private func countBlanks(_ checked: inout CheckedBatch) {
        var cells = 0
        var blankCells = 0
        for row in checked.batch.rows.indices
        where !checked.batch.rows[row].isBroken && !checked.batch.rows[row].isTotal {
            cells += present.count
            for column in present where checked.typed.state(row: row, column: column) == .blank { blankCells += 1 }
        }
        checked.cells = cells
        checked.blankCells = blankCells
    }

    /// Gives what it worked with back for the next file.
    consuming func finish() {
        if let conditions { conditions.finish() }
    }

    func add(to end: inout FileEnd) {
        end.observations += totals.observations
        end.normalised = normalised
    }
}
