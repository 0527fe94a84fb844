import Foundation
import Testing

@testable import Matching

/// The real pairs, where they are at hand; they may not be copied into the repository.
struct KnownPairsTests {
    /// The folder beside the repository, or one further up; none where there is none, and then there is no case.
    private static let folders: [URL] = {
        let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return ["../shared/data", "../../shared/data"].map { repository.appending(path: $0).standardizedFileURL }
            .filter { FileManager.default.fileExists(atPath: $0.appending(path: "standard.csv.gz").path) }
    }()

    @Test(.timeLimit(.minutes(5)), arguments: folders)
    func `what is decided alone on real pairs is right`(folder: URL) throws {
        var builder = LibraryIndexBuilder()
        for row in try rows(folder, "standard.csv.gz") {
            builder.add(
                LibraryDrug(
                    ypid: row["std_key"] ?? "", approvalNumber: row["approval_number"],
                    productName: row["product_name"] ?? "", manufacturer: row["maker"],
                    dosageForm: row["dosage_form"], strength: row["spec"]))
        }
        let matcher = Matcher(index: builder.build())
        var workspace = MatchWorkspace(for: matcher.index)
        var (decided, right, known, absentDecided) = (0, 0, 0, 0)
        for row in try rows(folder, "pairs-open.csv.gz") {
            let drug = LocalDrug(
                approvalNumber: row["approval_number"], genericName: row["local_alias"],
                productName: row["local_name"] ?? "", manufacturer: row["local_maker"],
                dosageForm: row["local_form"], strength: row["local_spec"])
            let result = matcher.compare(drug, using: &workspace)
            let expected = row["expected_standard_key"] ?? ""
            if expected == "NONE" {
                absentDecided += result.ypid == nil ? 0 : 1
                continue
            }
            known += 1
            guard let code = result.ypid else { continue }
            decided += 1
            if code == expected || matcher.index.areIndistinguishable(code, expected) { right += 1 }
        }
        #expect(absentDecided == 0)
        #expect(decided * 100 >= known * 85)
        #expect((decided - right) * 1_000 <= decided * 2)
    }

    private func rows(_ folder: URL, _ name: String) throws -> [[String: String]] {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gunzip")
        process.arguments = ["-c", folder.appending(path: name).path]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        var lines = text.split(separator: "\n").map(cells)
        let header = lines.removeFirst()
        return lines.map { cells in
            Dictionary(zip(header, cells)) { first, _ in first }.filter { !$0.value.isEmpty }
        }
    }

    /// The cells of a line; none of these files has a line break in a cell.
    private func cells(_ line: Substring) -> [String] {
        var cells: [String] = [""]
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                cells.append("")
            } else {
                cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}
