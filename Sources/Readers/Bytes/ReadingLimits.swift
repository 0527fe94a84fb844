/// How much of a hospital's file is read before it is a finding. The numbers of rules A02, A03, A04 and A23 are defaults.
public struct ReadingLimits: Sendable, Hashable {
    /// Bytes of a packed or plain file as it came (A02).
    public var containerBytes = 100 << 20
    /// Members of a package (A03).
    public var entries = 100
    /// Bytes all members unpack to (A04).
    public var unpackedBytes = 500 << 20
    /// Unpacked bytes for each packed byte (A04); judged once `ratioGraceBytes` have come out.
    public var ratio = 100
    /// Unpacked bytes below which no ratio is judged: tiny files of zeros are no bomb.
    public var ratioGraceBytes = 1 << 20
    /// Bytes of one record; a longer one is broken and the next line begins a new one.
    public var recordBytes = 1 << 20
    /// Columns of one record.
    public var columns = 1_000
    /// Data rows of one file (A23).
    public var rows = 5_000_000
    /// Rows with invalid bytes, in ten thousand of a file's rows, above which the file is unusable (A15).
    public var invalidRowsInTenThousand = 100
    /// Elements inside elements in XML (A16).
    public var depth = 5
    /// Bytes that a batch is filled with before it is handed on.
    public var windowBytes = 256 << 10

    /// The defaults.
    public init() {}
}
