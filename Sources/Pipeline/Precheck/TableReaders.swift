public import Core
public import Readers

/// Which reader a file takes, by what its bytes are and not by its name.
public enum TableReaders {
    /// A reader over a file's unpacked bytes.
    public static func reader(
        for source: SourceFile, _ dataSet: DataSet, _ limits: ReadingLimits
    ) throws(ReadingError) -> any TableReader {
        try reader(for: source, try source.open(limits: limits), dataSet, limits)
    }

    /// The same over bytes that somebody else wants to see pass.
    static func reader(
        for source: SourceFile, _ bytes: any ByteSource, _ dataSet: DataSet, _ limits: ReadingLimits
    ) throws(ReadingError) -> any TableReader {
        switch try source.contentKind(limits: limits) {
        case .xml: XMLTableReader(bytes, dataSet: dataSet, limits: limits)
        default: DelimitedTableReader(bytes, dataSet: dataSet, limits: limits)
        }
    }
}
