import Glibc

/// The few things the cluster asks of the file system.
enum FileSystem {
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }

    /// The names in a folder; empty where it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The beginning of a file as text; `nil` where it cannot be read.
    static func text(at path: String, limit: Int) -> String? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: limit)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { return nil }
        return String(decoding: buffer[..<count], as: UTF8.self)
    }

    /// Writes a file anew; gives the error number of the call that failed.
    static func write(_ text: String, to path: String, mode: mode_t) -> Int32? {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { return errno }
        defer { close(descriptor) }
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return errno }
            bytes = bytes.dropFirst(count)
        }
        return nil
    }

    /// Makes a folder and those above it; gives the error number of the call that failed.
    static func makeFolder(_ path: String, mode: mode_t) -> Int32? {
        if exists(path) { return nil }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
            if let code = makeFolder(String(path[..<slash]), mode: 0o755) { return code }
        }
        return unsafe mkdir(path, mode) == 0 || errno == EEXIST ? nil : errno
    }

    /// The absolute path of an existing file or folder, without symbolic links.
    static func absolute(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Who owns a folder and who may use it; `nil` where it is no folder of its own (a link, a file, nothing).
    static func folderOwner(_ path: String) -> (user: uid_t, mode: mode_t)? {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        return (status.st_uid, status.st_mode & 0o777)
    }

    static func message(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
