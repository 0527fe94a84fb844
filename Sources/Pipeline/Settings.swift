public import Core
public import Readers

/// What an operator decides about the pipeline. Folders are absolute paths.
public struct PipelineSettings: Sendable {
    /// What becomes of a submission with rows in error.
    public enum RecordErrors: String, Sendable, CaseIterable {
        /// The rows are kept aside, the rest is loaded.
        case quarantine
        /// The whole submission is returned.
        case `return`
    }

    /// Where hospitals drop their files.
    public var inbox: String
    /// Where every byte that ever came is kept.
    public var archive: String
    /// Scratch space; everything in it can be made again.
    public var work: String
    /// Receipts and fix files by hospital.
    public var outbox: String
    /// The province's pages.
    public var reports: String
    /// How long a folder without `submission.ok`, or a package, must have been left alone.
    public var settleSeconds = 300
    /// How much of a file is read.
    public var limits = ReadingLimits()
    /// The province that runs the system, 11 … 82; `nil` where any is right.
    public var province: UInt8?
    /// What becomes of a submission with rows in error.
    public var recordErrors = RecordErrors.quarantine
    /// How many submissions are read at the same time.
    public var workers = 2
    /// After so many seconds without a sign of life a worker's work is given to others.
    public var patience = 60.0
    /// How large a submission is read by threads of its own, where there is more than one worker.
    public var readAheadBytes = 4 << 20
    /// The language of receipts and pages.
    public var language = Language.chinese

    /// Settings with defaults for everything but the folders.
    public init(inbox: String, archive: String, work: String, outbox: String, reports: String) {
        self.inbox = inbox
        self.archive = archive
        self.work = work
        self.outbox = outbox
        self.reports = reports
    }
}
