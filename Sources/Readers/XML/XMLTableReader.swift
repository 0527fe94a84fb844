public import Core

/// Reads a table from XML: `dataset` with `row`s, in the three shapes of the contract, which may even be mixed.
///
/// A row with a column twice, with text or elements where no cell is, or with more than `limits.recordBytes` is broken
/// and costs no other row. What is no well-formed XML, has a document type or goes too deep stops the reading there;
/// rows delivered before stay delivered. Memory is bounded by `limits.windowBytes` and `limits.recordBytes`.
///
/// - `Row.raw` are the bytes of the element as they came, in UTF-16 too. Of GB18030 they are its text as UTF-8, since
///   expat reads no GB18030; `byteOffset` is always one of the original bytes.
/// - Of a row longer than `limits.recordBytes`, `Row.raw` holds so many bytes and the cells are empty.
/// - A row has no cell for an element that it lacks, so which columns are missing (A10, A11) is known at the end only.
public final class XMLTableReader: TableReader {
    /// What is known of the file so far.
    public var facts: FileFacts { state.facts }
    /// What is wrong with the file as a whole, so far.
    public var fileObservations: [Observation] { state.observations }

    private var state: XMLReading

    /// A reader of a table; nothing is read before the first `next`.
    /// - Parameters:
    ///   - source: the unpacked bytes.
    ///   - dataSet: the table the file should hold.
    ///   - limits: how much is read before it is a finding.
    public init(_ source: any ByteSource, dataSet: DataSet, limits: ReadingLimits = ReadingLimits()) {
        state = XMLReading(source, dataSet, limits)
    }

    /// Empties `batch`, fills it with the next rows, and says whether there were any.
    public func next(into batch: inout RowBatch) throws(ReadingError) -> Bool {
        batch.removeAll()
        return try state.next(into: &batch)
    }
}
