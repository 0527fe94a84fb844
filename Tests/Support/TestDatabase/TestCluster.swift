import Glibc
import Store

/// One embedded cluster for all tests of a process, in a folder of its own that goes with the process.
public enum TestCluster {
    /// Whether tests that need a server can run: where one is installed, and always on CI, where a missing one must fail.
    public static var isWanted: Bool { EmbeddedCluster.isInstalled || getenv("CI") != nil }

    private static let starting = Task { try await start() }

    static func shared() async throws -> EmbeddedCluster { try await starting.value }

    private static func start() async throws -> EmbeddedCluster {
        var template = Array("/tmp/yaoce-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw TestClusterError(reason: String(cString: strerror(errno))) }
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        try stopWithThisProcess(clusterIn: folder)
        let cluster = EmbeddedCluster(
            folder: folder,
            settings: ["fsync": "off", "full_page_writes": "off", "max_connections": "400", "shared_buffers": "64MB"])
        try await cluster.start()
        return cluster
    }
}

/// Why there is no cluster for tests.
struct TestClusterError: Error {
    var reason: String
}

private let script = """
    read -r nothing
    file="$0/data/postmaster.pid"
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        [ -e "$file" ] || break
        kill -QUIT "$(head -n 1 "$file")" 2>/dev/null || break
        sleep 0.2
    done
    rm -rf "$0"
    """

/// Stops the cluster in a folder and removes the folder when this process has ended, however it ends.
///
/// A small shell waits at the other end of a pipe that only this process holds; the end of the process closes it.
public func stopWithThisProcess(clusterIn folder: String) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw TestClusterError(reason: String(cString: strerror(errno))) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // A session of its own, so that Ctrl-C reaches the tests and not the watch.
    posix_spawnattr_setflags(&attributes, Int16(0x80))
    var arguments: [UnsafeMutablePointer<CChar>?] = [
        strdup("sh"), strdup("-c"), strdup(script), strdup(folder), nil,
    ]
    defer { arguments.forEach { free($0) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [strdup("PATH=/usr/bin:/bin"), nil]
    defer { environment.forEach { free($0) } }
    var child: pid_t = 0
    let code = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, &environment)
    close(ends[0])
    guard code == 0 else { throw TestClusterError(reason: String(cString: strerror(code))) }
}
