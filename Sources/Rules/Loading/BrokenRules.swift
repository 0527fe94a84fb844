public import Core
internal import Foundation

extension RuleBook {
    /// Reads a rule folder and leaves out every entry that has a mistake.
    ///
    /// - Throws: mistakes that no single entry has, such as a file that is not YAML.
    public static func skippingBroken(_ files: [File]) throws(RuleFolderError) -> RuleBook {
        var files = files
        var leftOut: [LeftOutRule] = []
        // A threshold that is taken away may break the rules that name it, so this goes on until nothing is wrong.
        while true {
            do throws(RuleFolderError) {
                var book = try RuleBook(files: files, leftOut: Set(leftOut.compactMap(\.rule)))
                book.leftOut = leftOut
                book.hash = RuleSetName.leaving(leftOut.map(\.name), outOf: book.hash)
                return book
            } catch {
                var broken: [Int: [Range<Int>]] = [:]
                for problem in error.problems {
                    guard let place = ProblemPlace(problem),
                        let index = files.firstIndex(where: { $0.name == place.file }),
                        let lines = files[index].entry(around: place.line)
                    else { throw error }
                    guard !(broken[index] ?? []).contains(lines) else { continue }
                    broken[index, default: []].append(lines)
                    let rule = files[index].rule(in: lines)
                    leftOut.append(LeftOutRule(name: rule?.rawValue ?? place.file, problem: problem))
                }
                guard !broken.isEmpty else { throw error }
                for (index, entries) in broken {
                    for lines in entries { files[index].blank(lines) }
                }
            }
        }
    }

    /// Rules that were left out and of which nothing is said. What a row or a file cannot be loaded without is said all
    /// the same, under its bare id and as an error: a mistake in a rule file must not let a broken cell pass as 0.
    public var silent: Set<RuleID> {
        Set(leftOut.compactMap(\.rule)).subtracting(RuleBook.guards).filter { !$0.rawValue.hasPrefix("A") }
    }

    private static let guards: Set<RuleID> = ["B01", "B03", "C01", "C12", "C15", "C16", "C33", "C34"]
}

/// The file and line at the start of a mistake.
private struct ProblemPlace {
    var file: String
    var line: Int

    init?(_ problem: String) {
        let parts = problem.split(separator: ":", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, let line = Int(parts[1]) else { return nil }
        file = String(parts[0])
        self.line = line
    }
}

extension RuleBook.File {
    private var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The lines, from 0, of the list entry that a line (from 1) stands in; `nil` where it stands in none.
    fileprivate func entry(around line: Int) -> Range<Int>? {
        let lines = lines
        guard let depth = lines.lazy.compactMap({ RuleBook.File.dash($0) }).first else { return nil }
        let starts = lines.indices.filter { RuleBook.File.dash(lines[$0]) == depth }
        guard let start = starts.last(where: { $0 < line }) else { return nil }
        return start..<(starts.first { $0 > start } ?? lines.count)
    }

    /// How far the dash of a list entry is from the margin; `nil` where the line begins no entry.
    private static func dash(_ line: Substring) -> Int? {
        let indent = line.prefix { $0 == " " }.count
        return line.dropFirst(indent).hasPrefix("- ") ? indent : nil
    }

    fileprivate func rule(in lines: Range<Int>) -> RuleID? {
        for line in self.lines[lines] {
            guard let range = line.range(of: "id: ") else { continue }
            let id = line[range.upperBound...].prefix { $0.isLetter || $0.isNumber }
            return id.count == 3 ? RuleID(String(id)) : nil
        }
        return nil
    }

    /// Takes lines away; the others keep their numbers.
    fileprivate mutating func blank(_ range: Range<Int>) {
        var lines = lines
        for index in range { lines[index] = "" }
        // A list without an entry would be no list.
        text = lines.joined(separator: "\n")
        if lines.lazy.compactMap({ RuleBook.File.dash($0) }).first == nil {
            text = text.replacing("rules:\n", with: "rules: []\n")
                .replacing("thresholds:\n", with: "thresholds: []\n")
        }
    }
}
