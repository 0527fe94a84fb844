import Glibc

/// The server programs of one PostgreSQL installation, and the way to run them as a user that is not root.
struct ServerPrograms {
    /// The folder with `initdb`, `pg_ctl` and `postgres`.
    var folder: String

    /// The newest installation, or that of a major version: Debian's folders first, then the PATH.
    static func find(version: String?) -> ServerPrograms? {
        let base = "/usr/lib/postgresql"
        let installed = FileSystem.names(in: base).compactMap(Int.init).sorted(by: >)
        for number in installed where version == nil || version == "\(number)" {
            let folder = "\(base)/\(number)/bin"
            if isComplete(folder) { return ServerPrograms(folder: folder) }
        }
        // A version from the PATH cannot be told before it runs, so it serves only where none is asked for.
        guard version == nil || installed.isEmpty, let path = unsafe getenv("PATH") else { return nil }
        let folders = unsafe String(cString: path).split(separator: ":").map(String.init)
        return folders.first(where: isComplete).map { ServerPrograms(folder: $0) }
    }

    private static func isComplete(_ folder: String) -> Bool {
        ["initdb", "pg_ctl", "postgres"].allSatisfy { FileSystem.isExecutable("\(folder)/\($0)") }
    }
}

/// The user that runs PostgreSQL: whoever calls, or another one when that is root.
struct ServerUser {
    var name: String
    var user: uid_t
    var group: gid_t
    /// What stands before a command so that it runs as this user; empty where nothing must change.
    var prefix: [String]

    static func choose(folder: String) throws(ClusterError) -> ServerUser {
        let caller = geteuid()
        guard caller == 0 else { return ServerUser(name: "", user: caller, group: getegid(), prefix: []) }
        for name in ["postgres", "nobody"] {
            guard let entry = unsafe getpwnam(name) else { continue }
            let (user, group) = unsafe (entry.pointee.pw_uid, entry.pointee.pw_gid)
            return ServerUser(
                name: name, user: user, group: group,
                prefix: try prefix(name: name, user: user, group: group, folder: folder))
        }
        throw ClusterError(problem: .noUser, folder: folder)
    }

    /// A real drop of privileges: real, effective and saved ids, and no supplementary groups of root.
    private static func prefix(name: String, user: uid_t, group: gid_t, folder: String) throws(ClusterError) -> [String]
    {
        func find(_ program: String) -> String? {
            ["/usr/bin", "/bin", "/usr/sbin", "/sbin"].map { "\($0)/\(program)" }.first(where: FileSystem.isExecutable)
        }
        if let setpriv = find("setpriv") {
            return [setpriv, "--reuid=\(user)", "--regid=\(group)", "--init-groups", "--no-new-privs", "--"]
        }
        if let runuser = find("runuser") { return [runuser, "-u", name, "--"] }
        if let su = find("su") { return [su, "-s", "/bin/sh", name, "-c", "exec \"$0\" \"$@\"", "--"] }
        throw ClusterError(problem: .noUserChange, folder: folder)
    }
}
