import ArgumentParser
import Core
import Foundation
import Pipeline
import Postgres
import Rules
import Store

/// The exit codes of the contract.
enum ExitStatus: Int32, Error {
    /// Done; what the data was like does not change it.
    case done = 0
    /// Something could not be processed, the rest was.
    case incomplete = 1
    /// Wrong usage or configuration.
    case usage = 2
    /// Findings at or above `--fail-on`.
    case findings = 3
    /// The database cannot be reached, or another run holds the lock.
    case tryLater = 75

    /// Says what went wrong on standard error and ends the process. The one place that turns the argument parser's own
    /// codes into ours.
    static func leave(_ error: any Error, _ root: any ParsableCommand.Type) -> Never {
        if let status = error as? ExitStatus { exit(status.rawValue) }
        if let (status, message) = described(error) {
            StandardError.write("yaoce: \(message)\n")
            exit(status.rawValue)
        }
        let code = root.exitCode(for: error).rawValue
        let text = root.fullMessage(for: error)
        if code == 0 {
            print(text)
            exit(0)
        }
        StandardError.write(text + "\n")
        exit(ExitStatus.usage.rawValue)
    }

    /// Errors of other targets: which status they mean, and what to say.
    private static func described(_ error: any Error) -> (ExitStatus, String)? {
        let language = Environment.language
        switch error {
        case let error as CommandError: return (error.status, error.phrase[language])
        case let error as ConfigurationError: return (.usage, error.description)
        case let error as RuleFolderError:
            let head = Phrase("规则文件有错误：", "the rules have mistakes:")[language]
            return (.usage, "\(head)\n\(error.description)")
        case is NightlyRun.Refusal:
            return (
                .tryLater,
                Phrase("另一个运行正在进行，请稍后再试", "another run holds the lock; try again later")[language]
            )
        case let error as PostgresError where error.isUnavailable:
            let head = Phrase(
                "无法连接数据库，请稍后再试（内置数据库：yaoce db start）",
                "the database cannot be reached; try again later (embedded database: yaoce db start)")[language]
            return (.tryLater, "\(head)\n  \(error)")
        case let error as LedgerError: return (.incomplete, error.phrase[language])
        case let error as LedgerFileError: return (.incomplete, error.phrase[language])
        case let error as ArchiveRebuild.Refusal: return (.incomplete, error.phrase[language])
        case let error as MigrationError: return (.usage, error.phrase[language])
        case let error as ClusterError: return (.incomplete, error.phrase[language])
        case let error as StoreError: return (.incomplete, error.phrase[language])
        case let error as LibraryError: return (.incomplete, error.phrase[language])
        case let error as MatchError: return (error.isUsage ? .usage : .incomplete, error.phrase[language])
        case is CleanExit, is ValidationError, is ExitCode: return nil
        default:
            // The parser's own errors have no public type; ours are all above.
            return String(reflecting: type(of: error)).hasPrefix("ArgumentParser.") ? nil : (.incomplete, "\(error)")
        }
    }
}

/// What a command refuses to do, in both languages.
struct CommandError: Error {
    var status: ExitStatus
    var phrase: Phrase

    init(_ status: ExitStatus, _ phrase: Phrase) {
        self.status = status
        self.phrase = phrase
    }
}

/// Standard error, unbuffered.
enum StandardError {
    static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }

    /// Whether a person is watching.
    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
