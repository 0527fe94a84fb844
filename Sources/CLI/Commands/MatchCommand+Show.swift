import ArgumentParser
import Core
import Pipeline
import Reports
import Store

extension MatchCommand {
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "查看任务的条目，或一个条目的逐项依据 · The items of a task, or why an item stands where it does.")
        @Argument(help: "任务编号或条目编号 · A task or an item.")
        var subject: String
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            guard let number = Int(subject) else { return try await showTask(configuration) }
            let found = try await configuration.withStore { store -> Shown? in
                guard let item = try await store.matchItem(number) else { return nil }
                return try await Shown(item, store)
            }
            guard let found else { throw MatchError(problem: .noSuchItem(number)) }
            if json { return Output.write(found.json.bytes) }
            found.print(Environment.language)
        }

        private func showTask(_ configuration: Configuration) async throws {
            let (task, items) = try await configuration.withStore { store in
                guard let task = try await store.matchTask(subject) else {
                    throw MatchError(problem: .noSuchTask(subject))
                }
                return (task, try await store.matchItems(ofTask: subject))
            }
            if json {
                let object = JSON.object([
                    .init("task", MatchJSON.task(task)), .init("items", .array(items.map(MatchJSON.item))),
                ])
                return Output.write(object.bytes)
            }
            let language = Environment.language
            Output.line("\(task.task)  \(task.source)  \(MatchTexts.counts(task.states, language))")
            Output.line(MatchTables.items(items, language))
        }
    }

    struct Candidates: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "与现行药品库重新比较并列出候选 · Rank candidates of the library in force for an item.")
        @Argument(help: "条目编号 · The item.")
        var item: Int
        @Option(name: .long, help: "最多几个 · At most so many.")
        var limit = 10
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            guard (1...100).contains(limit) else {
                throw CommandError(.usage, Phrase("--limit 应在 1 到 100 之间", "--limit must be 1 … 100"))
            }
            let (candidates, drugs, others) = try await configuration.withStore { store in
                guard let found = try await store.matchItem(item) else { throw MatchError(problem: .noSuchItem(item)) }
                guard let version = try await store.publishedDrugLibrary() else {
                    throw MatchError(problem: .noLibrary)
                }
                let comparer = try await DrugComparer.load(
                    version: version, from: store, workers: configuration.pipeline.workers
                ).keeping(candidates: limit)
                let proposals = await comparer.proposals(for: [found.drug], workers: 1)
                let candidates = Array(proposals.flatMap(\.candidates).prefix(limit))
                let others = try await store.otherDecisions(likeItem: item)
                // What others decided on is a candidate too, however it is ranked.
                let codes = candidates.map(\.ypid) + others.compactMap(\.ypid)
                return (candidates, try await store.libraryDrugs(version: version, ypids: codes), others)
            }
            if json {
                let array = candidates.map { candidate in
                    let columns = drugs[candidate.ypid] ?? [:]
                    return JSON.object([
                        .init("ypid", .string(candidate.ypid)), .init("score", MatchJSON.score(candidate.score)),
                        .init("vetoes", .array(candidate.vetoes.map(JSON.string))),
                        .init(
                            "drug", .object(columns.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) })
                        ),
                    ])
                }
                return Output.write(JSON.array(array).bytes)
            }
            Output.line(Shown.table(candidates, drugs, others, Environment.language))
            if let evidence = MatchTexts.evidence(others, Environment.language) { Output.line(evidence) }
        }
    }
}

/// An item with all that speaks for and against it.
private struct Shown {
    let item: MatchItem
    let history: [MatchEvent]
    let others: [OtherDecisions]
    let library: [String: [String: String]]
    /// What is explained: the code the item is tied to, or its first candidate.
    let subject: String?
    let fields: [FieldComparison]

