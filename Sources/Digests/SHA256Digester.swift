import CCrypto

/// The SHA-256 of many short runs of bytes, one after the other: the library is asked for the algorithm once.
///
/// It owns one libcrypto context and belongs to one thread.
@safe
public struct SHA256Digester: ~Copyable {
    private let context: OpaquePointer

    /// A digester.
    public init() {
        guard let context = unsafe EVP_MD_CTX_new(), unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("libcrypto gave no SHA-256: out of memory, or a policy of the system forbids it")
        }
        unsafe self.context = context
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    /// The first half of the digest of some bytes, as two numbers.
    public func half(of bytes: Span<UInt8>) -> (high: UInt64, low: UInt64) {
        var status = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        status &= unsafe withUnsafeMutableBytes(of: &words) { digest in
            unsafe EVP_DigestFinal_ex(context, digest.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
        }
        // Without an algorithm the context begins again with the one that it has.
        status &= unsafe EVP_DigestInit_ex(context, nil, nil)
        precondition(status == 1, "a context that was begun takes bytes, can be finished and begun again")
        return (UInt64(bigEndian: words.0), UInt64(bigEndian: words.1))
    }
}
