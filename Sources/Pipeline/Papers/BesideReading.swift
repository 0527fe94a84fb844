internal import Dispatch
internal import Synchronization

/// Takes what a session reads to where it is written down: the session's thread only reads, and is some blocks ahead.
enum BesideReading {
    /// Calls `body` for each element that `read` gives, in their order and not on the thread that gives them.
    static func forEach<Element: Sendable>(
        _ read: @escaping @Sendable (@escaping @Sendable (Element) throws -> Void) async throws -> Void,
        _ body: (Element) throws -> Void
    ) async throws {
        let blocks = Blocks<Element>()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { blocks.finish() }
                try await read { try blocks.add($0) }
                try blocks.send()
            }
            defer { blocks.stop() }
            for await block in blocks.stream {
                blocks.room.signal()
                for element in block { try body(element) }
            }
            // Cancelling ends the stream wherever it is.
            try Task.checkCancellation()
            try await tasks.waitForAll()
        }
    }

    /// Blocks of elements under way. Whoever gives them waits for room, on a thread that has nothing else to do.
    private final class Blocks<Element: Sendable>: Sendable {
        let stream: AsyncStream<[Element]>
        let room = DispatchSemaphore(value: 0)
        private let continuation: AsyncStream<[Element]>.Continuation
        private let state = Mutex<(block: [Element], isStopped: Bool)>(([], false))
        private let size = 256

        init() {
            (stream, continuation) = AsyncStream.makeStream()
            for _ in 0..<4 { room.signal() }
        }

        func add(_ element: Element) throws {
            let isFull = state.withLock { state in
                state.block.append(element)
                return state.block.count >= size
            }
            if isFull { try send() }
        }

        func send() throws {
            let block = state.withLock { state in
                defer { state.block = [] }
                return state.block
            }
            guard !block.isEmpty else { return }
            room.wait()
            guard !state.withLock(\.isStopped) else { throw CancellationError() }
            continuation.yield(block)
        }

        func finish() { continuation.finish() }

        /// Nobody takes anything any more.
        func stop() {
            state.withLock { $0.isStopped = true }
            room.signal()
        }
    }
}
