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

extension FileReading {
    /// The next piece of a file, which is opened first where it is not open; it is not open any more behind its last one.
    static func nextPiece(
        of task: FileTask, _ limits: ReadingLimits, _ reading: inout FileReading?, into spare: consuming CheckedBatch
    ) -> FilePiece {
        do throws(ReadingError) {
            if reading == nil { reading = try FileReading(task, limits) }
            var checked = spare
            if try reading?.next(into: &checked) == true { return .batch(checked) }
        } catch {
            reading = nil
            return .failed(error)
        }
        guard let end = reading.take()?.end() else { preconditionFailure("a file is open") }
        return .end(end)
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
    private let own: OwnConditions?
    private var conditions: ConditionCheck?

    init(_ dataSet: DataSet, _ context: CheckContext, _ parameters: RuleParameters, _ own: OwnConditions? = nil) {
        self.own = own
        self.dataSet = dataSet
        self.context = context
        self.parameters = parameters
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
        checked.normalised = checked.typed.takeNormalised()
        checked.cells = checked.typed.dataRows * present.count
        checked.blankCells = present.reduce(0) { $0 + checked.typed.blanks(inColumn: $1) }
    }

    /// Gives what it worked with back for the next file.
    consuming func finish() {
        if let conditions { conditions.finish() }
    }
}
