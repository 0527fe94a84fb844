/// A stream of bytes whose encoding is found out as it is read.
///
/// UTF-16 is transcoded on the way in and is UTF-8 from here on; GB18030 stays as it is, because its delimiters and
/// quotes can be found without decoding, and only the cells that somebody wants are.
struct TextStream {
    var window: ByteWindow
    /// `nil` while everything has been ASCII.
    private(set) var encoding: TextEncoding?
    private var transcoding: TranscodingSource?
    /// How many bytes are looked at before anything is decided.
    let sampleBytes: Int

    /// - Parameter sampleBytes: how many bytes are looked at before anything is decided; fewer than usual in tests.
    init(_ source: any ByteSource, encoding: TextEncoding?, sampleBytes: Int = EncodingSniffer.sampleBytes) {
        window = ByteWindow(source, readBytes: min(sampleBytes, 64 << 10))
        self.sampleBytes = sampleBytes
        self.encoding = encoding
    }

    /// How the bytes of the window are decoded.
    var byteEncoding: TextEncoding { encoding == .gb18030 ? .gb18030 : .utf8 }

    /// The encoding's name: what has no byte above 0x7F is UTF-8.
    var encodingName: String { (encoding ?? .utf8).name }

    /// Reads the sample and finds out the encoding. A byte order mark goes before what the caller says.
    mutating func open() throws(ReadingError) {
        try window.fill(to: sampleBytes, readsAhead: false)
        if let mark = TextEncoding.byteOrderMark(in: window.bytes.span) {
            encoding = mark.encoding
            if !mark.encoding.isWide { window.start = mark.length }
        } else if encoding == nil {
            encoding = EncodingSniffer.wideEncoding(of: window.bytes.span)
        }
        if let wide = encoding, wide.isWide {
            // Its own byte order mark is taken away by the transcoder, which counts it in its offsets.
            transcoding = window.transcode(from: wide)
            try window.fill(to: sampleBytes, readsAhead: false)
        } else if encoding == nil {
            decide(from: window.start)
        }
    }

    /// Whether a sample's worth of bytes is there to decide by, or all that will ever come.
    var canDecide: Bool { window.isAtEnd || window.unread >= sampleBytes }

    /// Decides by the bytes from an offset of the window on, as many as a sample has: what was read ahead beyond that
    /// depends on chance and must not matter.
    mutating func decide(from index: Int) {
        let held = window.bytes
        let end = min(held.count, index + sampleBytes)
        // A whole sample counts as cut off even where it is all: that shows only when somebody reads on.
        let isCutOff = !window.isAtEnd || end < held.count || end - index == sampleBytes
        let decided = EncodingSniffer.encoding(of: held.span.extracting(index..<end), isCutOff: isCutOff)
        encoding = decided
    }

    /// The offset in the file, unpacked and in its own encoding, of a byte of the window.
    func originalOffset(of index: Int) -> Int {
        let offset = window.offset + index
        return transcoding?.originalOffset(ofOutput: offset) ?? offset
    }
}
