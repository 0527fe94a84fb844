internal import Foundation
internal import Synchronization

/// Does something with the parts of a list at the same time, on threads of its own: for work that mostly waits for a disk,
/// which the threads that carry everything else should not do.
enum InParts {
    /// The answers, in the order of the list; the error of the first part that has one.
    /// - Parameter least: so many elements are worth a thread.
    static func of<Element: Sendable, Answer: Sendable>(
        _ list: [Element], threads: Int, least: Int, _ body: @escaping @Sendable (ArraySlice<Element>) throws -> Answer
    ) throws -> [Answer] {
        let count = max(1, min(threads, list.count / least))
        guard count > 1 else { return [try body(list[...])] }
        let size = (list.count + count - 1) / count
        let answers = Answers<Answer>(count)
        let finished = DispatchGroup()
        for part in 0..<count {
            finished.enter()
            let thread = Thread {
                let elements = list.dropFirst(part * size).prefix(size)
                answers.take(Result { try body(elements) }, part)
                finished.leave()
            }
            thread.start()
        }
        finished.wait()
        return try answers.all()
    }

    private final class Answers<Answer: Sendable>: Sendable {
        private let parts: Mutex<[Result<Answer, any Error>?]>

        init(_ count: Int) { parts = Mutex(Array(repeating: nil, count: count)) }

        func take(_ answer: Result<Answer, any Error>, _ part: Int) { parts.withLock { $0[part] = answer } }

        func all() throws -> [Answer] { try parts.withLock { parts in try parts.compactMap { try $0?.get() } } }
    }
}
