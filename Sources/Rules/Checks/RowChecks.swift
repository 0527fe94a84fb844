public import Core

/// All checks that need one row and the libraries, over the batches of one file: groups B and C, A20, D03.
///
/// Each check goes down one column at a time; what it sees is put in the order of rows and columns at the end, so the
/// order of the checks shows nowhere.
public struct RowChecks: Sendable {
    private let required: RequiredCheck
    private var identification: IdentificationCheck
    private let texts: TextCheck
    private let ranges: RangeCheck

    /// Checks for one file.
    /// - Parameter present: the positions of the columns the file has. What a file lacks is a finding on the file (A10,
    ///   A11), not on each of its rows.
    public init(_ dataSet: DataSet, context: CheckContext, parameters: RuleParameters, present: Set<Int>) {
        required = RequiredCheck(dataSet, parameters: parameters, present: present)
        identification = IdentificationCheck(context: context, parameters: parameters)
        texts = TextCheck(dataSet, parameters: parameters)
        ranges = RangeCheck(dataSet, context: context, parameters: parameters)
    }

    /// What is wrong in the rows of a batch, in the order of rows and columns. Broken rows and total lines are left out:
    /// the reader has said what there is to say of them.
    public mutating func observations(in batch: borrowing RowBatch, _ typed: borrowing TypedBatch) -> [Observation] {
        var sink = ObservationSink()
        required.check(batch, typed, &sink)
        identification.check(batch, typed, &sink)
        texts.check(batch, typed, &sink)
        ranges.check(batch, typed, &sink)
        return sink.ordered
    }
}

extension ObservationSink {
    /// By row, then column, then rule.
    var ordered: [Observation] {
        guard observations.count > 1 else { return observations }
        let order = observations.indices.sorted { left, right in
            let (a, b) = (observations[left], observations[right])
            return (a.place.row ?? 0, columns[left], a.rule) < (b.place.row ?? 0, columns[right], b.rule)
        }
        return order.map { observations[$0] }
    }
}
