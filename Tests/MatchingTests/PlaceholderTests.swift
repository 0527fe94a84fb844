import Testing

@testable import Matching

@Test func `a fold`() { #expect(Folding.compact("Ａ b") == Folding.compact("ab")) }
