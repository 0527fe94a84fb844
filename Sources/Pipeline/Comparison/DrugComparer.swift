public import Core
internal import Digests
internal import Matching

/// Compares drugs with one version of the library: the same code for the nightly run and for comparison files.
public struct DrugComparer: Sendable {
    private let matcher: Matcher
    /// The library it compares with.
    public let libraryVersion: String

    /// Reads a version of the library and builds its index. While some rows are taken apart, the next are read.
    public static func load(
        version: String, from store: some ComparisonStore, workers: Int
    ) async throws -> DrugComparer {
        var builder = LibraryIndexBuilder()
        var rows = try await store.libraryDrugs(version: version, after: nil, limit: blockSize)
        while let last = rows.last {
            let isLast = rows.count < blockSize
            async let following =
                isLast ? [] : store.libraryDrugs(version: version, after: last.ypid, limit: blockSize)
            let prepared = await inPieces(of: rows, workers: workers) { $0.map { PreparedDrug(LibraryDrug($0)) } }
            for drug in prepared { builder.add(drug) }
            rows = try await following
        }
        return DrugComparer(matcher: Matcher(index: builder.build()), libraryVersion: version)
    }

    /// What drugs come to with a version of the library, in their order. Its index is built only where a drug has to be
    /// looked for.
    public static func proposals(
        for drugs: [KeyedDrug], version: String, from store: some ComparisonStore, workers: Int
    ) async throws -> [MatchProposal] {
        let library = LazyLibrary(store, workers: workers, version: version)
        return try await library.proposals(for: drugs, remembering: false) ?? []
    }

    /// Rows of the library in memory at a time, twice: read and taken apart.
    private static let blockSize = 4_000

    /// Compares with some rows of a library, by column name.
    public init(drugs: [[String: String]], libraryVersion: String, candidates: Int = 5) {
        var builder = LibraryIndexBuilder()
        for columns in drugs {
            if let drug = LibraryDrug(columns: columns) { builder.add(drug) }
        }
        var policy = DecisionPolicy()
        policy.candidates = candidates
        self.init(matcher: Matcher(index: builder.build(), policy: policy), libraryVersion: libraryVersion)
    }

    private init(matcher: Matcher, libraryVersion: String) {
        self.matcher = matcher
        self.libraryVersion = libraryVersion
    }

    /// The same with another number of candidates.
    public func keeping(candidates: Int) -> DrugComparer {
        var policy = matcher.policy
        policy.candidates = max(candidates, 1)
        return DrugComparer(matcher: Matcher(index: matcher.index, policy: policy), libraryVersion: libraryVersion)
    }

    /// What the drugs come to, in their order. Some are compared at the same time; the answers do not depend on it.
    public func proposals(for drugs: [DrugDescription], workers: Int) async -> [MatchProposal] {
        let matcher = matcher
        return await inPieces(of: drugs, workers: workers) { part in
            var workspace = MatchWorkspace(for: matcher.index)
            return part.map { MatchProposal(matcher.compare(LocalDrug($0), using: &workspace)) }
        }
    }

    /// Why a drug is, or is not, a code: field by field. `nil` where the library read has no such code.
    public func explanation(of drug: DrugDescription, ypid: String, library: [String: String]) -> [FieldComparison]? {
        guard let entry = LibraryDrug(columns: library),
            let found = matcher.evidence(for: LocalDrug(drug), ypid: ypid)
        else { return nil }
        return Explanation(local: LocalDrug(drug), library: entry, evidence: found.evidence).fields.map { field in
            FieldComparison(
                field: field.field.rawValue, name: field.field.phrase, agreement: field.agreement.name,
                agreementName: field.agreement.phrase, hospital: field.local, library: field.library)
        }
    }
}

/// One field of an explanation: what both sides say as it was compared.
public struct FieldComparison: Sendable, Hashable {
    /// The field's name in columns.
    public var field: String
    /// The field's name for people.
    public var name: Phrase
    /// How far it agrees.
    public var agreement: String
    /// The same for people.
    public var agreementName: Phrase
    /// What the hospital says.
    public var hospital: String
    /// What the library says.
    public var library: String
}

