/// Another worker has taken over what this one was at: its result is refused, and nothing is wrong with the submission.
public struct ClaimLost: Error, Sendable, Hashable, CustomStringConvertible {
    /// Of which submissions.
    public var submissions: [SubmissionID]

    /// A loss.
    public init(submissions: [SubmissionID]) { self.submissions = submissions }

    /// A sentence.
    public var description: String { "another worker took over submissions \(submissions)" }
}

/// Which night of the timetable is to be done.
public enum SlotDecision: Sendable, Hashable {
    /// It is to be done now, and so many nights before it were missed.
    case due(missed: Int)
    /// It was done.
    case done
}

/// Submissions shared out among processes, on one machine or several.
public protocol WorkQueue: Sendable {
    /// Enters this process as a worker. Its heart beats from now on until it leaves.
    /// - Parameter patience: after so many seconds without a heartbeat its work is given to others.
    func join(name: String, patience: Double) async throws
    /// Ends being a worker; what it had claimed is free.
    func leave() async throws
    /// Up to so many submissions that wait for a stage and that nobody else is at, now this worker's. Those of workers that
    /// died or stopped are taken over. Without having joined: what waits.
    func claim(for stage: Stage, limit: Int, leavingOut: Set<SubmissionID>) async throws -> [Submission]
    /// Gives claims back.
    func release(_ submissions: [SubmissionID]) async throws
    /// Whether another living worker has claims.
    func othersAreWorking() async throws -> Bool
    /// The business date of the run that is under way; `nil` where none is.
    func activeBusinessDate() async throws -> CalendarDay?
    /// Whether a night of the timetable is still to be done; enters it, and those missed before it, as begun.
    /// - Parameter earlier: the night before a night.
    func begin(slot: Timestamp, earlier: @Sendable (Timestamp) -> Timestamp, at time: Timestamp) async throws
        -> SlotDecision
    /// A night of the timetable, and all that were missed before it, have been done by a run.
    func finish(slot: Timestamp, run: Int, at time: Timestamp) async throws
}
