import Glibc
import Postgres

/// A PostgreSQL server of Yaoce's own: its data in one folder, reached by a unix socket only, no TCP.
///
/// Whoever may enter the socket's folder is trusted; the folder belongs to the user that runs the server and is closed
/// to everybody else (root passes). The server outlives the program that started it.
public struct EmbeddedCluster: Sendable {
    /// The cluster's folder, absolute.
    public let folder: String
    /// The database that `url` names.
    public let database: String
    /// Settings that go into the server's configuration behind Yaoce's own.
    public let settings: [String: String]

    /// A cluster in a folder, which need not exist yet.
    public init(folder: String, database: String = "yaoce", settings: [String: String] = [:]) {
        var path = folder
        if !path.hasPrefix("/"), let current = FileSystem.absolute(".") { path = "\(current)/\(path)" }
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.folder = FileSystem.absolute(path) ?? path
        self.database = database
        self.settings = settings
    }

    /// Whether PostgreSQL's server programs are installed on this machine.
    public static var isInstalled: Bool { ServerPrograms.find(version: nil) != nil }

    private static let superuser = "yaoce"
    private static let port = 5432

    var dataFolder: String { "\(folder)/data" }

    /// Where the socket is: in the cluster's folder, or under /tmp where that path is too long for a socket (107 bytes).
    public var socketFolder: String {
        let own = "\(folder)/socket"
        guard "\(own)/.s.PGSQL.\(EmbeddedCluster.port).lock".utf8.count > 107 else { return own }
        // FNV-1a: the same folder always has the same short name.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in folder.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return "/tmp/yaoce-\(String(hash, radix: 16))"
    }

    /// The URL of the cluster's database.
    public var url: String { url(database: database) }

    /// The URL of a database of the cluster.
    public func url(database: String) -> String {
        let host = socketFolder.utf8.map { byte -> String in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "/"):
                return String(UnicodeScalar(byte))
            default:
                return "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }.joined()
        return "postgresql://\(EmbeddedCluster.superuser)@/\(database)?host=\(host)&port=\(EmbeddedCluster.port)"
    }

    /// Whether a server runs on the data folder.
    public var isRunning: Bool {
        guard let text = FileSystem.text(at: "\(dataFolder)/postmaster.pid", limit: 64),
            let number = text.split(separator: "\n").first.flatMap({ pid_t($0) })
        else { return false }
        // The file outlives a server that was killed, and its number may be another program's by now.
        guard kill(number, 0) == 0 || errno == EPERM else { return false }
        return FileSystem.text(at: "/proc/\(number)/cmdline", limit: 4096)?.contains("postgres") ?? true
    }

    /// Starts the server, making the cluster and its database where there are none. Does nothing where it runs.
    public func start() async throws {
        let lock = try prepareFolder()
        defer { close(lock) }
        let user = try ServerUser.choose(folder: folder)
        try own(folder, by: user)
        try checkReach(user)
        let version = FileSystem.text(at: "\(dataFolder)/PG_VERSION", limit: 16).map {
            String($0.prefix { $0 != "\n" })
        }
        guard let programs = ServerPrograms.find(version: version) else {
            throw ClusterError(problem: .noServer(version: version), folder: folder)
        }
        if version == nil { try initialise(programs, user) }
        try prepareSocket(user)
        if !isRunning {
            try writeSettings(programs, user)
            try run(
                programs, user,
                ["pg_ctl", "start", "-D", dataFolder, "-l", "\(folder)/server.log", "-w", "-t", "120", "-s"])
        }
        try await makeDatabase()
    }

    /// Stops the server and waits until it has. Does nothing where none runs.
    public func stop() throws(ClusterError) {
        guard FileSystem.exists(dataFolder), isRunning else { return }
        let user = try ServerUser.choose(folder: folder)
        let version = FileSystem.text(at: "\(dataFolder)/PG_VERSION", limit: 16).map {
            String($0.prefix { $0 != "\n" })
        }
        guard let programs = ServerPrograms.find(version: version) else {
            throw ClusterError(problem: .noServer(version: version), folder: folder)
        }
        try run(programs, user, ["pg_ctl", "stop", "-D", dataFolder, "-m", "fast", "-w", "-t", "120", "-s"])
    }

    // MARK: Steps

