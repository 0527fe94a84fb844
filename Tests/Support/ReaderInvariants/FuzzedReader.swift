/// The readers that are fuzzed, by the names of their folders in `Fuzz/corpus`.
///
/// One input is one file with a few bytes before it that choose how it is read: the table, the limits, and in how large
/// pieces the bytes come. Every input is right; there is nothing that an invariant does not have to hold for.
public enum FuzzedReader: String, CaseIterable, Sendable {
    case delimited, xml, gzip, package, normalizer

    /// Reads an input and checks everything that must hold.
    public func hold(for input: [UInt8]) throws {
        switch self {
        case .delimited: try DelimitedInvariants.hold(for: input)
        case .xml: try XMLInvariants.hold(for: input)
        case .gzip: try GzipInvariants.hold(for: input)
        case .package: try PackageInvariants.hold(for: input)
        case .normalizer: try NormalizerInvariants.hold(for: input)
        }
    }

    /// The same, and ends the process where something does not hold: that is how a fuzzer is told.
    public func holdOrDie(for input: [UInt8]) {
        do { try hold(for: input) } catch { fatalError("\(error)") }
    }
}