    init(_ item: MatchItem, _ store: PostgresStore) async throws {
        self.item = item
        history = try await store.matchHistory(item: item.item)
        others = try await store.otherDecisions(likeItem: item.item)
        subject = item.matchedYPID ?? item.candidates.first?.ypid
        let codes = item.candidates.map(\.ypid) + [subject].compactMap { $0 }
        var found: [String: [String: String]] = [:]
        var explained: [FieldComparison] = []
        if let version = item.libraryVersion, !codes.isEmpty {
            found = try await store.libraryDrugs(version: version, ypids: codes)
            if let subject, let columns = found[subject] {
                // The index of these few rows is enough to explain one of them.
                let comparer = DrugComparer(
                    drugs: found.sorted { $0.key < $1.key }.map(\.value), libraryVersion: version)
                explained = comparer.explanation(of: item.drug, ypid: subject, library: columns) ?? []
            }
        }
        library = found
        fields = explained
    }

    var json: JSON {
        .object(
            MatchJSON.members(of: item) + [
                .init("explained_ypid", MatchJSON.text(subject)), .init("fields", .array(fields.map(MatchJSON.field))),
                .init("history", .array(history.map(MatchJSON.event))),
                .init("other_institutions", .array(others.map(MatchJSON.other))),
            ])
    }

    func print(_ language: Language) {
        Output.line(
            "\(item.item)  \(item.hospitalCode ?? "-")  \(item.drug.hospitalDrugCode)  \(MatchTexts.drug(item.drug))")
        var line = item.state.phrase[language]
        if let code = item.matchedYPID { line += "  \(code)" }
        if let score = item.score { line += "  \(MatchTexts.score(score)) %" }
        line += "  " + [item.level, item.method, item.reason].compactMap { $0 }.joined(separator: " ")
        if let grade = item.equivalence { line += "  " + grade.phrase[language] }
        if let by = item.decidedBy { line += "  \(by) \(item.decidedAt?.description ?? "")" }
        Output.line(line)
        if let rows = item.rows {
            Output.line(
                Phrase("使用记录 \(rows) 行", "\(rows) rows of use")[language] + "  "
                    + FixedPoint.text(Int64(item.amount ?? 0), decimals: 2))
        }
        if !fields.isEmpty {
            var table = TextTable([
                (Phrase("项目", "field")[language], .left), (Phrase("医院", "hospital")[language], .left),
                ("\(subject ?? "")", .left), (Phrase("比较", "agreement")[language], .left),
            ])
            for field in fields {
                table.add([field.name[language], field.hospital, field.library, field.agreementName[language]])
            }
            Output.line(table.text)
        }
        if let advice = MatchTexts.advice(item) { Output.line(advice[language]) }
        if !item.candidates.isEmpty { Output.line(Shown.table(item.candidates, library, others, language)) }
        if let evidence = MatchTexts.evidence(others, language) { Output.line(evidence) }
        for event in history {
            Output.line(
                "\(event.at)  \(event.by)  \(event.action)  \(event.stateBefore.rawValue) \(event.ypidBefore ?? "") → \(event.stateAfter.rawValue) \(event.ypidAfter ?? "")  \(event.reason ?? "")"
            )
        }
    }

    static func table(
        _ candidates: [MatchCandidate], _ library: [String: [String: String]], _ others: [OtherDecisions],
        _ language: Language
    ) -> String {
        var table = TextTable([
            ("YPID", .left), (Phrase("分数", "score")[language], .right), (Phrase("药品", "drug")[language], .left),
            (Phrase("批准文号", "approval")[language], .left), (Phrase("冲突", "against")[language], .left),
            (Phrase("其他机构", "others")[language], .right),
        ])
        for candidate in candidates {
            let columns = library[candidate.ypid] ?? [:]
            let drug = [
                columns["product_name"], columns["strength"], columns["conversion_factor"].map { "×\($0)" },
                columns["manufacturer"],
            ]
            table.add([
                candidate.ypid, MatchTexts.score(candidate.score), drug.compactMap { $0 }.joined(separator: " "),
                columns["approval_number"] ?? "", candidate.vetoes.joined(separator: ", "),
                others.first { $0.ypid == candidate.ypid }.map { "\($0.count)" } ?? "",
            ])
        }
        return table.text
    }
}
