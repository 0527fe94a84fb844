/// The stages of the nightly run, in their order.
public enum Stage: String, CaseIterable, Sendable, Codable, Hashable {
    /// From the inbox into the archive.
    case receive
    /// The hospital's drugs against the national library.
    case compare
    /// Reading and all rules that need no other institution.
    case precheck
    /// Validated rows into the fact tables.
    case load
    /// Rules that only show in comparison, and the grade.
    case postcheck
    /// Receipts and reports.
    case report

    /// The stage after this one; `nil` after the last.
    public var next: Stage? {
        let all = Stage.allCases
        guard let index = all.firstIndex(of: self), index + 1 < all.count else { return nil }
        return all[index + 1]
    }
}

/// What became of a submission before and during its load.
public enum Verdict: String, Sendable, Codable, CaseIterable {
    case passed
    case passedWithWarnings = "passed_with_warnings"
    case partlyLoaded = "partly_loaded"
    case returned
}

/// What the checks after the load suggest; an officer decides.
public enum Grade: String, Sendable, Codable, CaseIterable {
    case pass
    case review
    case suggestedReturn = "suggested_return"
    case forcedReturn = "forced_return"
}

/// The number the database gave a submission.
public struct SubmissionID: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// From 1.
    public let rawValue: Int

    /// The submission with a number.
    public init(_ rawValue: Int) { self.rawValue = rawValue }

    /// As a bare number.
    public init(from decoder: any Decoder) throws { rawValue = try decoder.singleValueContainer().decode(Int.self) }

    /// As a bare number.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(rawValue)
    }

    /// By number.
    public static func < (lhs: SubmissionID, rhs: SubmissionID) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The number.
    public var description: String { "\(rawValue)" }
}

/// A file of a submission as it lies in the archive.
public struct ArchivedFile: Sendable, Hashable, Codable {
    /// Its path relative to the submission's folder, or the package's name.
    public let name: String
    /// The SHA-256 of its bytes as they came (packed, where it is packed); also its address in the archive.
    public let sha256: SHA256Digest
    /// How many bytes.
    public let size: Int

    /// A file.
    public init(name: String, sha256: SHA256Digest, size: Int) {
        self.name = name
        self.sha256 = sha256
        self.size = size
    }
}

/// One institution, one period, some files.
public struct Submission: Sendable, Hashable {
    /// Its number.
    public let id: SubmissionID
    /// The sender's 医疗机构代码, as the drop folder names it.
    public let hospitalCode: String
    /// What it reports on.
    public let period: Period
    /// 1 for the first of its institution and period, then 2 …
    public let version: Int
    /// The one before it.
    public let supersedes: SubmissionID?
    /// When it was taken.
    public let receivedAt: Timestamp
    /// Its path below the inbox.
    public let sourceName: String
    /// The SHA-256 of the package, or of the sorted list of names and hashes of loose files.
    public let sha256: SHA256Digest
    /// The files, sorted by name; a package is one file.
    public let files: [ArchivedFile]

    /// A submission.
    public init(
        id: SubmissionID, hospitalCode: String, period: Period, version: Int, supersedes: SubmissionID?,
        receivedAt: Timestamp, sourceName: String, sha256: SHA256Digest, files: [ArchivedFile]
    ) {
        self.id = id
        self.hospitalCode = hospitalCode
        self.period = period
        self.version = version
        self.supersedes = supersedes
        self.receivedAt = receivedAt
        self.sourceName = sourceName
        self.sha256 = sha256
        self.files = files
    }
}
