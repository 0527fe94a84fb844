import Foundation
public import Rules

/// The rules of the repository.
public enum TestRules {
    /// Their files.
    public static func files() throws -> [RuleBook.File] {
        let root = "\(Repository.path)/Rules"
        let walk = FileManager.default.enumerator(atPath: root)
        let names = (walk?.compactMap { $0 as? String } ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
        return try names.map {
            RuleBook.File(name: $0, text: try String(contentsOfFile: "\(root)/\($0)", encoding: .utf8))
        }
    }

    /// Read once.
    public static let book: Result<RuleBook, any Error> = Result { try RuleBook(files: try files()) }
}
