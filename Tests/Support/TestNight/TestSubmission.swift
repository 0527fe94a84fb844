public import Core
import Digests
public import Pipeline
import Rules

@testable import Samples

/// A small valid submission of one institution in any shape: the same rows for the same seed, whatever the shape.
public struct TestSubmission: Sendable {
    /// How its files are written.
    public enum Shape: String, CaseIterable, Sendable {
        case utf8, utf8WithMark, gb18030, utf16, semicolons, tabs, quoted, titled, gzip, zip, zipWithGBKNames
        case xmlElements, xmlAttributes, xmlFields, xmlGB18030, xmlUTF16, xmlGzip, xmlZip
    }

    /// The sender.
    public let hospitalCode: String
    /// What it reports on.
    public let period = Period.sample
    /// Its files by name.
    public var files: [String: [UInt8]]
    /// The name of the package, where it is one.
    public let packageName: String?

    /// A submission of `drugs` drugs.
    public init(_ shape: Shape = .utf8, drugs: Int = 6, seed: UInt64 = 1) throws {
        let library = DrugLibrary(seed: seed, count: 50)
        let institution = SampleInstitution(
            seed: seed, number: Int(seed % 1000), ordinal: Int(seed % 1000), kind: .primary, drugCount: drugs)
        let sink = MemorySink()
        let plan = TestSubmission.plan(shape, institution)
        _ = try SubmissionWriting(
            plan: plan, rows: SubmissionRows(institution, library: library, seed: seed, period: .sample), rules: [],
            other: institution, seed: seed, level: 6, sink: sink
        ).write(floor: [:])
        hospitalCode = institution.hospitalCode
        var files: [String: [UInt8]] = [:]
        for (path, bytes) in sink.files {
            let name = path.split(separator: "/").last.map(String.init) ?? path
            if name != "submission.ok" { files[name] = bytes }
        }
        self.files = files
        packageName = plan.layout.isPackage ? files.keys.first : nil
    }

    private static func plan(_ shape: Shape, _ institution: SampleInstitution) -> SubmissionPlan {
        var plan = SubmissionPlan(institution: institution, about: Phrase("测试", "test"))
        let stamp = "20260110090000"
        switch shape {
        case .utf8: break
        case .utf8WithMark: plan.format.encoding = .utf8WithMark
        case .gb18030:
            plan.format.encoding = .gb18030
            plan.format.lineEnd = "\r\n"
        case .utf16: plan.format.encoding = .utf16LittleEndian
        case .semicolons: plan.format.delimiter = ";"
        case .tabs: plan.format.delimiter = "\t"
        case .quoted: plan.format.quotesAll = true
        case .titled:
            plan.format.titleLines = 2
            plan.format.hasSequence = true
            plan.format.isShuffled = true
        case .gzip: plan.format.isPacked = true
        case .zip: plan.layout = .folderPackage(stamp: stamp)
        case .zipWithGBKNames:
            plan.layout = .folderPackage(stamp: stamp)
            plan.fileNames = .chinese
            plan.hasUnmarkedNames = true
            plan.format.encoding = .gb18030
        case .xmlElements: plan.format = .xml(.elements)
        case .xmlAttributes: plan.format = .xml(.attributes)
        case .xmlFields: plan.format = .xml(.fields)
        case .xmlGB18030: plan.format = .xml(.elements, .gb18030)
        case .xmlUTF16: plan.format = .xml(.fields, .utf16LittleEndian)
        case .xmlGzip: plan.format = FileFormat.xml(.elements).with { $0.isPacked = true }
        case .xmlZip:
            plan.format = .xml(.attributes)
            plan.layout = .folderPackage(stamp: stamp)
        }
        return plan
    }

    /// Writes its files into a folder.
    public func write(to folder: TestFolder, below place: String) throws {
        for (name, bytes) in files { try folder.write(bytes, to: "\(place)/\(name)") }
    }

    /// Puts it into an inbox, ready to be taken.
    public func drop(into folder: TestFolder) throws {
        if packageName != nil {
            try write(to: folder, below: "inbox/\(hospitalCode)")
        } else {
            try write(to: folder, below: "inbox/\(hospitalCode)/\(period)")
            try folder.write("", to: "inbox/\(hospitalCode)/\(period)/submission.ok")
        }
    }

    /// Checks it as `yaoce validate` does, with no libraries.
    public func check(
        in folder: TestFolder, name: String = "check", limits change: (inout PipelineSettings) -> Void = { _ in }
    )
        throws -> CheckOutcome
    {
        var input: [CheckInput.File] = []
        for (file, bytes) in files.sorted(by: { $0.key < $1.key }) {
            let path = try folder.write(bytes, to: "\(name)/\(file)")
            input.append(
                CheckInput.File(
                    name: file, path: path, sha256: SHA256Digest(bytes: SHA256Hasher.digest(of: bytes)),
                    size: bytes.count))
        }
        var settings = PipelineSettings(inbox: "", archive: "", work: "", outbox: "", reports: "")
        change(&settings)
        let environment = CheckEnvironment(
            rules: try TestRules.book.get(), businessDate: Night.businessDate, institutions: nil, divisions: nil)
        return try SubmissionCheck(environment, settings: settings).outcome(
            of: CheckInput(hospitalCode: hospitalCode, period: period, files: input),
            stagingPath: folder.file("\(name).staged"))
    }
}

extension CheckOutcome {
    /// All findings, in their order.
    public func findings() throws -> [Finding] {
        var all: [Finding] = []
        try staged.forEachFinding { all.append($0) }
        return all
    }

    /// How many rows of a table are staged for the load.
    public func stagedRows(of table: DataTable) throws -> Int {
        var count = 0
        switch table {
        case .institution: try staged.forEachInstitutionRow { _ in count += 1 }
        case .catalogue: try staged.forEachCatalogueRow { _ in count += 1 }
        case .stockIn, .stockOut, .usage: try staged.forEachMovementChunk(of: table) { count += $0.count }
        }
        return count
    }
}
