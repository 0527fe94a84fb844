internal import Dispatch
internal import Synchronization

/// The pieces of a submission's files in the order in which they are read, of bounded length: whoever reads ahead waits, so
/// memory is bounded too.
///
/// Whether a batch has been judged is a matter of its own: anybody who has nothing better to do takes the first one that
/// has not, and puts it back in its place. So no thread waits for another as long as there is anything to do.
final class PieceQueue: Sendable {
    /// A batch that nobody has judged, and where to put it back. It is there once, so that its memory is written to and
    /// never copied.
    struct Task: ~Copyable, Sendable {
        var number: Int
        /// The position of its file among all files.
        var file: Int
        var batch: CheckedBatch
    }

    /// What the caller, who takes pieces out, does next.
    enum Turn: ~Copyable {
        case take(FilePiece)
        case judge(Task)
    }

    /// What a thread before the caller does next.
    enum TurnAhead: ~Copyable {
        /// There is room for another piece.
        case read
        case judge(Task)
        /// Nothing comes any more, or nobody wants it.
        case stop
    }

    private struct Slot {
        var file: Int
        /// `nil` while somebody judges it.
        var piece: FilePiece?
        var isJudged: Bool
    }

    private struct State {
        var slots: [Slot] = []
        /// How many pieces were taken out: the number of the first slot.
        var taken = 0
        var isReadToTheEnd = false
        var isClosed = false
        var isCallerAsleep = false
        var sleepers = 0

        mutating func firstUnjudged() -> Task? {
            for index in slots.indices where !slots[index].isJudged {
                guard case .batch(let batch)? = slots[index].piece else { continue }
                slots[index].piece = nil
                return Task(number: taken + index, file: slots[index].file, batch: batch)
            }
            return nil
        }
    }

    private let room: Int
    private let state = Mutex(State())
    private let caller = DispatchSemaphore(value: 0)
    private let others = DispatchSemaphore(value: 0)

    init(room: Int) { self.room = room }

    /// What the caller does next; waits while the first piece is judged by another and nothing else is to be judged.
    func next() -> Turn {
        while true {
            var turn: Turn?
            change { state in
                if let first = state.slots.first, first.isJudged, let piece = first.piece {
                    state.slots.removeFirst()
                    state.taken += 1
                    turn = .take(piece)
                    return true
                } else if let task = state.firstUnjudged() {
                    turn = .judge(task)
                } else {
                    state.isCallerAsleep = true
                }
                return false
            }
            if let turn = turn.take() { return turn }
            caller.wait()
        }
    }

    /// What another thread does next; waits where there is nothing.
    /// - Parameter reads: whether it is the one that reads. Reading goes first: there is always something to judge then.
    func nextAhead(reads: Bool) -> TurnAhead {
        while true {
            var turn: TurnAhead?
            change { state in
                if state.isClosed {
                    turn = .stop
                } else if reads, !state.isReadToTheEnd, state.slots.count < room {
                    turn = .read
                } else if let task = state.firstUnjudged() {
                    turn = .judge(task)
                } else if state.isReadToTheEnd {
                    turn = .stop
                } else {
                    state.sleepers += 1
                }
                return false
            }
            if let turn = turn.take() { return turn }
            others.wait()
        }
    }

    /// Appends what was read; ends and failures need no judging.
    func append(_ piece: FilePiece, file: Int) {
        var isJudged = true
        if case .batch = piece { isJudged = false }
        change { state in
            state.slots.append(Slot(file: file, piece: piece, isJudged: isJudged))
            return true
        }
    }

    /// Puts a batch back that has been judged.
    func putBack(_ task: consuming Task) {
        let (number, batch) = (task.number, task.batch)
        change { state in
            // It is still there: the caller takes nothing out before it is judged.
            let index = number - state.taken
            state.slots[index].piece = .batch(batch)
            state.slots[index].isJudged = true
            return true
        }
    }

    /// Nothing more is read.
    func finishReading() {
        change { state in
            state.isReadToTheEnd = true
            return true
        }
    }

    /// Nobody takes anything out any more.
    func close() {
        change { state in
            state.isClosed = true
            return true
        }
    }

    /// Looks at the state or changes it.
    /// - Parameter body: says whether somebody may have waited for what it changed. Only then are they woken, or those with
    ///   nothing to do would wake one another all the time.
    private func change(_ body: (inout State) -> Bool) {
        let (wakesCaller, woken) = state.withLock { state in
            guard body(&state) else { return (false, 0) }
            defer { (state.isCallerAsleep, state.sleepers) = (false, 0) }
            return (state.isCallerAsleep, state.sleepers)
        }
        if wakesCaller { caller.signal() }
        for _ in 0..<woken { others.signal() }
    }
}
