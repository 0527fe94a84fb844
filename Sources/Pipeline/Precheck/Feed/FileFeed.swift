internal import Core
internal import Readers
internal import Rules

/// The files of a submission as batches of judged rows, in the order in which they are asked for.
///
/// What can be said of a row without knowing another does not depend on when it is said. So one thread reads a large
/// submission and another judges its rows, while the caller, who looks at rows together and writes, is some batches
/// behind. The pieces and their order are the same as where the caller does it all.
final class FileFeed {
    /// What all threads are told.
    struct Work: Sendable {
        var tasks: [FileTask]
        var limits: ReadingLimits
        var context: CheckContext
        var parameters: RuleParameters
        /// What else can be said of a row by itself, where others than the caller shall say it.
        var conditions: OwnConditions?

        func judging(of task: Int) -> FileJudging {
            FileJudging(tasks[task].dataSet, context, parameters, conditions)
        }
    }

    private let work: Work
    private let ahead: ReadingAhead?
    /// The file that the caller reads itself, where nobody reads ahead.
    private var task = -1
    private var reading: FileReading?
    private var judging: FileJudging?
    private var spare: CheckedBatch?
    /// What an earlier reading kept of the same files, or what this one keeps.
    private let pieces: KeptPieces?
    /// The pieces of an earlier reading that come next, where it kept all of them.
    private var again: ArraySlice<FilePiece>

    /// - Parameters:
    ///   - readsAhead: whether it is worth the threads.
    ///   - pieces: where pieces are kept for another reading.
    init(_ work: Work, readsAhead: Bool, keeping pieces: KeptPieces? = nil) {
        self.work = work
        again = pieces?.whole(of: work.tasks.count) ?? []
        ahead = readsAhead && again.isEmpty && !work.tasks.isEmpty ? ReadingAhead(work) : nil
        self.pieces = again.isEmpty && ahead == nil ? pieces : nil
    }

    deinit { ahead?.stop() }

    /// The next piece of the file at hand; behind its end or failure the first of the next one.
    func next() -> FilePiece {
        if let ahead { return ahead.next() }
        if let piece = again.popFirst() { return piece }
        let piece = read()
        pieces?.take(piece)
        return piece
    }

    private func read() -> FilePiece {
        do throws(ReadingError) {
            if reading == nil {
                task += 1
                judging = work.judging(of: task)
                reading = try FileReading(work.tasks[task], work.limits)
            }
            guard let reading else { preconditionFailure("a file is open") }
            var checked = spare.take() ?? CheckedBatch(work.tasks[task].dataSet)
            if checked.batch.dataSet.table != work.tasks[task].dataSet.table {
                checked = CheckedBatch(work.tasks[task].dataSet)
            }
            if try reading.next(into: &checked) {
                judging?.judge(&checked)
                return .batch(checked)
            }
            var end = reading.end()
            judging?.add(to: &end)
            judging.take()?.finish()
            self.reading = nil
            return .end(end)
        } catch {
            reading = nil
            return .failed(error)
        }
    }

    /// Takes back a batch that nobody looks at any more: its memory is used again.
    func giveBack(_ checked: consuming CheckedBatch) {
        if let ahead { return ahead.giveBack(checked) }
        // A batch that is kept is not written over.
        if again.isEmpty, pieces?.isKeeping != true { spare = checked }
    }
}
