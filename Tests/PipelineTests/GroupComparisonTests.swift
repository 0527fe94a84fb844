import Core
import Digests
import Foundation
import Synchronization
import Testing

@testable import Pipeline

/// A store in memory, as far as the comparison asks.
private final class MemoryStore: ComparisonStore {
    struct State {
        var items: [String: Int] = [:]
        var proposals: [MatchProposal] = []
        var staged: [(key: String, proposal: MatchProposal)] = []
        var libraryReads = 0
        var largestChunk = 0
    }

    let library: [LibraryDrugRow]
    let state = Mutex(State())

    init(_ library: [LibraryDrugRow]) { self.library = library.sorted { $0.ypid < $1.ypid } }

    func publishedDrugLibrary() async throws -> String? { "v1" }

    func libraryDrugs(version: String, after ypid: String?, limit: Int) async throws -> [LibraryDrugRow] {
        state.withLock { $0.libraryReads += 1 }
        let rest = library.drop { row in ypid.map { row.ypid <= $0 } ?? false }
        return Array(rest.prefix(limit))
    }

    func forEachPrinted(version: String, _ body: @Sendable (PrintedDrugs) -> Void) async throws {
        state.withLock { $0.libraryReads += 1 }
        for rows in stride(from: 0, to: library.count, by: 100).map({ library[$0..<min($0 + 100, library.count)] }) {
            var block = PrintedDrugs()
            for row in rows where row.status == nil || row.status == "active" {
                let drug = row.description
                for text in [
                    row.ypid, drug.productName, drug.strength, drug.dosageForm, drug.manufacturer, drug.approvalNumber,
                    drug.conversionFactor,
                ] {
                    let text = text ?? ""
                    block.append(text.utf8.span)
                }
            }
            body(block)
        }
    }

    private func key(_ drug: SubmissionDrug) -> String {
        "\(drug.submission.rawValue % 100) \(drug.drug.code) \(drug.drug.hash)"
    }

    func withoutItems(_ submissions: [SubmissionID]) async throws -> Set<SubmissionID> {
        state.withLock { state in
            let known = Set(state.items.keys.map { $0.prefix { $0 != " " } })
            return Set(submissions.filter { !known.contains("\($0.rawValue % 100)") })
        }
    }

    func standings(of drugs: [SubmissionDrug], libraryVersion: String?) async throws -> [DrugStanding] {
        state.withLock { state in
            drugs.map { drug in
                let item = state.items[key(drug)]
                return DrugStanding(item: item, isDecided: item != nil, isPast: false)
            }
        }
    }

    func stage(
        _ compared: [(drug: SubmissionDrug, proposal: MatchProposal)], after staged: Int, remembering: Bool
    ) async throws {
        state.withLock { state in
            if staged == 0 { state.staged = [] }
            #expect(state.staged.count == staged)
            state.largestChunk = max(state.largestChunk, compared.count)
            state.staged += compared.map { (key($0.drug), $0.proposal) }
        }
    }

    func completeCompare(
        _ group: [SubmissionItems], staged: Int, libraryVersion: String?, at time: Timestamp, run: Int
    ) async throws {
        state.withLock { state in
            // With nothing staged, what stands there is of the group before.
            guard staged > 0 else { return }
            #expect(state.staged.count == staged)
            for (key, proposal) in state.staged where state.items[key] == nil {
                state.proposals.append(proposal)
                state.items[key] = state.proposals.count
            }
        }
    }

    func matchedDrugs(of submissions: [SubmissionID]) async throws -> MatchedDrugs { MatchedDrugs() }

    /// What every drug of every submission came to, by submission and local code.
    func answers(_ items: [SubmissionItems]) -> [String] {
        state.withLock { state in
            let codes = Dictionary(uniqueKeysWithValues: state.items.map { ($0.value, $0.key) })
            return items.flatMap { member in
                member.items.map { reference in
                    let item = reference > 0 ? reference : state.items[state.staged[-1 - reference].key] ?? 0
                    let proposal = state.proposals[item - 1]
                    let candidates = proposal.candidates.map { "\($0.ypid) \($0.score)" }
                    return "\(member.submission) \(codes[item] ?? "") \(proposal.state) \(proposal.ypid ?? "") "
                        + "\(proposal.method ?? "") \(proposal.score ?? -1) \(proposal.reason ?? "") \(candidates) "
                        + "\(proposal.evidence.sorted { $0.key < $1.key })"
                }
            }.sorted()
        }
    }
}

@Suite struct `Comparing a group of submissions` {
    private static let names = ["阿莫西林胶囊", "头孢呋辛酯片", "盐酸二甲双胍片", "氯化钠注射液", "硝苯地平控释片", "布洛芬缓释胶囊"]
    private static let makers = ["华北制药股份有限公司", "石药集团欧意药业有限公司", "扬子江药业集团有限公司", "齐鲁制药有限公司"]

    private static let library: [LibraryDrugRow] = (0..<480).map { number in
        var drug = DrugDescription(hospitalDrugCode: "", productName: names[number % 6])
        drug.ypid = "Y\(10_000 + number)"
        drug.strength = "\(number / 24 * 5 + 5)mg"
        drug.manufacturer = makers[number / 6 % 4]
        drug.approvalNumber = "国药准字H2000\(1_000 + number)"
        drug.conversionFactor = "24"
        return LibraryDrugRow(description: drug, holder: nil, category: nil, status: nil)
    }

