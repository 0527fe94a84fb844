/// Tells in which encoding a file is, from its first bytes.
///
/// A byte order mark decides. Without one it is UTF-8 or GB18030, whichever has fewer invalid sequences in the first
/// MiB, UTF-8 where they have the same. A file streams and is read once, so more than that is not looked at: bytes
/// further down that are invalid in the encoding found are findings (A15) on their rows. Where the first MiB is ASCII,
/// both are the same so far, and the question is asked again at the first byte that is not.
public enum EncodingSniffer {
    /// How many bytes are looked at.
    public static let sampleBytes = 1 << 20

    /// The encoding of some bytes, without regard to a byte order mark.
    /// - Parameter isCutOff: whether more bytes follow.
    /// - Returns: `nil` where all of them are ASCII.
    public static func encoding(of sample: Span<UInt8>, isCutOff: Bool) -> TextEncoding? {
        if UTF8Text.isASCII(sample) { return nil }
        let asUTF8 = UTF8Text.invalidBytes(in: sample, isCutOff: isCutOff).count
        if asUTF8 == 0 { return .utf8 }
        return GB18030.invalidBytes(in: sample, isCutOff: isCutOff).count < asUTF8 ? .gb18030 : .utf8
    }

    /// UTF-16 that came without its byte order mark: at least every tenth byte is 0, and nearly all of these stand on
    /// the same side of their pairs. No other text has that.
    public static func wideEncoding(of sample: Span<UInt8>) -> TextEncoding? {
        let count = min(sample.count, 4096) & ~1
        guard count >= 4 else { return nil }
        var zeros = [0, 0]
        for index in 0..<count where sample[index] == 0 { zeros[index & 1] += 1 }
        guard (zeros[0] + zeros[1]) * 10 >= count else { return nil }
        if zeros[0] * 20 < zeros[1] { return .utf16LE }
        if zeros[1] * 20 < zeros[0] { return .utf16BE }
        return nil
    }
}
