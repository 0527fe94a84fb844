import Core

// What several reports say about the same things, with the names of the contract.

extension Phrase {
    var json: JSON { .object([.init("zh", .string(chinese)), .init("en", .string(english))]) }
}

extension RowTotals {
    var json: JSON {
        .object([
            .init("rows_read", .integer(read)),
            .init("rows_loaded", .integer(loaded)),
            .init("rows_quarantined", .integer(quarantined)),
            .init("rows_skipped", .integer(skippedTotal)),
            .init(
                "rows_skipped_by_reason",
                .object(skipped.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })),
            .init("is_balanced", .boolean(isBalanced)),
        ])
    }
}

extension FileOutcome {
    var jsonMembers: [JSON.Member] {
        [
            .init("name", .string(name)),
            .init("member", .text(member)),
            .init("table", .text(table?.rawValue)),
            .init("sha256", .string(sha256)),
            .init("encoding", .text(encoding)),
            .init("delimiter", .text(delimiter)),
            .init("rows_read", .integer(rowsRead)),
            .init("rows_loaded", .integer(rowsLoaded)),
            .init("rows_quarantined", .integer(rowsQuarantined)),
            .init("rows_skipped", .integer(rowsSkippedTotal)),
            .init(
                "rows_skipped_by_reason",
                .object(rowsSkipped.sorted { $0.key < $1.key }.map { .init($0.key, .integer($0.value)) })),
        ]
    }
}

extension SubmissionReport {
    /// Who sent what and when.
    var jsonIdentity: JSON {
        .object([
            .init("submission_id", .integer(submission.id.rawValue)),
            .init("hospital_code", .string(submission.hospitalCode)),
            .init("hospital_name", .text(hospitalName)),
            .init("period", .string(submission.period.description)),
            .init("version", .integer(submission.version)),
            .init("supersedes", .whole(submission.supersedes?.rawValue)),
            .init("received_at", .string(submission.receivedAt.description)),
            .init("source_name", .string(submission.sourceName)),
            .init("sha256", .string(submission.sha256.hex)),
            .init(
                "files",
                .array(
                    submission.files.map {
                        .object([
                            .init("name", .string($0.name)), .init("sha256", .string($0.sha256.hex)),
                            .init("size", .integer($0.size)),
                        ])
                    })),
        ])
    }
}
