import Core

/// One submission of a night: who sends it, in what shape, and what is wrong with it.
struct SubmissionPlan: Sendable {
    /// Where and how its files lie in the inbox.
    enum Layout: Sendable, Hashable {
        /// Loose files in `<hospital_code>/<period>/`, with `submission.ok` where they are complete.
        case loose(isComplete: Bool)
        /// A zip in the institution's folder, named with this time.
        case folderPackage(stamp: String)
        /// A zip at the root of the inbox, named with this time.
        case rootPackage(stamp: String)

        var isPackage: Bool { if case .loose = self { false } else { true } }
    }

    /// What tables are called in file names.
    enum FileNames: Sendable, Hashable {
        case english, chinese
    }

    /// Who sends it.
    var institution: SampleInstitution
    /// Why it is in the night.
    var about: Phrase
    /// How its tables are written.
    var format = FileFormat()
    /// Where they lie.
    var layout = Layout.loose(isComplete: true)
    /// What their files are called.
    var fileNames = FileNames.english
    /// Whether names in a zip are GBK without a mark, as old Windows tools write them.
    var hasUnmarkedNames = false
    /// Whether a manifest.json says what is in it.
    var hasManifest = false
    /// Tables that come in several parts.
    var parts: [DataTable: Int] = [:]
    /// 1 for the first submission of the institution and period.
    var version = 1
    /// The tables of the files.
    var defects: [Defect] = []
    /// How many rows in a thousand get a defect at random.
    var badRowsPerMille = 0
    /// What is to become of it.
    var outcome: IntakeSighting.Outcome = .taken

    /// What is wrong with the whole.
    var wholeChanges: Set<WholeChange> {
        Set(
            defects.compactMap { defect in
                if case .whole(let change) = defect.planting { change } else { nil }
            })
    }

    /// The name of a table's file, or of a part of it.
    func fileName(of table: DataTable, part: Int?) -> String {
        var name = fileNames == .english ? table.rawValue : table.chineseName
        if let part { name += ".part\(part)" }
        name += "." + format.fileExtension
        return format.isPacked ? name + ".gz" : name
    }

    /// The name of a second file of the same table.
    func secondFileName(of table: DataTable) -> String {
        let base = fileNames == .english ? table.chineseName : table.rawValue
        return base + "." + format.fileExtension + (format.isPacked ? ".gz" : "")
    }

    /// Where it lies below the inbox: its folder, or its package.
    func source(period: Period) -> String {
        let code = institution.hospitalCode
        switch layout {
        case .loose: return "\(code)/\(period)"
        case .folderPackage(let stamp): return "\(code)/YPJC_\(code)_\(period)_\(stamp).zip"
        case .rootPackage(let stamp): return "YPJC_\(code)_\(period)_\(stamp).zip"
        }
    }
}
