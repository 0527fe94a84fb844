internal import Dispatch
internal import Synchronization

/// A queue of bounded length between two threads: whoever writes ahead waits, so memory is bounded too.
///
/// One thread sends and one receives. Either may give up: `close` wakes the other.
final class Channel<Element: Sendable>: Sendable {
    private struct State {
        var elements: [Element] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let room = DispatchSemaphore(value: 0)
    private let filled = DispatchSemaphore(value: 0)

    init(capacity: Int) {
        // Counted up from 0: a semaphore must not end below the value that it was made with.
        for _ in 0..<capacity { room.signal() }
    }

    /// Waits for room and appends; `false` where nobody will receive any more.
    func send(_ element: sending Element) -> Bool {
        room.wait()
        let isOpen = state.withLock { state in
            guard !state.isClosed else { return false }
            state.elements.append(element)
            return true
        }
        if isOpen { filled.signal() } else { room.signal() }
        return isOpen
    }

    /// Waits for the next element; `nil` once the channel is closed and empty.
    func receive() -> Element? {
        filled.wait()
        let element = state.withLock { $0.elements.isEmpty ? nil : $0.elements.removeFirst() }
        if element == nil { filled.signal() } else { room.signal() }
        return element
    }

    /// Nothing more is sent, or nobody receives any more.
    func close() {
        state.withLock { $0.isClosed = true }
        room.signal()
        filled.signal()
    }
}
