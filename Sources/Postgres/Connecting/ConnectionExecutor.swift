import Dispatch

/// Runs the jobs of one connection, one after the other, on a queue of its own.
///
/// libpq blocks, and a blocked thread of Swift's shared pool would be missing everywhere else.
final class ConnectionExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "yaoce.postgres.connection")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }
}
