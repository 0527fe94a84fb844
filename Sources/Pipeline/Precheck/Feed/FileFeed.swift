internal import Core
internal import Readers
internal import Rules

/// The files of a submission as batches of judged rows, in the order in which they are asked for.
///
/// What can be said of a row without knowing another does not depend on when it is said. So another thread reads a large
/// submission and judges its rows, while the caller, who looks at rows together and writes, is some batches behind
/// (`ReadingAhead`). The pieces and their order are the same as where the caller does it all.
final class FileFeed {
    /// What all threads are told.
    struct Work: Sendable {
        var tasks: [FileTask]
        var limits: ReadingLimits
        var context: CheckContext
        var parameters: RuleParameters
        /// What else can be said of a row by itself, where it shall be said with the rest.
        var conditions: OwnConditions?

        func judging(of task: Int) -> FileJudging {
            FileJudging(tasks[task].dataSet, context, parameters, conditions)
        }
    }

    private let work: Work
    private let ahead: ReadingAhead?
    private var lane: JudgingLane
    /// The file that the caller is at.
    private var file = 0
    private var sums: FileSums?
    /// Where nobody reads ahead, the caller's own reading of it.
    private var reading: FileReading?
    private var spare: CheckedBatch?
    /// What an earlier reading kept of the same files, or what this one keeps.
    private let pieces: KeptPieces?
    /// The pieces of an earlier reading that come next, where it kept all of them.
    private var again: ArraySlice<FilePiece>

    /// - Parameters:
    ///   - threads: how many besides the caller's, where it is worth them.
    ///   - pieces: where pieces are kept for another reading.
    init(_ work: Work, threads: Int, keeping pieces: KeptPieces? = nil) {
        self.work = work
        lane = JudgingLane(work)
        again = pieces?.whole(of: work.tasks.count) ?? []
        let isRead = again.isEmpty && !work.tasks.isEmpty
        ahead = threads > 0 && isRead ? ReadingAhead(work, threads: threads) : nil
        self.pieces = isRead && ahead == nil ? pieces : nil
    }

    deinit {
        ahead?.stop()
        lane.finish()
    }

    /// The next piece of the file at hand; behind its end or failure the first of the next one.
    func next() -> FilePiece {
        if let piece = again.popFirst() { return piece }
        let piece = read()
        pieces?.take(piece)
        return piece
    }

    private func read() -> FilePiece {
        var piece = ahead?.next(&lane) ?? nextAlone()
        switch piece {
        case .batch(let checked):
            if sums == nil { sums = FileSums(work.tasks[file].dataSet) }
            sums?.add(checked)
            return piece
        case .end(var end):
            sums?.add(to: &end)
            piece = .end(end)
        case .failed: break
        }
        sums = nil
        lane.finish(file)
        file += 1
        return piece
    }

    private func nextAlone() -> FilePiece {
        let task = work.tasks[file]
        var checked = spare.take() ?? CheckedBatch(task.dataSet)
        if checked.batch.dataSet.table != task.dataSet.table { checked = CheckedBatch(task.dataSet) }
        switch FileReading.nextPiece(of: task, work.limits, &reading, into: consume checked) {
        case .batch(var read):
            lane.judge(&read, of: file)
            return .batch(read)
        case let piece: return piece
        }
    }

    /// Takes back a batch that nobody looks at any more: its memory is used again.
    func giveBack(_ checked: consuming CheckedBatch) {
        if let ahead { return ahead.giveBack(checked) }
        // A batch that is kept is not written over.
        if again.isEmpty, pieces?.isKeeping != true { spare = checked }
    }
}

/// What the rows of a file come to together, whoever judged which of them.
struct FileSums {
    private var totals: ControlTotals
    private var normalised: [Int: [String: Int]] = [:]

    init(_ dataSet: DataSet) { totals = ControlTotals(dataSet) }

    mutating func add(_ checked: CheckedBatch) {
        for (position, kinds) in checked.normalised {
            normalised[position, default: [:]].merge(kinds) { $0 + $1 }
        }
        let typed = checked.typed
        totals.add(checked.batch) { typed.value(row: $0, column: $1) }
    }

    func add(to end: inout FileEnd) {
        end.observations += totals.observations
        end.normalised = normalised
    }
}
