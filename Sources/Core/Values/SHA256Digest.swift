/// The SHA-256 of some bytes, as a name for them.
public struct SHA256Digest: Sendable, Hashable, Codable {
    /// 64 lower-case hexadecimal digits.
    public let hex: String

    /// A digest from 64 hexadecimal digits of either case; `nil` for anything else.
    public init?(hex text: some StringProtocol) {
        let lowered = text.lowercased()
        guard lowered.utf8.count == 64, lowered.utf8.allSatisfy({ SHA256Digest.isHexDigit($0) }) else { return nil }
        hex = lowered
    }

    /// A digest from its 32 bytes.
    public init(bytes: [UInt8]) {
        precondition(bytes.count == 32, "a SHA-256 has 32 bytes")
        let digits = Array("0123456789abcdef".utf8)
        hex = String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension SHA256Digest: Comparable, CustomStringConvertible {
    /// By hexadecimal digits.
    public static func < (lhs: SHA256Digest, rhs: SHA256Digest) -> Bool { lhs.hex < rhs.hex }

    /// The hexadecimal digits.
    public var description: String { hex }
}
