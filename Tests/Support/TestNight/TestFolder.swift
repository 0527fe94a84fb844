public import Foundation

/// A folder that belongs to one test.
public struct TestFolder: Sendable {
    /// Its absolute path.
    public let path: String

    /// The path of something in it.
    public func file(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a folder in it.
    @discardableResult
    public func makeFolder(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: true)
        return file(name)
    }

    /// Writes a file in it; folders on the way are made.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        let url = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    /// Writes a text in it.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String { try write(Array(text.utf8), to: name) }

    /// The bytes of a file in it.
    public func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    /// Everything in a folder in it that is no folder, by path below that folder, sorted.
    public func files(below name: String) -> [String] {
        let root = file(name)
        guard let walk = FileManager.default.enumerator(atPath: root) else { return [] }
        return walk.compactMap { $0 as? String }.filter { path in
            let type = try? FileManager.default.attributesOfItem(atPath: "\(root)/\(path)")[.type] as? FileAttributeType
            return type != .typeDirectory
        }.sorted()
    }

    /// Sets when a file in it was last changed.
    public func setModified(_ name: String, _ date: Date) throws {
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file(name))
    }
}

/// Gives a test a folder of its own and removes it afterwards, also when the test fails.
public func withFolder<Value>(_ body: (TestFolder) async throws -> Value) async throws -> Value {
    let folder = try TestFolder.make()
    defer { folder.remove() }
    return try await body(folder)
}

/// The same for a test that waits for nothing.
public func withFolder<Value>(_ body: (TestFolder) throws -> Value) throws -> Value {
    let folder = try TestFolder.make()
    defer { folder.remove() }
    return try body(folder)
}

extension TestFolder {
    fileprivate static func make() throws -> TestFolder {
        let path = "\(root)/yaoce-test-folder-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return TestFolder(path: path)
    }

    /// In memory where there is room: a night makes its files durable, which waits for everybody else's on a disk.
    private static let root: String = {
        let shared = "/dev/shm"
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: shared)
        let free = (attributes?[.systemFreeSize] as? Int) ?? 0
        return free > 1 << 30 && FileManager.default.isWritableFile(atPath: shared) ? shared : "/tmp"
    }()

    fileprivate func remove() {
        // What cannot be removed is no reason for a test to fail.
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// The checkout that the tests were built in.
public enum Repository {
    /// Its absolute path.
    public static let path: String = {
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { url.deleteLastPathComponent() }
        return url.path
    }()
}
