import Core
import Foundation
import Glibc
import Reports
import Testing

/// A real browser reads the pages: what it makes of a hostile value counts, not what a parser of our own would.
@Suite(.enabled(if: Browser.path != nil, "needs chromium in PATH"), .serialized)
struct PagesInBrowserTests {
    @Test func `hostile values do not become elements in a browser`() throws {
        var random = SeededGenerator(seed: 7)
        var page = Hostile.receipt(&random).html(.chinese)
        for _ in 0..<5 { page += Hostile.receipt(&random).html(.chinese) }
        let document = try Browser.document(of: page)
        #expect(document.contains("<h1>"))
        for start in ["<script", "<img", "<svg onload", "<svg/", "<iframe", "<b onmouseover"] {
            #expect(!document.contains(start), "\(start) became an element")
        }
        #expect(!document.contains("<title>owned"))
    }

    @Test func `the officers' lists run their one script and nobody else's`() throws {
        var summary = ViolationExamples.summary
        summary.submissions[0].name = "<script>document.title='owned'</script>"
        summary.submissions[1].city = "\"><img src=x onerror=\"document.title='owned'\">"
        let document = try Browser.document(of: ViolationExamples.report(summary).institutions(.chinese))
        // The field is hidden until the script has run: the browser knew it by its hash.
        #expect(document.contains("<p class=\"filter\" id=\"filter\"><label>"))
        #expect(!document.contains("<img") && !document.contains("<title>owned"))
        #expect(document.components(separatedBy: "<script").count == 2)
    }

    @Test(arguments: Language.allCases)
    func `a receipt prints on pages of A4`(language: Language) throws {
        let pdf = try Browser.print(Examples.receipt().html(language))
        #expect(pdf.starts(with: Array("%PDF-".utf8)))
        let text = String(decoding: pdf, as: UTF8.self)
        let pages = text.components(separatedBy: "/Type /Page\n").count - 1
        #expect(pages >= 2)
        #expect(text.contains("/MediaBox [0 0 594.95996 841.91998]") || text.contains("/MediaBox [0 0 595"))
    }
}

private enum Browser {
    static let path: String? = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
        .flatMap { folder in ["chromium", "chromium-browser", "google-chrome"].map { "\(folder)/\($0)" } }
        .first { FileManager.default.isExecutableFile(atPath: $0) }

    /// The document after parsing, as the browser writes it out.
    static func document(of page: [UInt8]) throws -> String {
        try withPage(page) { file, folder in
            String(decoding: try run(["--dump-dom", file], in: folder), as: UTF8.self)
        }
    }

    static func print(_ page: [UInt8]) throws -> [UInt8] {
        try withPage(page) { file, folder in
            let pdf = folder.appending(path: "page.pdf")
            _ = try run(["--no-pdf-header-footer", "--print-to-pdf=\(pdf.path)", file], in: folder)
            return Array(try Data(contentsOf: pdf))
        }
    }

    private static func withPage<Result>(_ page: [UInt8], _ body: (String, URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appending(path: "yaoce-page-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { remove(folder) }
        let file = folder.appending(path: "page.html")
        try Data(page).write(to: file)
        return try body(file.absoluteString, folder)
    }

    /// Children of the browser may outlive it for a moment and still write into its profile.
    private static func remove(_ folder: URL) {
        for _ in 0..<100 {
            try? FileManager.default.removeItem(at: folder)
            if !FileManager.default.fileExists(atPath: folder.path) { return }
            usleep(50_000)
        }
        Issue.record("\(folder.path) could not be removed")
    }

    private static func run(_ arguments: [String], in folder: URL) throws -> Data {
        let process = Process()
        process.executableURL = URL(filePath: path ?? "chromium")
        // Chromium refuses its sandbox to root; the page is ours and may fetch nothing.
        process.arguments =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                "--user-data-dir=\(folder.path)/profile",
            ]
            + arguments
        var environment = ProcessInfo.processInfo.environment
        environment["HOME"] = folder.path
        process.environment = environment
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return data
    }
}
