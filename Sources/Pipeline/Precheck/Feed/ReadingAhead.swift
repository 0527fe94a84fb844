internal import Core
internal import Dispatch
internal import Foundation
internal import Readers
internal import Synchronization

/// Threads before the caller's: one reads, and all of them, the caller's too, judge what was read whenever they have
/// nothing else to do.
///
/// Nobody else than the caller can look at rows together, and reading is no use ahead of all that; judging takes about as
/// long as either. So who judges follows from who has time, whatever rows and rules take, and two cores are at work to the
/// end.
final class ReadingAhead: Sendable {
    /// Pieces under way: enough that there is something to judge while the caller has something long to do.
    private static let room = 12

    private let work: FileFeed.Work
    private let queue = PieceQueue(room: ReadingAhead.room)
    private let spares = Mutex<[CheckedBatch]>([])
    private let threads: Int
    private let finished = DispatchSemaphore(value: 0)

    /// - Parameter threads: how many, from 1.
    init(_ work: FileFeed.Work, threads: Int) {
        self.work = work
        self.threads = max(threads, 1)
        for number in 0..<self.threads {
            let thread = Thread { [self] in
                if number == 0 { readAndJudge() } else { judge() }
                finished.signal()
            }
            thread.start()
        }
    }

    /// The next piece, judged, and the position of its file.
    /// - Parameter lane: what the caller judges with.
    func next(_ lane: inout JudgingLane) -> FilePiece {
        while true {
            switch queue.next() {
            case .take(let piece): return piece
            case .judge(let task): judge(task, &lane)
            }
        }
    }

    func giveBack(_ checked: consuming CheckedBatch) {
        let spare = checked
        spares.withLock { $0.append(spare) }
    }

    /// Ends all threads, whatever they are at, and waits for them.
    func stop() {
        queue.close()
        for _ in 0..<threads { finished.wait() }
    }

    private func judge(_ task: consuming PieceQueue.Task, _ lane: inout JudgingLane) {
        var task = task
        lane.judge(&task.batch, of: task.file)
        queue.putBack(task)
    }

    private func judge() {
        var lane = JudgingLane(work)
        while case .judge(let task) = queue.nextAhead(reads: false) { judge(task, &lane) }
        lane.finish()
    }

    private func readAndJudge() {
        var lane = JudgingLane(work)
        var file = 0
        var reading: FileReading?
        loop: while true {
            switch queue.nextAhead(reads: true) {
            case .stop: break loop
            case .judge(let task): judge(task, &lane)
            case .read:
                guard file < work.tasks.count else {
                    queue.finishReading()
                    continue
                }
                let task = work.tasks[file]
                let piece = FileReading.nextPiece(of: task, work.limits, &reading, into: spare(task.dataSet))
                queue.append(piece, file: file)
                if reading == nil { file += 1 }
            }
        }
        lane.finish()
    }

    private func spare(_ dataSet: DataSet) -> CheckedBatch {
        let spare = spares.withLock { spares in
            // Those of another table are of no more use.
            while let last = spares.popLast() {
                if last.batch.dataSet.table == dataSet.table { return Optional(last) }
            }
            return nil
        }
        return spare ?? CheckedBatch(dataSet)
    }
}

/// What one thread judges batches with: those of a file share what is made for it once.
struct JudgingLane: ~Copyable {
    private let work: FileFeed.Work
    private var file = -1
    private var judging: FileJudging?

    init(_ work: FileFeed.Work) { self.work = work }

    mutating func judge(_ checked: inout CheckedBatch, of file: Int) {
        if file != self.file {
            judging.take()?.finish()
            judging = work.judging(of: file)
            self.file = file
        }
        judging?.judge(&checked)
    }

    /// Gives what it worked with for a file back.
    mutating func finish(_ file: Int) {
        if file == self.file { finish() }
    }

    /// Gives what it worked with back.
    mutating func finish() {
        judging.take()?.finish()
        file = -1
    }
}
