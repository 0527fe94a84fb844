import ArgumentParser
import Core
import Pipeline
import Readers
import Reports
import Store

/// `yaoce match …`: comparing hospitals' drugs with the national code, and deciding what the comparison could not.
struct MatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "match",
        abstract: "药品编码比对：任务、候选、确认、撤销 · Drug-code comparison: tasks, candidates, decisions.",
        discussion: """
            A task (YPID_yyyyMMdd_nnnnnn) is a file that was compared; an item (a number) is one drug of an institution.
            Examples:
              yaoce match template > drugs.csv
              yaoce match new drugs.csv --hospital 470010001330102111A1001
              yaoce match list --status proposed
              yaoce match show 17
              yaoce match decide 17 --ypid YP00012345 --by 李四
              yaoce match accept --min-score 95 --method exact_description --dry-run
              yaoce match report --period 2025
              yaoce match export YPID_20250731_000001 > result.csv
            """,
        subcommands: [
            Template.self, New.self, List.self, Show.self, Candidates.self, Decide.self, Accept.self, Revoke.self,
            Export.self, Import.self, Report.self,
        ])

    struct Template: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "比对模板（CSV） · The template of a comparison file.")
        @Flag(name: .long, help: "英文列名作表头 · English column names as headers; so in English in any case.")
        var english = false
        @OptionGroup var language: LanguageOptions

        func run() {
            language.apply()
            let english = english || Environment.language == .english
            let columns = DataSet.comparisonTemplate.compactMap { name in
                DataSet.comparison.position(of: name).map { DataSet.comparison.columns[$0] }
            }
            Output.write(CSVLine.byteOrderMark + CSVLine.bytes(columns.map { english ? $0.name : $0.header }))
        }
    }

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "新建比对任务 · Compare a file as a new task.",
            discussion: """
                With --hospital the institution's earlier decisions apply, and new ones are kept for its submissions.
                Without it, or with a --library that is not the one in force, the task stands alone.
                """)
        @Argument(help: "CSV 文件，列见 match template · A CSV with the columns of match template.")
        var file: String
        @Option(name: .long, help: "医疗机构代码 · Whose drugs they are.")
        var hospital: String?
        @Option(name: .long, help: "药品库版本，默认现行版本 · The library; default: the one in force.")
        var library: String?
        @OptionGroup var officer: OfficerOptions
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            let name = try officer.name()
            let read = try MatchFiles.read(file, limits: configuration.pipeline.limits)
            let task = try await configuration.withStore { store in
                let current = try await store.publishedDrugLibrary()
                guard let version = library ?? current else { throw MatchError(problem: .noLibrary) }
                let owner = version == current ? hospital : nil
                var undecided = Array(repeating: true, count: read.drugs.count)
                if let owner {
                    undecided = try await store.undecided(
                        among: read.drugs, hospitalCode: owner, libraryVersion: version)
                }
                let open = read.drugs.indices.filter { undecided[$0] }
                var proposals: [MatchProposal] = []
                if !open.isEmpty {
                    proposals = try await DrugComparer.proposals(
                        for: open.map { read.drugs[$0] }, version: version, from: store,
                        workers: configuration.pipeline.workers)
                } else if version != current {
                    // A version that does not exist is a mistake also where there is nothing to compare.
                    _ = try await store.libraryDrugs(version: version, ypids: [])
                }
                return try await store.addMatchTask(
                    source: MatchFiles.baseName(file), hospitalCode: owner, libraryVersion: version,
                    drugs: read.drugs, compared: zip(open, proposals).map { (drug: $0, proposal: $1) }, by: name,
                    at: Environment.now(), file: try ArchivedCopies.keep(file, in: configuration.pipeline))
            }
            if json { return Output.write(MatchJSON.task(task).bytes) }
            let language = Environment.language
            Output.line(task.task)
            Output.line(
                Phrase("共 \(task.total) 行：", "\(task.total) rows: ")[language]
                    + MatchTexts.counts(task.states, language))
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "列出任务，或处于某状态的条目 · List tasks, or the items in a state.",
            discussion: """
                Without --status, or with open or done: tasks. With unchecked, proposed, needs_second_reader, approved,
                ignored, no_match, invalid_target, or todo for all that wait for a person: items, first those on which most
                rows and money depend and that are in most doubt.
                """)
        @Option(name: .long, help: "任务状态 open | done，或条目状态 · A status of tasks or items.")
        var status: String?
        @Option(name: .long, help: "医疗机构代码 · Only this institution.")
        var hospital: String?
        @Option(name: .long, help: "最多几条 · At most so many items.")
        var limit = 200
        @OptionGroup var common: CommonOptions
        @Flag(name: .long, help: "以 JSON 输出 · Print JSON.")
        var json = false

        func run() async throws {
            let configuration = try common.configuration()
            switch status {
            case nil, "open", "done": try await listTasks(configuration)
            case "todo": try await listItems(in: nil, configuration)
            case let name?:
                guard let state = MatchState(rawValue: name) else {
                    let names = ["open", "done", "todo"] + MatchState.allCases.map(\.rawValue)
                    let list = names.joined(separator: ", ")
                    throw CommandError(
                        .usage, Phrase("没有状态“\(name)”，可选：\(list)", "there is no status '\(name)'; choose from \(list)"))
                }
                try await listItems(in: state, configuration)
            }
        }

        private func listTasks(_ configuration: Configuration) async throws {
            let all = try await configuration.withStore { try await $0.matchTasks() }
            let tasks = all.filter { task in
                (status == nil || (status == "done") == task.isDone)
                    && (hospital == nil || task.hospitalCode == hospital)
            }
            if json { return Output.write(JSON.array(tasks.map(MatchJSON.task)).bytes) }
            let language = Environment.language
            var table = TextTable([
                (Phrase("任务", "task")[language], .left), (Phrase("文件", "file")[language], .left),
                (Phrase("机构", "hospital")[language], .left), (Phrase("药品库", "library")[language], .left),
                (Phrase("行数", "rows")[language], .right), (Phrase("状态", "states")[language], .left),
            ])
            for task in tasks {
                table.add([
                    task.task, task.source, task.hospitalCode ?? "-", task.libraryVersion ?? "-", "\(task.total)",
                    MatchTexts.counts(task.states, language),
                ])
            }
            Output.line(table.text)
        }

        private func listItems(in state: MatchState?, _ configuration: Configuration) async throws {
            guard limit > 0 else { throw CommandError(.usage, Phrase("--limit 应大于 0", "--limit must be above 0")) }
            let items = try await configuration.withStore {
                try await $0.matchItems(in: state, hospitalCode: hospital, limit: limit)
            }
            if json { return Output.write(JSON.array(items.map(MatchJSON.item)).bytes) }
            Output.line(MatchTables.items(items, Environment.language))
        }
    }
}