    /// Makes the folder and takes its lock, so that two starts at once do not make two clusters.
    private func prepareFolder() throws(ClusterError) -> Int32 {
        if let code = FileSystem.makeFolder(folder, mode: 0o700) { throw folderError(code) }
        let lock = unsafe open("\(folder)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw folderError(errno) }
        while flock(lock, LOCK_EX) != 0 {
            guard errno == EINTR else { throw folderError(errno) }
        }
        return lock
    }

    private func folderError(_ code: Int32) -> ClusterError {
        ClusterError(problem: .folder(FileSystem.message(code)), folder: folder)
    }

    private func own(_ path: String, by user: ServerUser) throws(ClusterError) {
        guard !user.prefix.isEmpty else { return }
        guard unsafe lchown(path, user.user, user.group) == 0 else { throw folderError(errno) }
    }

    /// A folder below one that only root may pass is of no use to another user.
    private func checkReach(_ user: ServerUser) throws(ClusterError) {
        guard !user.prefix.isEmpty else { return }
        let transcript = "\(folder)/.output"
        let test = ChildProcess.run(user.prefix + ["/usr/bin/test", "-x", folder], in: "/", transcript: transcript)
        guard test?.status == 0 else { throw ClusterError(problem: .unreachable(user: user.name), folder: folder) }
    }

    /// Makes the data folder beside its place and then moves it there, so that an interrupted start leaves no half one.
    private func initialise(_ programs: ServerPrograms, _ user: ServerUser) throws(ClusterError) {
        let fresh = "\(folder)/data.new"
        _ = ChildProcess.run(["/bin/rm", "-rf", fresh], in: "/", transcript: "\(folder)/.output")
        try run(
            programs, user,
            [
                "initdb", "-D", fresh, "-U", EmbeddedCluster.superuser, "--locale=C.UTF-8", "--encoding=UTF8",
                // The same order as that of C.UTF-8, byte by byte, without asking the C library for each comparison: sorting
                // and filling indexes is quicker, and no index depends on a version of that library.
                "--lc-collate=C",
                "--auth-local=trust", "--auth-host=reject", "--data-checksums", "--no-instructions",
            ])
        let own = "include = 'yaoce.conf'\n"
        let configuration = "\(fresh)/postgresql.conf"
        guard let text = FileSystem.text(at: configuration, limit: 1 << 20) else { throw folderError(errno) }
        if let code = FileSystem.write(text + "\n" + own, to: configuration, mode: 0o600) { throw folderError(code) }
        guard unsafe rename(fresh, dataFolder) == 0 else { throw folderError(errno) }
    }

    private func prepareSocket(_ user: ServerUser) throws(ClusterError) {
        let path = socketFolder
        if let code = FileSystem.makeFolder(path, mode: 0o700) { throw folderError(code) }
        if path.hasPrefix(folder) { try own(path, by: user) }
        guard let found = FileSystem.folderOwner(path), found.user == user.user || found.user == geteuid() else {
            throw ClusterError(problem: .socketFolder(path), folder: folder)
        }
        try own(path, by: user)
        guard unsafe chmod(path, 0o700) == 0 else { throw folderError(errno) }
    }

    /// Settings for loading much in few transactions. Statements and their values stay out of the server's log.
    private func writeSettings(_ programs: ServerPrograms, _ user: ServerUser) throws(ClusterError) {
        var lines = [
            "listen_addresses = ''", "port = \(EmbeddedCluster.port)",
            "unix_socket_directories = '\(quoted(socketFolder))'",
            "unix_socket_permissions = 0700", "max_connections = 50", "shared_buffers = 256MB", "work_mem = 32MB",
            "maintenance_work_mem = 128MB", "wal_level = minimal", "max_wal_senders = 0",
            "wal_compression = \(walCompression(programs, user))",
            "max_wal_size = 4GB", "checkpoint_timeout = 30min", "synchronous_commit = on", "jit = off",
            "max_parallel_workers_per_gather = \(helpers)", "timezone = 'Asia/Shanghai'",
            "log_timezone = 'Asia/Shanghai'", "log_min_error_statement = panic",
            "log_error_verbosity = terse", "log_parameter_max_length = 0", "log_checkpoints = off",
        ]
        lines += settings.sorted { $0.key < $1.key }.map { "\($0.key) = '\(quoted($0.value))'" }
        let path = "\(dataFolder)/yaoce.conf"
        let text = "# Written by yaoce at each start.\n" + lines.joined(separator: "\n") + "\n"
        if let code = FileSystem.write(text, to: path, mode: 0o600) { throw folderError(code) }
        try own(path, by: user)
    }

    /// How many processes may help a statement: more of them than there are processors beside it only get in each other's way,
    /// and more than PostgreSQL itself would take were never tried.
    private var helpers: Int { min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)) - 1, 1), 2) }

    /// What was loaded is read for the first time by postcheck, and every page of it is then written to the log once more:
    /// with the old compression that takes half as long as the load. Not every server was built with the new one.
    private func walCompression(_ programs: ServerPrograms, _ user: ServerUser) -> String {
        let question = [
            "\(programs.folder)/postgres", "-C", "wal_compression", "-D", dataFolder, "-c", "config_file=/dev/null",
            "-c",
            "wal_compression=lz4",
        ]
        let child = ChildProcess.run(user.prefix + question, in: folder, transcript: "\(folder)/.output")
        return child?.status == 0 ? "lz4" : "on"
    }

    private func quoted(_ text: String) -> String {
        text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
    }

    private func run(_ programs: ServerPrograms, _ user: ServerUser, _ command: [String]) throws(ClusterError) {
        let arguments = user.prefix + ["\(programs.folder)/\(command[0])"] + command.dropFirst()
        let child = ChildProcess.run(arguments, in: folder, transcript: "\(folder)/.output")
        guard let child, child.status == 0 else {
            let server = command[0] == "pg_ctl" ? lastLines(of: "\(folder)/server.log") : ""
            let output = [child?.output ?? "could not be started", server].filter { !$0.isEmpty }.joined(
                separator: "\n")
            throw ClusterError(problem: .program(command[0], output), folder: folder)
        }
    }

    private func lastLines(of path: String) -> String {
        guard let text = FileSystem.text(at: path, limit: 1 << 20) else { return "" }
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    private func makeDatabase() async throws {
        var options = ConnectionOptions(url: url(database: "postgres"))
        options.retry = .init(attempts: 8)
        let connection = try await Connection.connect(options)
        let name = database
        try await connection.perform { connection in
            let exists = try connection.query("SELECT 1 FROM pg_database WHERE datname = \(name)").count > 0
            if !exists { try connection.query("CREATE DATABASE \(identifier: name)") }
        }
        await connection.close()
    }
}
