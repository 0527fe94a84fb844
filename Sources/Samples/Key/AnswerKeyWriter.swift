import FoundationEssentials

/// Writes an answer key submission by submission, so that the key of a province's night needs no memory.
///
/// The intake comes after the submissions, because only then it is complete; the order of members means nothing in JSON.
final class AnswerKeyWriter {
    private let file: any SampleFile
    private let encoder = JSONEncoder()
    private var count = 0

    init(_ file: any SampleFile, head: AnswerKey) throws {
        self.file = file
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var text =
            "{\n\"format\": \(head.format),\n\"seed\": \(head.seed),\n\"period\": \"\(head.period)\",\n\"rules\": "
        text += String(decoding: try encoder.encode(head.rules), as: UTF8.self)
        text += ",\n\"submissions\": ["
        try file.write(Array(text.utf8))
    }

    /// The next submission.
    func add(_ submission: ExpectedSubmission) throws {
        var text = count == 0 ? "\n" : ",\n"
        count += 1
        var bare = submission
        bare.files = []
        bare.findings = []
        // One line for the submission, each file and each finding: a change shows as a changed line.
        text += try line(bare).replacing(
            "\"files\":[],\"findings\":[]",
            with: "\"files\":[\(try lines(submission.files))],"
                + "\"findings\":[\(try lines(submission.findings))]")
        try file.write(Array(text.utf8))
    }

    /// The end of the key.
    func close(intake: [ExpectedIntake]) throws {
        try file.write(Array("\n],\n\"intake\": [\(try lines(intake))]\n}\n".utf8))
        try file.close()
    }

    private func line(_ value: some Encodable) throws -> String {
        String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private func lines(_ values: [some Encodable]) throws -> String {
        guard !values.isEmpty else { return "" }
        return "\n  " + (try values.map(line)).joined(separator: ",\n  ")
    }
}

extension AnswerKey {
    /// Reads the JSON of a key.
    public init(json: [UInt8]) throws {
        self = try JSONDecoder().decode(AnswerKey.self, from: Data(json))
    }
}
