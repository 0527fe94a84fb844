public import Core

/// What a reader learnt about a file as a whole. It grows while the file is read and is complete at the end.
public struct FileFacts: Sendable, Hashable {
    /// `UTF-8`, `GB18030`, `UTF-16LE`, `UTF-16BE`.
    public var encoding: String?
    /// One character; `nil` for XML.
    public var delimiter: String?
    /// The quote character, where there is one.
    public var quote: String?
    /// The line end as it came: `\n`, `\r\n` or `\r`; `nil` where there was none.
    public var lineEnd: String?
    /// The header as it was understood, in the file's order.
    public var headers: [HeaderMapping] = []
    /// The header record's bytes as they came, without the line end; for the fix file.
    public var rawHeader: [UInt8] = []
    /// The physical line of the header.
    public var headerLine: Int?
    /// What the XML root says: `table`, `hospital_code`, `period`.
    public var declared: [String: String] = [:]
    /// Data rows so far, total lines included.
    public var rowsRead = 0

    /// Nothing yet.
    public init() {}
}

/// Reads the rows of one table from one file, batch by batch, with bounded memory.
///
/// Whatever is wrong with the data becomes an observation, on the row in the batch or on the file in
/// `fileObservations`; only a failing disk or a corrupt container throws.
public protocol TableReader: AnyObject {
    /// What is known of the file so far.
    var facts: FileFacts { get }
    /// What is wrong with the file as a whole, so far.
    var fileObservations: [Observation] { get }
    /// Empties `batch`, fills it with the next rows, and says whether there were any.
    func next(into batch: inout RowBatch) throws(ReadingError) -> Bool
}
