import Dispatch
import Synchronization
import Testing

@testable import Pipeline

/// What is read on a thread of its own, as sessions do.
@Suite struct `What a session reads ahead of whoever writes it` {
    private struct Broken: Error, Equatable { var number: Int }

    /// Gives the numbers up to a count, on a thread that may wait.
    private func numbers(
        _ count: Int, failingAt failure: Int = .max, _ given: CountOfGiven? = nil
    ) -> @Sendable (@escaping @Sendable (Int) throws -> Void) async throws -> Void {
        { take in
            let queue = DispatchQueue(label: "session")
            try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
                queue.async {
                    done.resume(
                        with: Result {
                            for number in 0..<count {
                                if number == failure { throw Broken(number: number) }
                                try take(number)
                                given?.add()
                            }
                        })
                }
            }
        }
    }

    private final class CountOfGiven: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .acquiring) }
        func add() { count.add(1, ordering: .acquiringAndReleasing) }
    }

    @Test(arguments: [0, 1, 255, 256, 257, 10_000]) func `comes whole and in its order`(count: Int) async throws {
        var found: [Int] = []
        try await BesideReading.forEach(numbers(count)) { found.append($0) }
        #expect(found == Array(0..<count))
    }

    @Test func `is an error where reading it is`() async throws {
        var found = 0
        await #expect(throws: Broken(number: 3_000)) {
            try await BesideReading.forEach(numbers(10_000, failingAt: 3_000)) { _ in found += 1 }
        }
        #expect(found <= 3_000)
    }

    @Test func `is read no further once it cannot be written`() async throws {
        let given = CountOfGiven()
        await #expect(throws: Broken(number: 5)) {
            try await BesideReading.forEach(numbers(1_000_000, given)) { number in
                if number == 5 { throw Broken(number: 5) }
            }
        }
        // A few blocks are under way.
        #expect(given.value < 10_000)
    }

    @Test func `is not taken for whole when it is cancelled`() async throws {
        let task = Task {
            try await BesideReading.forEach(numbers(1_000_000)) { number in
                if number == 300 { withUnsafeCurrentTask { unsafe $0?.cancel() } }
            }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
