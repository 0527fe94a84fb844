public import Core
public import Readers

/// A comparison file: what `yaoce match new` takes. Any encoding, delimiter and order of columns that a catalogue may
/// have; headers in Chinese or by English name.
public struct ComparisonFile: Sendable {
    /// Its rows in their order, broken ones too: every row gets an answer.
    public var drugs: [KeyedDrug] = []
    /// The columns that were found, by English name; empty where no header was.
    public var columns: [String] = []

    /// Reads a file.
    public init(_ bytes: any ByteSource, limits: ReadingLimits) throws(ReadingError) {
        let dataSet = DataSet.comparison
        let reader = DelimitedTableReader(bytes, dataSet: dataSet, limits: limits)
        let wanted = Set(DataSet.comparisonTemplate)
        let positions = dataSet.columns.indices.filter { wanted.contains(dataSet.columns[$0].name) }
        var batch = RowBatch(dataSet)
        while try reader.next(into: &batch) {
            for row in batch.rows.indices where !batch.rows[row].isTotal {
                var columns: [String: String] = [:]
                for position in positions where batch.extent(row: row, column: position).count > 0 {
                    columns[dataSet.columns[position].name] = batch.string(row: row, column: position)
                }
                drugs.append(DrugDescription(columns: columns).keyed)
            }
        }
        columns = reader.facts.headers.compactMap(\.column)
    }
}