    /// Catalogues of three hospitals: drugs as the library has them, misspelt ones, ones without a number, repeats.
    private func catalogue(_ hospital: Int, reversed: Bool) -> String {
        var lines: [String] = []
        for number in 0..<120 {
            let entry = Self.library[(number * 7 + hospital * 40) % 480].description
            var cells = [
                "C\(number)", number % 3 == 0 ? entry.ypid ?? "" : "", entry.productName, entry.strength ?? "",
                entry.manufacturer ?? "", number % 4 == 1 ? "" : entry.approvalNumber ?? "", "24",
            ]
            if number % 5 == 2 { cells[2] = String(cells[2].dropFirst()) + "(甲)" }
            if number % 7 == 3 { cells[4] = "" }
            lines.append(cells.joined(separator: ","))
        }
        // A code twice: whichever row stands first counts, and both say the same.
        lines.append(lines[0])
        let header = "院内药品唯一码,国家药品编码（YPID）,产品名称,制剂规格,生产企业,批准文号,转换系数"
        return ([header] + (reversed ? lines.reversed() : lines)).joined(separator: "\r\n") + "\r\n"
    }

    private func submissions(below root: String, reversed: Bool) throws -> [Submission] {
        try (1...3).map { hospital in
            let bytes = Array(catalogue(hospital, reversed: reversed).utf8)
            let digest = SHA256Digest(bytes: SHA256Hasher.digest(of: bytes))
            let path = Archive(root: root).path(of: digest)
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let period = try #require(Period("2025"))
            return Submission(
                id: SubmissionID(hospital), hospitalCode: "H\(hospital)", period: period, version: 1, supersedes: nil,
                receivedAt: Timestamp(microseconds: 0), sourceName: "", sha256: digest,
                files: [ArchivedFile(name: "catalogue.csv", sha256: digest, size: bytes.count)])
        }
    }

    private func compare(
        _ group: [Submission], _ store: MemoryStore, _ settings: PipelineSettings, chunkSize: Int = 3_000,
        remembering: Int = 1_000
    ) async throws -> GroupComparison.Outcome {
        let library = LazyLibrary(store, workers: settings.workers, remembering: remembering)
        let outcome = try await GroupComparison(store, settings, library, chunkSize: chunkSize).run(group)
        #expect(await library.rememberedCount <= remembering)
        try await store.completeCompare(
            outcome.items, staged: outcome.staged, libraryVersion: "v1", at: Timestamp(microseconds: 0), run: 1)
        return outcome
    }

    @Test func `the size of a chunk, the order of rows and the number of threads change nothing`() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("compare-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        var expected: [String]?
        for (chunk, workers, reversed) in [(3_000, 1, false), (7, 2, false), (50, 3, true), (361, 2, true)] {
            let store = MemoryStore(reversed ? Self.library.reversed() : Self.library)
            var settings = PipelineSettings(inbox: "", archive: root, work: root, outbox: "", reports: "")
            settings.workers = workers
            let group = try submissions(below: root, reversed: reversed)
            let outcome = try await compare(reversed ? group.reversed() : group, store, settings, chunkSize: chunk)
            #expect(outcome.failures.isEmpty)
            #expect(outcome.items.map(\.items.count) == [120, 120, 120])
            #expect(store.state.withLock { $0.largestChunk } <= chunk)
            let answers = store.answers(outcome.items)
            #expect(answers.contains { $0.contains("approved") } && answers.contains { $0.contains("proposed") })
            if let expected { #expect(answers == expected, "chunk \(chunk), \(workers) workers") }
            expected = expected ?? answers
        }
    }

    @Test func `how much is remembered changes nothing`() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("compare-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        var expected: [String]?
        for remembering in [100_000, 40, 2] {
            let store = MemoryStore(Self.library)
            let settings = PipelineSettings(inbox: "", archive: root, work: root, outbox: "", reports: "")
            // The same catalogues twice in a group: all words of the second three are known, where there is room.
            let group = try submissions(below: root, reversed: false)
            let again = group.map { submission in
                Submission(
                    id: SubmissionID(submission.id.rawValue + 3), hospitalCode: submission.hospitalCode + "B",
                    period: submission.period, version: 1, supersedes: nil, receivedAt: submission.receivedAt,
                    sourceName: "", sha256: submission.sha256, files: submission.files)
            }
            let outcome = try await compare(group + again, store, settings, chunkSize: 50, remembering: remembering)
            #expect(outcome.items.map(\.items.count) == Array(repeating: 120, count: 6))
            let answers = store.answers(outcome.items)
            if let expected { #expect(answers == expected, "\(remembering) remembered") }
            expected = expected ?? answers
        }
    }

    @Test func `a night without new drugs does not read the library`() async throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent("compare-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: root) }
        let store = MemoryStore(Self.library)
        let settings = PipelineSettings(inbox: "", archive: root, work: root, outbox: "", reports: "")
        let group = try submissions(below: root, reversed: false)
        let first = try await compare(group, store, settings)
        let reads = store.state.withLock { $0.libraryReads }
        #expect(reads > 0)
        let second = try await compare(group, store, settings)
        #expect(second.staged == 0)
        #expect(second.items.map(\.items.count) == first.items.map(\.items.count))
        #expect(store.state.withLock { $0.libraryReads } == reads)
    }
}
