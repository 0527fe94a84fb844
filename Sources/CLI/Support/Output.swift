import Core
import Foundation

/// Results, on standard output.
enum Output {
    static func write(_ bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }

    static func line(_ text: String) { print(text) }

    /// A value as JSON, keys in order, with a line end.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        write(Array(try encoder.encode(value)) + [UInt8(ascii: "\n")])
    }
}

/// How far a long piece of work is, on standard error and only for a person who watches.
struct ProgressLine: Sendable {
    private let isShown = StandardError.isTerminal

    func show(_ text: String) {
        guard isShown else { return }
        StandardError.write("\r\u{1B}[2K\(text)")
    }

    func clear() {
        guard isShown else { return }
        StandardError.write("\r\u{1B}[2K")
    }
}

/// The names of stages for people.
enum StageNames {
    static func phrase(_ stage: Stage) -> Phrase {
        switch stage {
        case .receive: Phrase("接收", "receive")
        case .compare: Phrase("编码比对", "compare")
        case .precheck: Phrase("入库前检查", "precheck")
        case .load: Phrase("入库", "load")
        case .postcheck: Phrase("入库后检查", "postcheck")
        case .report: Phrase("报告", "report")
        }
    }
}

/// Words for verdicts.
enum VerdictNames {
    static func phrase(_ verdict: Verdict?) -> Phrase {
        switch verdict {
        case .passed: Phrase("通过", "passed")
        case .passedWithWarnings: Phrase("通过（有提示）", "passed with warnings")
        case .partlyLoaded: Phrase("部分入库", "partly loaded")
        case .returned: Phrase("退回", "returned")
        case nil: Phrase("处理中", "in progress")
        }
    }
}
