import Glibc

/// Runs another program and waits for it. What it says goes to a file, because a server that it starts would keep a
/// pipe open for ever.
struct ChildProcess {
    /// The exit status, or 128 + the signal.
    var status: Int32
    /// What it wrote to standard output and standard error.
    var output: String

    /// Runs a program; `nil` where it could not be started. `transcript` receives its output and is overwritten.
    static func run(_ arguments: [String], in folder: String, transcript: String) -> ChildProcess? {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        // A server must not stand in a folder that its user may not read; only a shell can change it beforehand.
        let command = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder] + arguments
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 1, transcript, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)

        // English messages and a plain path, and none of the caller's PG… variables.
        let environment = ["LC_ALL=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]
        var child: pid_t = 0
        let code = unsafe withCStringArray(command) { arguments in
            unsafe withCStringArray(environment) { environment in
                unsafe posix_spawn(&child, "/bin/sh", &actions, nil, arguments, environment)
            }
        }
        guard code == 0 else { return nil }
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { return nil }
        }
        let exit = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        return ChildProcess(status: exit, output: FileSystem.text(at: transcript, limit: 64 << 10) ?? "")
    }
}

/// Gives C an array of strings that ends with a null pointer, for as long as `body` runs.
func withCStringArray<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let copies = unsafe strings.map { unsafe strdup($0) }
    defer { unsafe copies.forEach { unsafe free($0) } }
    var pointers = unsafe copies + [nil]
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
        guard let start = buffer.baseAddress else { preconditionFailure("a list that ends with nil is not empty") }
        return unsafe body(start)
    }
}