extension DrugDescription {
    /// With the key under which decisions on it are kept.
    public var keyed: KeyedDrug {
        let digest = SHA256Hasher.digest(of: LocalDrug(self).descriptionKeyBytes)
        func word(_ range: Range<Int>) -> UInt64 { digest[range].reduce(0) { $0 << 8 | UInt64($1) } }
        return KeyedDrug(description: self, hash: Fingerprint(high: word(0..<8), low: word(8..<16)))
    }
}

extension LocalDrug {
    init(_ drug: DrugDescription) {
        self.init(
            hospitalDrugCode: drug.hospitalDrugCode, ypid: drug.ypid, approvalNumber: drug.approvalNumber,
            standardCode: drug.standardCode, nhsaCode: drug.nhsaCode, genericName: drug.genericName,
            productName: drug.productName, tradeName: drug.tradeName, manufacturer: drug.manufacturer,
            dosageForm: drug.dosageForm, strength: drug.strength, dosageUnit: drug.dosageUnit, packUnit: drug.packUnit,
            conversionFactor: drug.conversionFactor)
    }
}

extension LibraryDrug {
    init(_ row: LibraryDrugRow) {
        let drug = row.description
        self.init(
            ypid: row.ypid, nhsaCode: drug.nhsaCode, standardCode: drug.standardCode,
            approvalNumber: drug.approvalNumber, genericName: drug.genericName, productName: drug.productName,
            tradeName: drug.tradeName, manufacturer: drug.manufacturer, holder: row.holder, category: row.category,
            dosageForm: drug.dosageForm, strength: drug.strength, dosageUnit: drug.dosageUnit, packUnit: drug.packUnit,
            conversionFactor: drug.conversionFactor, status: row.status)
    }
}

extension MatchProposal {
    init(_ comparison: Comparison) {
        let method: String? =
            switch comparison.method {
            case .suppliedCode: "supplied_code"
            case .approvalNumber: "approval_number"
            case .otherCode: "other_code"
            case .exactDescription: "exact_description"
            case .ranked: "ranked"
            case .exempt: "exempt"
            case nil: nil
            }
        let state: MatchState =
            switch comparison.state {
            case .decided: .approved
            case .proposed: .proposed
            case .none: .noMatch
            case .exempt: .ignored
            }
        let first = comparison.candidates.first
        self.init(
            state: state, ypid: comparison.ypid, method: method, level: comparison.method?.rawValue,
            score: first == nil ? nil : comparison.score,
            reason: state == .approved ? nil : comparison.exemption?.rawValue ?? comparison.reasons.first?.rawValue,
            candidates: comparison.candidates.map {
                MatchCandidate(ypid: $0.ypid, score: $0.score, vetoes: $0.vetoes.names)
            },
            evidence: MatchProposal.evidence(of: comparison))
    }

    /// What the fields say of the first candidate, and what became of the code that the hospital supplied.
    private static func evidence(of comparison: Comparison) -> [String: String] {
        var evidence: [String: String] = [:]
        // A field that says nothing is left out.
        for (field, agreement) in comparison.candidates.first?.evidence.fields ?? [] where agreement != .unknown {
            evidence[field.rawValue] = agreement.name
        }
        switch comparison.suppliedCode {
        case .missing: break
        case .agrees: evidence["supplied_code"] = "agrees"
        case .unknown: evidence["supplied_code"] = "unknown"
        case .retired: evidence["supplied_code"] = "retired"
        case .contradicted(let fields):
            evidence["supplied_code"] = "contradicted: " + fields.map(\.rawValue).joined(separator: ", ")
        }
        return evidence
    }

    /// What is said of a drug while no library is published.
    static let unchecked = MatchProposal(state: .unchecked, reason: "no_library")
}

extension Vetoes {
    /// The names of what speaks against a candidate, in a fixed order.
    var names: [String] {
        let all: [(Vetoes, String)] = [
            (.strength, "strength"), (.dosageForm, "dosage_form"), (.conversionFactor, "conversion_factor"),
            (.category, "category"), (.approvalNumber, "approval_number"), (.retired, "retired"), (.code, "code"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}
