import Testing

@testable import Samples

struct SeededGeneratorTests {
    /// The numbers of the published SplitMix64 for the seed 1234567.
    @Test func `the numbers are those of SplitMix64`() {
        var random = SeededGenerator(seed: 1_234_567)
        let numbers = (0..<3).map { _ in random.next() }
        #expect(numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    @Test func `what is drawn under one path does not depend on another`() {
        var first = SeededGenerator(seed: 7, path: 1, 2)
        var second = SeededGenerator(seed: 7, path: 1, 2)
        var other = SeededGenerator(seed: 7, path: 2, 1)
        #expect(first.next() == second.next())
        #expect(first.next() != other.next())
    }

    @Test(arguments: [1, 2, 10, 97, 1_200]) func `a walk gives each number once`(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        for _ in 0..<20 {
            let walk = Walk(count: count, using: &random)
            #expect(Set((0..<count).map { walk[$0] }) == Set(0..<count))
        }
    }
}
