internal import Core
internal import Glibc
internal import Synchronization

/// Which submissions are being read at the moment, as files in the work folder: those left by a process that died name the
/// ones that may have killed it.
///
/// A suspect is read alone by the next run, so that the next death leaves no doubt. After three crashes, or ten deaths of
/// which nobody knows whether they were crashes (a power cut is none, running out of memory is one), it is set aside.
struct ReadingMarks: Sendable {
    /// What is known against a submission.
    struct Suspicion {
        var submission: SubmissionID
        /// Deaths by a signal that only a fault of the program sends.
        var crashes: Int
        /// Other deaths.
        var deaths: Int

        var isConvicted: Bool { crashes >= 3 || deaths >= 10 }
    }

    let folder: String
    let stage: Stage
    private let spares: SpareMarks

    init(_ settings: PipelineSettings, _ stage: Stage) {
        folder = settings.work
        self.stage = stage
        spares = SpareMarks(folder: settings.work)
    }

    private var ending: String { ".\(stage.rawValue).reading" }
    private var crashed: String { "\(folder)/crashed.\(stage.rawValue)" }

    private func path(_ submission: SubmissionID) -> String { "\(folder)/\(submission)\(ending)" }

    /// Does something to a submission that could end the process.
    func reading<Value>(_ submission: SubmissionID, _ body: () throws -> Value) throws -> Value {
        let path = path(submission)
        guard !FileSystem.exists(path) else {
            let value = Result { try body() }
            try FileSystem.remove(path)
            return try value.get()
        }
        if !spares.become(path) { try FileSystem.append(Array("0 0".utf8), to: path, isDurable: false) }
        let value = Result { try body() }
        try spares.keep(path)
        return try value.get()
    }

    /// What processes that died left; counted once.
    func suspects() throws -> [Suspicion] {
        guard FileSystem.exists(folder) else { return [] }
        let names = try FileSystem.entries(of: folder).filter(\.isReadable).map(\.name)
        let crashed = !FileSystem.smallText(crashed).isEmpty
        var found: [Suspicion] = []
        for name in names where SpareMarks.isOne(name) { try FileSystem.remove("\(folder)/\(name)") }
        for name in names where name.hasSuffix(ending) {
            guard let number = Int(name.dropLast(ending.count)) else { continue }
            let submission = SubmissionID(number)
            let text = FileSystem.smallText("\(folder)/\(name)")
            let counts = text.split(separator: " ").compactMap { Int($0) }
            let (crashes, deaths) = counts.count == 2 ? (counts[0], counts[1]) : (0, 0)
            let suspicion = Suspicion(
                submission: submission, crashes: crashes + (crashed ? 1 : 0), deaths: deaths + (crashed ? 0 : 1))
            try FileSystem.replace(path(submission), with: Array("\(suspicion.crashes) \(suspicion.deaths)".utf8))
            found.append(suspicion)
        }
        return found.sorted { $0.submission < $1.submission }
    }

    /// Forgets what is known against a submission.
    func acquit(_ submission: SubmissionID) throws { try FileSystem.remove(path(submission)) }

    /// From now on, until `end`, a crash leaves a word.
    func begin() throws { try CrashLog.open(crashed) }

    /// The end of what could crash.
    func end() {
        CrashLog.close()
        _ = try? FileSystem.remove(crashed)
    }
}

/// Marks that name nothing at the moment: to rename one is much less work for a file system than to make and remove one
/// for each of thousands of submissions.
private final class SpareMarks: Sendable {
    private static let prefix = "spare.reading."

    private let folder: String
    private let state = Mutex<(paths: [String], made: Int)>(([], 0))

    init(folder: String) { self.folder = folder }

    deinit { for path in state.withLock(\.paths) { _ = try? FileSystem.remove(path) } }

    /// Whether a file of a folder is a spare mark: one that is found when a stage begins was left by a process that died.
    static func isOne(_ name: String) -> Bool { name.hasPrefix(prefix) }

    /// Makes a spare the mark at a path; `false` where there is none, or somebody took it away.
    func become(_ path: String) -> Bool {
        guard let spare = state.withLock({ $0.paths.popLast() }) else { return false }
        do {
            try FileSystem.rename(spare, to: path)
            return true
        } catch {
            return false
        }
    }

    /// Takes a mark that is done with.
    func keep(_ path: String) throws(FileSystemError) {
        let number = state.withLock { state in
            state.made += 1
            return state.made
        }
        let own = unsafe UInt(bitPattern: Unmanaged.passUnretained(self).toOpaque())
        let spare = "\(folder)/\(SpareMarks.prefix)\(getpid()).\(own).\(number)"
        try FileSystem.rename(path, to: spare)
        state.withLock { $0.paths.append(spare) }
    }
}

/// Notes that the process crashed, from within the crash.
enum CrashLog {
    /// Read in a signal handler, so it is a plain number.
    nonisolated(unsafe) private static var descriptor: Int32 = -1

    private static let signals = [SIGILL, SIGTRAP, SIGABRT, SIGFPE, SIGBUS, SIGSEGV]

    /// From now on a crash leaves a word in a file.
    static func open(_ path: String) throws(FileSystemError) {
        try FileSystem.remove(path)
        close()
        unsafe descriptor = try FileSystem.openForAppending(path)
        for number in signals {
            signal(number) { number in
                // Nothing but calls that are allowed here: say it, then die of what it was.
                var word: UInt8 = 0x43
                _ = unsafe write(CrashLog.descriptor, &word, 1)
                signal(number, SIG_DFL)
                raise(number)
            }
        }
    }

    /// The end of what could crash.
    static func close() {
        guard unsafe descriptor >= 0 else { return }
        for number in signals { signal(number, SIG_DFL) }
        _ = unsafe Glibc.close(descriptor)
        unsafe descriptor = -1
    }
}