/// Who decides.
struct OfficerOptions: ParsableArguments {
    @Option(name: .long, help: "经办人，默认当前用户 · Who decides; default: the user.")
    var by: String?

    func name() throws -> String {
        let name = by ?? ProcessEnvironment.variables["USER"] ?? ProcessEnvironment.variables["LOGNAME"] ?? "operator"
        guard !name.isEmpty, name != "auto" else {
            throw CommandError(.usage, Phrase("--by 不能为空，也不能是 auto", "--by cannot be blank nor 'auto'"))
        }
        return name
    }
}

/// Items as a table for people.
enum MatchTables {
    static func items(_ items: [MatchItem], _ language: Language) -> String {
        var table = TextTable([
            (Phrase("条目", "item")[language], .right), (Phrase("机构", "hospital")[language], .left),
            (Phrase("院内码", "local code")[language], .left), (Phrase("药品", "drug")[language], .left),
            (Phrase("状态", "state")[language], .left), ("YPID", .left), (Phrase("分数", "score")[language], .right),
            (Phrase("原因", "reason")[language], .left),
        ])
        for item in items {
            let code = item.matchedYPID ?? item.candidates.first.map { "? \($0.ypid)" } ?? ""
            table.add([
                "\(item.item)", item.hospitalCode ?? "-", item.drug.hospitalDrugCode, MatchTexts.drug(item.drug),
                item.state.phrase[language], code, item.score.map(MatchTexts.score) ?? "", item.reason ?? "",
            ])
        }
        return table.text
    }
}
