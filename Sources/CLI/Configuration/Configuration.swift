import Core
import Foundation
import Pipeline
import Readers

/// What `yaoce.yaml` and the environment say, all paths absolute.
struct Configuration: Sendable {
    /// The PostgreSQL to use; empty for the embedded cluster.
    var databaseURL = ""
    /// The folder of the embedded cluster.
    var databaseFolder: String
    /// The folders and what the operator decided.
    var pipeline: PipelineSettings
    /// The folder of the rules; `nil` for those that came with the program.
    var rulesFolder: String?
    /// The least weight of lines in the log.
    var logLevel = "notice"
    /// When nights begin.
    var timetable = Timetable(minutes: 90)
    /// The language of commands; `nil` for that of the locale.
    var language: Language?
    /// The file it came from.
    var file: String

    /// The defaults, relative to the folder of a configuration file.
    init(file: String) {
        self.file = file
        let folder = URL(fileURLWithPath: file).deletingLastPathComponent().standardizedFileURL.path
        databaseFolder = "\(folder)/data/postgres"
        pipeline = PipelineSettings(
            inbox: "\(folder)/inbox", archive: "\(folder)/archive", work: "\(folder)/data/work",
            outbox: "\(folder)/outbox", reports: "\(folder)/reports")
    }
}

/// Every mistake in a configuration, each with its place.
struct ConfigurationError: Error, CustomStringConvertible {
    var problems: [String]

    var description: String { problems.joined(separator: "\n") }
}
