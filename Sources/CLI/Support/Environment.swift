import Core
import Foundation
import Synchronization

/// What the process was started in: language, time.
enum Environment {
    private static let chosen = Mutex<Language?>(nil)

    /// Decides the language for everything that follows.
    static func choose(_ language: Language?) {
        guard let language else { return }
        chosen.withLock { $0 = language }
    }

    /// The language of `--lang`, else of the locale.
    static var language: Language { chosen.withLock { $0 } ?? ofLocale }

    private static var ofLocale: Language {
        let variables = ProcessInfo.processInfo.environment
        let name = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { variables[$0] }.first { !$0.isEmpty }
        return Language(locale: name ?? "")
    }

    /// What time it is. `YAOCE_NOW` (microseconds since the Unix epoch) takes its place in tests of reports.
    static let now: @Sendable () -> Timestamp = {
        if let text = ProcessInfo.processInfo.environment["YAOCE_NOW"], let fixed = Int64(text) {
            return Timestamp(microseconds: fixed)
        }
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

/// The variables of the process.
enum ProcessEnvironment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
