import CZlib

/// What is wrong with a gzip stream.
public enum GzipError: Error, Sendable, Hashable {
    /// The stream contradicts itself: a wrong header, code, length or checksum.
    case corrupt
    /// The bytes end before the stream does.
    case truncated
    /// Behind the last member stand bytes that are neither another member nor padding with zeros.
    case trailingGarbage
}

/// Unpacks a gzip stream piece by piece; members that follow one another are one stream, as with `gzip -d`.
///
/// It keeps 32 KiB of window and no input: what it did not consume is given to it again.
@safe
public final class GzipInflater {
    /// Where in the stream it stands.
    private enum State {
        /// At the first byte of the stream.
        case start
        /// Inside a member.
        case member
        /// Behind a member: the first byte of another one, padding or the end may follow.
        case between
        /// In the zeros behind the last member.
        case padding
    }

    private let stream: UnsafeMutablePointer<z_stream>
    private var state = State.start

    /// An inflater at the start of a stream.
    public init() {
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        // 15 bits of window, and 16 for "gzip only": a bare zlib stream is no gzip.
        let status = unsafe inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib is the one that was compiled against, and memory is left")
    }

    deinit {
        unsafe inflateEnd(stream)
        unsafe stream.deallocate()
    }

    /// Unpacks from the start of `input`, appends at most `count` bytes to `output`, and gives how much of each.
    ///
    /// Nothing produced and all consumed means that it needs more input. With no input it gives what zlib still holds.
    public func inflate(
        _ input: Span<UInt8>, into output: inout [UInt8], atMost count: Int
    ) throws(GzipError) -> (consumed: Int, produced: Int) {
        precondition(count > 0, "without room nothing can be told")
        if input.isEmpty, state == .member { return try inflateMember(input, into: &output, atMost: count) }
        var consumed = 0
        while consumed < input.count {
            switch state {
            case .between where input[consumed] == 0x1F:
                unsafe inflateReset(stream)
                state = .member
            case .between, .padding:
                guard input[consumed] == 0 else { throw .trailingGarbage }
                state = .padding
                consumed += 1
            case .start, .member:
                state = .member
                let step = try inflateMember(input.extracting(droppingFirst: consumed), into: &output, atMost: count)
                consumed += step.consumed
                if step.produced > 0 || state == .member { return (consumed, step.produced) }
            }
        }
        return (consumed, 0)
    }

    private func inflateMember(
        _ input: Span<UInt8>, into output: inout [UInt8], atMost count: Int
    ) throws(GzipError) -> (consumed: Int, produced: Int) {
        let room = min(count, Int(UInt32.max))
        let given = min(input.count, Int(UInt32.max))
        var status = Z_OK
        var produced = 0
        unsafe input.withUnsafeBufferPointer { source in
            output.append(addingCapacity: room) { space in
                unsafe space.withUnsafeMutableBufferPointer { target, count in
                    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
                    unsafe stream.pointee.avail_in = UInt32(given)
                    unsafe stream.pointee.next_out = target.baseAddress
                    unsafe stream.pointee.avail_out = UInt32(room)
                    status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
                    produced = room - Int(unsafe stream.pointee.avail_out)
                    count = produced
                }
            }
        }
        let consumed = given - Int(unsafe stream.pointee.avail_in)
        unsafe stream.pointee.next_in = nil
        unsafe stream.pointee.next_out = nil
        switch status {
        case Z_STREAM_END: state = .between
        // Z_BUF_ERROR says that there was nothing to do, as with an empty input; it is no fault of the data.
        case Z_OK, Z_BUF_ERROR: break
        default: throw .corrupt
        }
        return (consumed, produced)
    }

    /// Says that no input is left; throws where the stream is not at its end.
    public func finish() throws(GzipError) {
        switch state {
        case .between, .padding: return
        case .start, .member: throw .truncated
        }
    }
}
