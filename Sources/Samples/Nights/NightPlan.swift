public import Core

/// What a night of samples is made of. The same plan makes the same bytes.
public struct NightPlan: Sendable {
    /// Which shapes submissions come in.
    public enum Formats: String, Sendable, CaseIterable {
        /// Loose comma-separated UTF-8 from everybody.
        case plain
        /// CSV in UTF-8 and GB18030, zip, gz and XML side by side.
        case mixed
    }

    /// What the night is.
    enum Content: Sendable, Hashable {
        /// The small night of `SampleData`.
        case small
        /// Every defect there is.
        case planted
        /// Institutions by their kinds.
        case institutions
        /// One institution with so many drugs.
        case one(drugs: Int)
    }

    /// The seed that everything is drawn from.
    public var seed: UInt64
    /// What is reported on.
    public var period: Period
    /// Entries of the drug library.
    public var libraryDrugs = 160_000
    /// How many institutions of each kind.
    public var institutions: [InstitutionKind: Int] = [:]
    /// Drugs in the catalogue of each kind.
    public var varieties: [InstitutionKind: Int] = [.tertiary: 1_600, .secondary: 800, .other: 400, .primary: 250]
    /// Drugs for each hundred of `varieties`.
    public var scalePercent = 100
    /// How many rows in a thousand get a defect at random; 0 for a clean night.
    public var badRowsPerMille = 0
    /// Which shapes submissions come in.
    public var formats = Formats.mixed
    /// The rules that the answer key speaks about.
    public var rules = Defect.readingRules
    /// zlib's level for packed files, 1 fast … 9 small.
    public var compressionLevel = 6

    let content: Content

    init(_ content: Content, seed: UInt64, period: Period) {
        self.content = content
        self.seed = seed
        self.period = period
    }

    /// The small night: some twenty institutions, every format, every kind of defect that the reading finds.
    public static func small(seed: UInt64 = 20_260_101, period: Period = .sample) -> NightPlan {
        var plan = NightPlan(.small, seed: seed, period: period)
        plan.libraryDrugs = 1_200
        return plan
    }

    /// A night with every defect that can be planted, several in a file; its key speaks about all rules before the load.
    public static func planted(seed: UInt64, period: Period = .sample) -> NightPlan {
        var plan = NightPlan(.planted, seed: seed, period: period)
        plan.libraryDrugs = 1_200
        plan.rules = Defect.precheckRules
        return plan
    }

    /// A night of institutions by their kinds; without any given, a province: 2 300 institutions, 3.3 million rows.
    public static func institutions(
        _ counts: [InstitutionKind: Int] = [.tertiary: 70, .secondary: 250, .other: 150, .primary: 1_830],
        seed: UInt64, period: Period = .sample
    ) -> NightPlan {
        var plan = NightPlan(.institutions, seed: seed, period: period)
        plan.institutions = counts
        return plan
    }

    /// One hospital with so many drugs, as five plain CSV files.
    public static func big(drugs: Int = 500_000, seed: UInt64, period: Period = .sample) -> NightPlan {
        var plan = NightPlan(.one(drugs: drugs), seed: seed, period: period)
        plan.libraryDrugs = drugs
        plan.formats = .plain
        return plan
    }
}

extension Period {
    /// The period of samples that name none: the year 2025, reported on in January and February 2026.
    public static let sample: Period = {
        guard let period = Period(year: 2025) else { preconditionFailure("2025 is a year") }
        return period
    }()
}

extension NightPlan {
    /// How an institution of a generated night reports.
    func submission(of institution: SampleInstitution) -> SubmissionPlan {
        var plan = SubmissionPlan(institution: institution, about: Phrase("自动生成", "generated"))
        plan.badRowsPerMille = badRowsPerMille
        guard formats == .mixed else { return plan }
        let number = institution.number
        let stamp =
            "202601" + (10 + number % 20).digits(2) + (8 + number % 12).digits(2) + (number % 60).digits(2) + "00"
        switch number % 10 {
        case 0...2: plan.fileNames = number % 20 < 10 ? .english : .chinese
        case 3, 4:
            plan.fileNames = .chinese
            plan.format.encoding = .gb18030
            plan.format.lineEnd = "\r\n"
            plan.format.titleLines = number % 20 < 10 ? 2 : 0
            plan.format.hasSequence = true
        case 5:
            plan.layout = .folderPackage(stamp: stamp)
            plan.fileNames = .chinese
            plan.hasUnmarkedNames = true
            plan.format.encoding = .gb18030
            plan.format.lineEnd = "\r\n"
        case 6:
            plan.layout = .rootPackage(stamp: stamp)
            plan.hasManifest = true
            plan.format.headers = .english
        case 7:
            plan.format.isPacked = true
            plan.format.encoding = .utf8WithMark
        case 8:
            plan.format.delimiter = number % 20 < 10 ? "\t" : ";"
            plan.format.fileExtension = number % 20 < 10 ? "tsv" : "csv"
            plan.format.headers = .alias
            plan.format.isShuffled = true
        default:
            let kinds: [FileFormat.Kind] = [.elements, .attributes, .fields]
            plan.format = .xml(kinds[number / 10 % 3], number % 40 < 20 ? .utf8 : .gb18030)
        }
        return plan
    }

    /// The institutions of a generated night, the kinds mixed so that no end of the night is heavier than the other.
    func roster() -> [SampleInstitution] {
        switch content {
        case .small, .planted: return []
        case .one(let drugs):
            return [SampleInstitution(seed: seed, number: 0, ordinal: 0, kind: .tertiary, drugCount: drugs)]
        case .institutions:
            var kinds: [(kind: InstitutionKind, ordinal: Int)] = []
            for kind in InstitutionKind.allCases {
                for ordinal in 0..<(institutions[kind] ?? 0) { kinds.append((kind, ordinal)) }
            }
            var random = SeededGenerator(seed: seed, path: 0x10)
            return random.shuffled(kinds).enumerated().map { number, entry in
                let drugs = max(1, (varieties[entry.kind] ?? 100) * scalePercent / 100)
                return SampleInstitution(
                    seed: seed, number: number, ordinal: entry.ordinal, kind: entry.kind, drugCount: drugs)
            }
        }
    }
}
