internal import Core
internal import Dispatch
internal import Foundation
internal import Readers
internal import Synchronization

/// Two threads before the caller's: one reads, one judges the rows that were read.
final class ReadingAhead: Sendable {
    /// Batches under way between two threads: enough that neither waits for long.
    private static let room = 3

    private let work: FileFeed.Work
    private let read = Channel<FilePiece>(capacity: ReadingAhead.room)
    private let judged = Channel<FilePiece>(capacity: ReadingAhead.room)
    private let spares = Mutex<[CheckedBatch]>([])
    private let finished = DispatchSemaphore(value: 0)

    init(_ work: FileFeed.Work) {
        self.work = work
        start { $0.readAll() }
        start { $0.judgeAll() }
    }

    private func start(_ body: @escaping @Sendable (ReadingAhead) -> Void) {
        let thread = Thread { [self] in
            body(self)
            finished.signal()
        }
        thread.start()
    }

    /// The next piece, once it is there.
    func next() -> FilePiece {
        guard let piece = judged.receive() else { preconditionFailure("nobody asks behind the last file") }
        return piece
    }

    func giveBack(_ checked: consuming CheckedBatch) {
        let spare = checked
        spares.withLock { $0.append(spare) }
    }

    /// Ends both threads, whatever they are at, and waits for them.
    func stop() {
        judged.close()
        read.close()
        finished.wait()
        finished.wait()
    }

    private func readAll() {
        defer { read.close() }
        for task in work.tasks {
            do throws(ReadingError) {
                let reading = try FileReading(task, work.limits)
                while true {
                    var checked = spare(task.dataSet)
                    guard try reading.next(into: &checked) else { break }
                    guard read.send(.batch(checked)) else { return }
                }
                guard read.send(.end(reading.end())) else { return }
            } catch {
                guard read.send(.failed(error)) else { return }
            }
        }
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

    private func judgeAll() {
        defer { judged.close() }
        for task in work.tasks.indices {
            var judging = work.judging(of: task)
            var isOver = false
            while !isOver {
                guard let piece = read.receive() else { return }
                let isTaken: Bool
                switch consume piece {
                case .batch(var checked):
                    judging.judge(&checked)
                    isTaken = judged.send(.batch(checked))
                case .end(var end):
                    judging.add(to: &end)
                    isTaken = judged.send(.end(end))
                    isOver = true
                case .failed(let error):
                    isTaken = judged.send(.failed(error))
                    isOver = true
                }
                guard isTaken else { return }
            }
            judging.finish()
        }
    }
}
