internal import Core
internal import Readers

/// Reads the distinct drugs of a submission's catalogue. What is wrong with the files is precheck's to say: here a file
/// that cannot be read has no drugs, and of rows with the same local code the first counts.
struct CatalogueDrugs {
    private let settings: PipelineSettings
    /// How many distinct drugs of one catalogue are compared in a night. The largest hospitals have some thousands; the
    /// drugs of a submission are held in memory together, and this keeps them within the target. What is beyond stays
    /// without a decision: it is loaded, and its `matched_ypid` is NULL.
    static let limit = 20_000

    init(_ settings: PipelineSettings) { self.settings = settings }

    /// - Throws: what the operating system refuses; whatever is wrong with the files is no error here.
    func drugs(of submission: Submission) throws(ReadingError) -> [KeyedDrug] {
        let archive = Archive(root: settings.archive)
        let files = submission.files.map { (name: $0.name, path: archive.path(of: $0.sha256)) }
        var collected = Collected()
        do throws(ReadingError) {
            let package = try Package.open(files: files, limits: settings.limits)
            for source in package.sources where try isCatalogue(source) { try collect(source, into: &collected) }
        } catch {
            // A corrupt container is a finding of precheck, which reads the same bytes next.
            if case .system = error.problem { throw error }
        }
        return collected.drugs
    }

    private struct Collected {
        var drugs: [KeyedDrug] = []
        var codes: Set<String> = []
    }

    private func isCatalogue(_ source: SourceFile) throws(ReadingError) -> Bool {
        switch source.tableName {
        case .table(let table, _): return table == .catalogue
        case .ambiguous: return false
        case .unknown:
            // An XML file says which table it holds, whatever its name.
            guard try source.contentKind(limits: settings.limits) == .xml else { return false }
            return try XMLRootPeek.root(of: source.open(limits: settings.limits))?.table == .catalogue
        }
    }

    private func collect(_ source: SourceFile, into collected: inout Collected) throws(ReadingError) {
        let dataSet = DataSet.of(.catalogue)
        let reader = try TableReaders.reader(for: source, dataSet, settings.limits)
        var batch = RowBatch(dataSet)
        while try reader.next(into: &batch) {
            for row in batch.rows.indices where !batch.rows[row].isTotal && !batch.rows[row].isBroken {
                guard collected.drugs.count < CatalogueDrugs.limit else { return }
                var columns: [String: String] = [:]
                for (position, column) in dataSet.columns.enumerated()
                where batch.extent(row: row, column: position).count > 0 {
                    columns[column.name] = batch.string(row: row, column: position)
                }
                let drug = DrugDescription(columns: columns)
                guard !drug.hospitalDrugCode.isEmpty, collected.codes.insert(drug.hospitalDrugCode).inserted else {
                    continue
                }
                collected.drugs.append(drug.keyed)
            }
        }
    }
}
