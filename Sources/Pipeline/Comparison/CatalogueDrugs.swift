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
    private let wordings: WordingMemory?

    /// - Parameter wordings: words that may come again; `nil` where that is not to be expected.
    init(_ group: [Submission], _ settings: PipelineSettings, _ wordings: WordingMemory?) {
        self.group = group
        self.settings = settings
        self.wordings = wordings
        marks = ReadingMarks(settings, .compare)
    }

    /// Up to so many drugs, each with its submission; none when everything was read.
    func read(_ limit: Int) -> [CatalogueDrug] {
        var drugs: [CatalogueDrug] = []
        drugs.reserveCapacity(limit)
        while drugs.count < limit {
            guard let submission = catalogue?.submission ?? open() else { break }
            do {
                try marks.reading(submission) {
                    while drugs.count < limit, let drug = try catalogue?.next(columns, wordings, settings.limits) {
                        drugs.append(drug)
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

/// A drug as it was read.
struct CatalogueDrug: Sendable {
    enum Words: Sendable {
        /// They were met before in this run.
        case known(DrugWording)
        /// Met for the first time, or forgotten since; with a hash of their bytes.
        case new(DrugDescription, UInt64)
    }

    let submission: SubmissionID
    let code: String
    let words: Words
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
    mutating func next(
        _ columns: CatalogueColumns, _ wordings: WordingMemory?, _ limits: ReadingLimits
    ) throws(ReadingError) -> CatalogueDrug? {
        while true {
            while row < batch.rows.count {
                defer { row += 1 }
                guard !batch.rows[row].isTotal, !batch.rows[row].isBroken else { continue }
                let code = batch.extent(row: row, column: columns.hospitalDrugCode).range
                guard !code.isEmpty else { continue }
                var hash = ByteHash()
                hash.add(batch.bytes.span.extracting(code))
                guard codes.insert(hash.value).isNew else { continue }
                return CatalogueDrug(
                    submission: submission, code: batch.string(row: row, column: columns.hospitalDrugCode),
                    words: columns.words(batch, row, wordings))
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
    /// In the order of `DrugDescription.texts`; `nil` where a catalogue has no such column.
    private let positions: [Int?]

    init() {
        let dataSet = DataSet.of(.catalogue)
        hospitalDrugCode = dataSet.position(of: "hospital_drug_code") ?? 0
        positions = DrugDescription.textNames.map(dataSet.position(of:))
    }

    func words(_ batch: RowBatch, _ row: Int, _ wordings: WordingMemory?) -> CatalogueDrug.Words {
        guard let wordings else { return .new(description(batch, row), 0) }
        var hash = ByteHash()
        for case let position? in positions {
            hash.add(batch.bytes.span.extracting(batch.extent(row: row, column: position).range))
        }
        if let known = wordings.wording(hash.value), says(known.description, batch, row) { return .known(known) }
        return .new(description(batch, row), hash.value)
    }

    /// Whether a row says byte for byte what was said before.
    private func says(_ said: DrugDescription, _ batch: RowBatch, _ row: Int) -> Bool {
        func says(_ text: String?, _ column: Int) -> Bool {
            guard let position = positions[column] else { return text == nil }
            let cell = batch.extent(row: row, column: position).range
            guard let text else { return cell.isEmpty }
            let utf8 = text.utf8
            guard utf8.count == cell.count else { return false }
            var place = cell.lowerBound
            for byte in utf8 {
                guard batch.bytes[place] == byte else { return false }
                place += 1
            }
            return true
        }
        return says(said.ypid, 0) && says(said.approvalNumber, 1) && says(said.standardCode, 2)
            && says(said.nhsaCode, 3) && says(said.genericName, 4) && says(said.productName, 5)
            && says(said.tradeName, 6) && says(said.manufacturer, 7) && says(said.dosageForm, 8)
            && says(said.strength, 9) && says(said.dosageUnit, 10) && says(said.packUnit, 11)
            && says(said.conversionFactor, 12)
    }

    private func description(_ batch: RowBatch, _ row: Int) -> DrugDescription {
        func text(_ column: Int) -> String? {
            guard let position = positions[column], batch.extent(row: row, column: position).count > 0 else {
                return nil
            }
            return batch.string(row: row, column: position)
        }
        var drug = DrugDescription(hospitalDrugCode: "", productName: text(5) ?? "")
        drug.ypid = text(0)
        drug.approvalNumber = text(1)
        drug.standardCode = text(2)
        drug.nhsaCode = text(3)
        drug.genericName = text(4)
        drug.tradeName = text(6)
        drug.manufacturer = text(7)
        drug.dosageForm = text(8)
        drug.strength = text(9)
        drug.dosageUnit = text(10)
        drug.packUnit = text(11)
        drug.conversionFactor = text(12)
        return drug
    }
}
