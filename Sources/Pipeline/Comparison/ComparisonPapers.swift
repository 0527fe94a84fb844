internal import Core
internal import Reports
internal import Synchronization

/// The comparison's report of a period in the folder of reports: page, JSON, a row for each institution, and a row for
/// each drug that changed. Writing it again replaces it.
struct ComparisonPapers {
    let context: StageContext
    /// Whose session is asked.
    let store: any SubmissionStore

    func write(_ period: Period) async throws {
        let report = try await store.comparisonReport(of: period, hospitalCode: nil)
        let folder = context.settings.reports
        try FileSystem.makeFolder(folder)
        let name = "\(folder)/comparison-\(period)"
        let page = ComparisonPage(report, index: "index.html")
        try FileSystem.replace("\(name).html", with: page.html(context.settings.language))
        try FileSystem.replace("\(name).json", with: ComparisonFiles.json(report).bytes)
        try FileSystem.replace("\(name).csv", with: ComparisonFiles.csv(report))
        guard report.institutions.contains(where: { $0.previous != nil }) else { return }
        let list = Mutex(try OutputFile("\(name)-changes.csv"))
        try list.withLock { try $0.write(ComparisonFiles.changesHeader) }
        try await store.forEachCatalogueChange(of: period, hospitalCode: nil) { change in
            try list.withLock { try $0.write(ComparisonFiles.row(change)) }
        }
        try list.withLock { try $0.close() }
    }
}
