public import Core
internal import Digests
internal import Matching
internal import Synchronization

/// Compares drugs with one version of the library: the same code for the nightly run and for comparison files.
public struct DrugComparer: Sendable {
    private let matcher: Matcher
    /// The library it compares with.
    public let libraryVersion: String

    /// Reads a version of the library and builds its index.
    public static func load(version: String, from store: some ComparisonStore) async throws -> DrugComparer {
        let builder = IndexBuilding()
        try await store.forEachLibraryDrug(version: version) { builder.add($0) }
        return DrugComparer(matcher: Matcher(index: builder.build()), libraryVersion: version)
    }

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
        let pieces = max(1, min(workers, drugs.count / 200 + 1))
        let size = (drugs.count + pieces - 1) / max(pieces, 1)
        return await withTaskGroup(of: (Int, [MatchProposal]).self) { tasks in
            for piece in 0..<pieces {
                let part = drugs.dropFirst(piece * size).prefix(size)
                tasks.addTask {
                    var workspace = MatchWorkspace(for: matcher.index)
                    return (piece, part.map { MatchProposal(matcher.compare(LocalDrug($0), using: &workspace)) })
                }
            }
            var answers: [[MatchProposal]] = Array(repeating: [], count: pieces)
            for await (piece, part) in tasks { answers[piece] = part }
            return answers.flatMap { $0 }
        }
    }

    /// Why a drug is, or is not, a code: field by field. `nil` where the library read has no such code.
    public func explanation(of drug: DrugDescription, ypid: String, library: [String: String]) -> [FieldComparison]? {
        guard let entry = LibraryDrug(columns: library),
            let found = matcher.evidence(for: LocalDrug(drug), ypid: ypid)
        else { return nil }
        return Explanation(local: LocalDrug(drug), library: entry, evidence: found.evidence).fields.map { field in
            FieldComparison(
                field: field.field.rawValue, name: field.field.phrase, agreement: "\(field.agreement)",
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

/// Collects the library while the store gives it. The store calls one row after the other, on its own thread.
private final class IndexBuilding: Sendable {
    private let builder = Mutex(LibraryIndexBuilder())

    func add(_ columns: [String: String]) {
        guard let drug = LibraryDrug(columns: columns) else { return }
        builder.withLock { $0.add(drug) }
    }

    func build() -> LibraryIndex {
        builder.withLock { builder in
            let full = builder
            builder = LibraryIndexBuilder()
            return full.build()
        }
    }
}

extension DrugDescription {
    /// With the key under which decisions on it are kept.
    public var keyed: KeyedDrug {
        let digest = SHA256Hasher.digest(of: Array(LocalDrug(self).descriptionKey.utf8))
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
            evidence: Dictionary(
                uniqueKeysWithValues: first?.evidence.fields.map { ($0.field.rawValue, "\($0.agreement)") } ?? []))
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
