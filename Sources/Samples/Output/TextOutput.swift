import Compression

/// Text on its way into a file: UTF-8 in, encoded and packed out, a block at a time.
final class TextOutput {
    private let file: any SampleFile
    private let encoder: TextEncoder
    private let packer: GzipWriter?
    private var pending: [UInt8] = []
    private var encoded: [UInt8] = []
    private var packed: [UInt8] = []

    private static let blockBytes = 128 << 10

    init(_ file: any SampleFile, encoding: SampleEncoding, isPacked: Bool, level: Int) throws {
        self.file = file
        encoder = TextEncoder(encoding)
        packer = isPacked ? GzipWriter(level: level) : nil
        pending.reserveCapacity(TextOutput.blockBytes + (16 << 10))
        encoded = encoding.mark
    }

    /// Takes whole characters.
    func write(_ text: [UInt8]) throws {
        pending.append(contentsOf: text)
        if pending.count >= TextOutput.blockBytes { try flush() }
    }

    /// Takes bytes that go into the file as they are, whatever its encoding.
    func writeRaw(_ bytes: [UInt8]) throws {
        try flush()
        encoded = bytes
        try flush()
    }

    private func flush() throws {
        encoder.encode(pending, into: &encoded)
        pending.removeAll(keepingCapacity: true)
        if let packer {
            packer.write(encoded.span, into: &packed)
            if !packed.isEmpty { try file.write(packed) }
            packed.removeAll(keepingCapacity: true)
        } else if !encoded.isEmpty {
            try file.write(encoded)
        }
        encoded.removeAll(keepingCapacity: true)
    }

    /// Ends the file.
    func close() throws {
        try flush()
        if let packer {
            packer.finish(into: &packed)
            try file.write(packed)
        }
        try file.close()
    }
}
