internal import Core
internal import Readers
internal import Rules

/// Reads the distinct drugs of the catalogues of some submissions, one submission after the other and some drugs at a
/// time, so that memory does not grow with a catalogue but for the hashes of its codes. What is wrong with the files is
/// precheck's to say: here a file that cannot be read has no drugs, and of rows with the same local code the first counts.
actor CatalogueDrugs {
    private let settings: PipelineSettings
    private let group: [Submission]
    private let columns = CatalogueColumns()
    private var next = 0
    private var catalogue: OpenCatalogue?
    /// What the operating system refused, by submission; whatever is wrong with the files is no error here.
    private(set) var failures: [SubmissionID: any Error] = [:]
    private let marks: ReadingMarks

    init(_ group: [Submission], _ settings: PipelineSettings) {
        self.group = group
        self.settings = settings
        marks = ReadingMarks(settings, .compare)
    }

    /// Up to so many drugs, each with its submission; none when everything was read.
    func read(_ limit: Int) -> [(submission: SubmissionID, drug: DrugDescription)] {
        var drugs: [(submission: SubmissionID, drug: DrugDescription)] = []
        drugs.reserveCapacity(limit)
        while drugs.count < limit {
            guard let submission = catalogue?.submission ?? open() else { break }
            do {
                try marks.reading(submission) {
                    while drugs.count < limit, let drug = try catalogue?.next(columns, settings.limits) {
                        drugs.append((submission, drug))
                    }
                }
            } catch {
                note(error, submission)
                catalogue = nil
            }
            if drugs.count < limit { catalogue = nil }
        }
        return drugs
    }

    /// Opens the next catalogue; `nil` where there is none.
    private func open() -> SubmissionID? {
        let archive = Archive(root: settings.archive)
        while next < group.count {
            let submission = group[next]
            next += 1
            let files = submission.files.map { (name: $0.name, path: archive.path(of: $0.sha256)) }
            do {
                var sources: [SourceFile] = []
                try marks.reading(submission.id) {
                    let package = try Package.open(files: files, limits: settings.limits)
                    for source in package.sources where try isCatalogue(source) { sources.append(source) }
                }
                guard !sources.isEmpty else { continue }
                catalogue = OpenCatalogue(submission: submission.id, sources: sources)
                return submission.id
            } catch {
                note(error, submission.id)
            }
        }
        return nil
    }

    private func note(_ error: any Error, _ submission: SubmissionID) {
        // A corrupt container is a finding of precheck, which reads the same bytes next.
        if let error = error as? ReadingError, case .system = error.problem {
            failures[submission] = error
        } else if !(error is ReadingError) {
            failures[submission] = error
        }
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
}

/// A catalogue that is being read: its files, the place in the batch at hand, and the codes it has had.
private struct OpenCatalogue {
    let submission: SubmissionID
    private var sources: ArraySlice<SourceFile>
    private var reader: (any TableReader)?
    private var batch = RowBatch(DataSet.of(.catalogue))
    private var row = 0
    private var codes = HashIndex()

    init(submission: SubmissionID, sources: [SourceFile]) {
        self.submission = submission
        self.sources = sources[...]
    }

    /// The next drug with a code that was not there before; `nil` at the end.
    mutating func next(_ columns: CatalogueColumns, _ limits: ReadingLimits) throws(ReadingError) -> DrugDescription? {
        while true {
            while row < batch.rows.count {
                defer { row += 1 }
                guard !batch.rows[row].isTotal, !batch.rows[row].isBroken else { continue }
                let code = batch.extent(row: row, column: columns.hospitalDrugCode).range
                guard !code.isEmpty else { continue }
                var hash = ByteHash()
                hash.add(batch.bytes.span.extracting(code))
                guard codes.insert(hash.value).isNew else { continue }
                return columns.description(batch, row)
            }
            row = 0
            if let reader, try reader.next(into: &batch) { continue }
            batch.removeAll()
            guard let source = sources.popFirst() else { return nil }
            reader = try TableReaders.reader(for: source, batch.dataSet, limits)
        }
    }
}

/// Where the columns of a description stand in a catalogue.
private struct CatalogueColumns: Sendable {
    let hospitalDrugCode: Int
    private let positions: [Int?]

    init() {
        let dataSet = DataSet.of(.catalogue)
        hospitalDrugCode = dataSet.position(of: "hospital_drug_code") ?? 0
        positions = [
            "ypid", "approval_number", "generic_name", "product_name", "trade_name", "manufacturer", "dosage_form",
            "strength", "dosage_unit", "pack_unit", "conversion_factor",
        ].map(dataSet.position(of:))
    }

    func description(_ batch: RowBatch, _ row: Int) -> DrugDescription {
        func text(_ column: Int) -> String? {
            guard let position = positions[column], batch.extent(row: row, column: position).count > 0 else {
                return nil
            }
            return batch.string(row: row, column: position)
        }
        var drug = DrugDescription(
            hospitalDrugCode: batch.string(row: row, column: hospitalDrugCode), productName: text(3) ?? "")
        drug.ypid = text(0)
        drug.approvalNumber = text(1)
        drug.genericName = text(2)
        drug.tradeName = text(4)
        drug.manufacturer = text(5)
        drug.dosageForm = text(6)
        drug.strength = text(7)
        drug.dosageUnit = text(8)
        drug.packUnit = text(9)
        drug.conversionFactor = text(10)
        return drug
    }
}
