internal import Foundation

/// A folder of pages that is there whole or not at all: written under another name and put in the place of the one before.
struct ReportFolder: Sendable {
    /// In every folder that this program made, and so may replace.
    private static let mark = ".state"

    let path: String
    private var temporary: String { path + ".new" }
    private var replaced: String { path + ".old" }

    /// Begins a new folder; what an earlier attempt left is removed.
    init(_ path: String) throws {
        self.path = path
        try ReportFolder.remove(path + ".new")
        // A run that died between two names left the folder under the older one.
        try ReportFolder.remove(path + ".old")
        for name in ["rules", "institutions"] { try FileSystem.makeFolder("\(path).new/\(name)") }
    }

    /// What the mark of a folder says; `nil` where there is none.
    static func mark(of path: String) -> String? { try? String(contentsOfFile: "\(path)/\(mark)", encoding: .utf8) }

    /// Whether a folder is not there, is empty, or was made by this program.
    static func mayReplace(_ path: String) -> Bool {
        for name in [path, path + ".new", path + ".old"] where FileSystem.exists(name) {
            guard let entries = try? FileSystem.entries(of: name) else { return false }
            let isOurs =
                entries.isEmpty || mark(of: name) != nil || entries.allSatisfy { parts.contains(finished($0.name)) }
            guard isOurs else { return false }
        }
        return true
    }

    /// The name that a file being written will have.
    private static func finished(_ name: String) -> String { name.hasSuffix(".tmp") ? String(name.dropLast(4)) : name }

    /// What lies in a folder that was not finished.
    private static let parts: Set<String> = [
        "rules", "institutions", "violations.csv", "institutions.csv", "returns.csv",
        "evaluation.csv", "period.csv",
        "institutions.html", "returns.html", "index.json", "index.html", mark,
    ]

    /// A file written piece by piece.
    func open(_ name: String, bufferSize: Int = 1 << 18) throws -> OutputFile {
        try OutputFile("\(temporary)/\(name)", bufferSize: bufferSize)
    }

    /// A file written at once.
    func write(_ name: String, _ bytes: [UInt8]) throws { try FileSystem.replace("\(temporary)/\(name)", with: bytes) }

    /// Puts the folder in its place.
    func finish() throws {
        if FileSystem.exists(path) { try FileSystem.rename(path, to: replaced) }
        try FileSystem.rename(temporary, to: path)
        try ReportFolder.remove(replaced)
    }

    private static func remove(_ path: String) throws {
        guard FileSystem.exists(path) else { return }
        try FileManager.default.removeItem(atPath: path)
    }
}
