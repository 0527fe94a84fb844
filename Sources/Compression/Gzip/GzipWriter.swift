import CZlib

/// Packs bytes as one gzip member, the same bytes for the same input: no name, no time.
@safe
public final class GzipWriter {
    private let stream: UnsafeMutablePointer<z_stream>

    /// A writer; `level` is zlib's, 1 fast … 9 small.
    public init(level: Int = 6) {
        precondition((0...9).contains(level), "zlib's levels are 0 … 9")
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        let status = unsafe deflateInit2_(
            stream, Int32(level), Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib is the one that was compiled against, and memory is left")
    }

    deinit {
        unsafe deflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Takes the next bytes and appends what came out to `output`, which is often nothing.
    public func write(_ bytes: Span<UInt8>, into output: inout [UInt8]) {
        var rest = bytes
        while !rest.isEmpty {
            let piece = rest.extracting(first: 1 << 30)
            rest = rest.extracting(droppingFirst: piece.count)
            deflate(piece, Z_NO_FLUSH, into: &output)
        }
    }

    /// Appends what is left to `output`. Nothing may be written afterwards.
    public func finish(into output: inout [UInt8]) {
        let nothing: [UInt8] = []
        deflate(nothing.span, Z_FINISH, into: &output)
    }

    /// Some bytes as a gzip stream.
    public static func gzip(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
        let writer = GzipWriter(level: level)
        var output: [UInt8] = []
        writer.write(bytes.span, into: &output)
        writer.finish(into: &output)
        return output
    }

    private func deflate(_ input: Span<UInt8>, _ flush: Int32, into output: inout [UInt8]) {
        let block = 64 << 10
        unsafe input.withUnsafeBufferPointer { source in
            unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            unsafe stream.pointee.avail_in = UInt32(source.count)
            var room = 0
            repeat {
                output.append(addingCapacity: block) { space in
                    unsafe space.withUnsafeMutableBufferPointer { target, count in
                        unsafe stream.pointee.next_out = target.baseAddress
                        unsafe stream.pointee.avail_out = UInt32(block)
                        _ = unsafe CZlib.deflate(stream, flush)
                        unsafe stream.pointee.next_out = nil
                        room = Int(unsafe stream.pointee.avail_out)
                        count = block - room
                    }
                }
            } while room == 0
            unsafe stream.pointee.next_in = nil
        }
    }
}
