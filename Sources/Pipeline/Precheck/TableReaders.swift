internal import Core
internal import Readers

/// Which reader a file takes, by what its bytes are and not by its name.
enum TableReaders {
    static func reader(
        for source: SourceFile, _ bytes: any ByteSource, _ dataSet: DataSet, _ limits: ReadingLimits
    ) throws(ReadingError) -> any TableReader {
        switch try source.contentKind(limits: limits) {
        default: DelimitedTableReader(bytes, dataSet: dataSet, limits: limits)
        }
    }
}
