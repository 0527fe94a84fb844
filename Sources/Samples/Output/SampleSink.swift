/// Where samples are written to: a folder, or a test's memory.
public protocol SampleSink: AnyObject {
    /// Begins a file at a path below the sink, `inbox/…/usage.csv`; folders on the way are made.
    func makeFile(at path: String, age: SampleFileAge) throws -> any SampleFile
    /// Makes a symbolic link.
    func makeLink(at path: String, to target: String) throws
}

/// A file that is being written.
public protocol SampleFile: AnyObject {
    /// Takes the next bytes.
    func write(_ bytes: [UInt8]) throws
    /// Ends the file.
    func close() throws
}

/// Whether a file has lain still long enough to be taken.
public enum SampleFileAge: Sendable, Hashable {
    /// Nothing has changed for days.
    case settled
    /// It is still being written.
    case fresh
}

extension SampleSink {
    /// Writes a whole file.
    public func write(_ bytes: [UInt8], to path: String, age: SampleFileAge = .settled) throws {
        let file = try makeFile(at: path, age: age)
        try file.write(bytes)
        try file.close()
    }

    /// Writes a whole file.
    public func write(_ text: String, to path: String, age: SampleFileAge = .settled) throws {
        try write(Array(text.utf8), to: path, age: age)
    }
}

/// Keeps everything in memory, by path.
public final class MemorySink: SampleSink {
    /// The files.
    public private(set) var files: [String: [UInt8]] = [:]
    /// The files that were written as fresh.
    public private(set) var fresh: Set<String> = []
    /// Symbolic links and what they point at.
    public private(set) var links: [String: String] = [:]

    /// An empty sink.
    public init() {}

    private final class File: SampleFile {
        let sink: MemorySink
        let path: String

        init(_ sink: MemorySink, _ path: String) {
            self.sink = sink
            self.path = path
        }

        func write(_ bytes: [UInt8]) { sink.files[path, default: []].append(contentsOf: bytes) }
        func close() {}
    }

    /// Begins a file; one that is there already is replaced.
    public func makeFile(at path: String, age: SampleFileAge) -> any SampleFile {
        files[path] = []
        if age == .fresh { fresh.insert(path) }
        return File(self, path)
    }

    /// Notes a link.
    public func makeLink(at path: String, to target: String) { links[path] = target }
}
