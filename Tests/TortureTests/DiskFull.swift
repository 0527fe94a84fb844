import Foundation
import Glibc
import Postgres
import Samples
import Store
import TestNight

/// A file system of a few megabytes that is made too small while a night lies on it.
struct DiskFull {
    let place: Accident.Place

    /// Why no such file system can be made here; `nil` where it can.
    static let obstacle: String? = {
        guard geteuid() == 0 else { return "not root: no small file system can be mounted" }
        let path = "/tmp/yaoce-torture-mount-\(UUID().uuidString)"
        guard mkdir(path, 0o700) == 0 else { return "no folder for a file system could be made" }
        defer { rmdir(path) }
        guard mount("tmpfs", path, "tmpfs", 0, "size=1m") == 0 else {
            return "mounting a small file system is not allowed here: \(String(cString: strerror(errno)))"
        }
        umount2(path, Int32(MNT_DETACH))
        return nil
    }()

    func happen(
        _ random: inout SeededGenerator, _ expected: [String: [String]], isRebuilt: Bool
    ) async throws -> Aftermath {
        if let obstacle = DiskFull.obstacle { return Aftermath(skipped: obstacle) }
        // How much room is left: from almost nothing to nearly enough.
        let room = 4096 * (1 + random.below(place == .database ? 600 : 60))
        let mountPoint = "/tmp/yaoce-torture-disk-\(UUID().uuidString)"
        guard mkdir(mountPoint, 0o755) == 0, mount("tmpfs", mountPoint, "tmpfs", 0, "size=256m") == 0 else {
            throw SceneError(reason: "no small file system: \(String(cString: strerror(errno)))")
        }
        defer {
            umount2(mountPoint, Int32(MNT_DETACH))
            rmdir(mountPoint)
        }
        let torture = try await TortureCluster.shared()
        let tablespace = "disk_\(UUID().uuidString.filter { $0 != "-" }.lowercased())"
        if place == .database {
            let owner = stat.of(torture.cluster.folder + "/data")
            chown(mountPoint, owner.st_uid, owner.st_gid)
            chmod(mountPoint, 0o700)
            try await torture.makeTablespace(tablespace, at: mountPoint)
        }
        let place = place
        var aftermath = try await withScene(tablespace: place == .database ? tablespace : nil) { folder in
            guard place != .database else { return }
            let name = place == .archive ? "archive" : "data"
            guard symlink(mountPoint, folder.file(name)) == 0 else { throw SceneError(reason: "no link") }
        } _: { scene, _ in
            var aftermath = Aftermath(note: "\(room) bytes of room")
            var space = statvfs()
            statvfs(mountPoint, &space)
            let used = Int(space.f_blocks - space.f_bfree) * Int(space.f_frsize)
            guard mount("tmpfs", mountPoint, "tmpfs", UInt(MS_REMOUNT), "size=\(used + room)") == 0 else {
                throw SceneError(reason: "no smaller: \(String(cString: strerror(errno)))")
            }
            let ended = try await scene.program.run(Scene.arguments)
            aftermath.note += ended.exitCode == 0 ? ", enough" : ", exit \(ended.exitCode ?? -1)"
            guard mount("tmpfs", mountPoint, "tmpfs", UInt(MS_REMOUNT), "size=256m") == 0 else {
                throw SceneError(reason: "no larger: \(String(cString: strerror(errno)))")
            }
            try await Accident.conclude(scene, expected, isRebuilt: isRebuilt, &aftermath)
            return aftermath
        }
        if place == .database { try await torture.dropTablespace(tablespace) }
        if aftermath.note.contains("exit 2") { aftermath.damage.append("a full disk is no wrong usage") }
        return aftermath
    }
}

extension stat {
    static func of(_ path: String) -> stat {
        var info = stat()
        _ = lstat(path, &info)
        return info
    }
}
