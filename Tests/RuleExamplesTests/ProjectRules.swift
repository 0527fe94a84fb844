import Foundation
import RuleExamples
import Rules

/// The rule folder of the project.
enum ProjectRules {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Rules").standardized

    static func files() throws -> [RuleBook.File] {
        try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".yaml") }.sorted().map {
            RuleBook.File(name: $0, text: try String(contentsOf: folder.appending(path: $0), encoding: .utf8))
        }
    }

    static func suite() throws -> RuleExampleSuite {
        let files = try files()
        return try RuleExampleSuite(rules: RuleBook(files: files), files: files)
    }
}

/// A rule folder with one rule, small enough to be written in a test.
struct SmallFolder {
    var rule = """
        stage: precheck
        group: C
        author: yaoce
        since: 2025-01-01
        title: {zh: 类型, en: Types}
        rules:
          - id: C19
            severity: error
            dimension: record
            tables: [catalogue]
            reason: {zh: 理由, en: a reason}
            title: {zh: 系数, en: Factor}
            message: {zh: "系数 ${value}", en: "factor ${value}"}
            remedy: {zh: 改, en: mend}

        """
    var examples = """
        examples:
          C19:
            - fails: {catalogue: {conversion_factor: "0"}}
            - passes: {catalogue: {conversion_factor: "1"}}

        """

    var files: [RuleBook.File] {
        [
            RuleBook.File(name: "precheck/C.yaml", text: rule),
            RuleBook.File(name: "examples/C.yaml", text: examples),
        ]
    }

    func suite() throws -> RuleExampleSuite { try RuleExampleSuite(rules: RuleBook(files: files), files: files) }
}
