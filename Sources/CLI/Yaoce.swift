import ArgumentParser
import Core
import Foundation

/// `yaoce`: what operators, hospitals and scripts call. A command parses, calls one function of another target, prints,
/// and picks an exit status.
@main
struct Yaoce: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "yaoce",
        abstract: "药品使用监测：接收、检查、入库、报告 · Drug-use monitoring: receive, check, load, report.",
        discussion: """
            Examples:
              yaoce init /srv/yaoce                     write a configuration and the folders
              yaoce db start                            start the embedded PostgreSQL
              yaoce library import institutions FILE --version v2026.1 --publish
              yaoce run                                 the nightly job
              yaoce validate 2025/*.csv                 what a hospital runs before it sends

            Exit codes: 0 done · 1 something could not be processed · 2 wrong usage or configuration ·
            3 findings at or above --fail-on · 75 try later (database away, another run holds the lock)
            """,
        version: "yaoce 1.0.0",
        subcommands: [
            InitCommand.self, DoctorCommand.self, DatabaseCommand.self, LibraryCommand.self, RunCommand.self,
            ReceiveCommand.self, CompareCommand.self, PrecheckCommand.self, LoadCommand.self, PostcheckCommand.self,
            ReportCommand.self, ValidateCommand.self, InspectCommand.self, NormalizeCommand.self, StatusCommand.self,
            SubmissionCommand.self, PeriodCommand.self, MatchCommand.self, RulesCommand.self, SampleCommand.self,
            WorkerCommand.self, RebuildCommand.self,
        ])

    static func main() async {
        // A reader that goes away (`yaoce … | head`) is no accident.
        signal(SIGPIPE, SIG_DFL)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ExitStatus.leave(error, Yaoce.self)
        }
    }
}
