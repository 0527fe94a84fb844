import Foundation
public import Samples

/// The answer key of the sample night.
public enum AnswerKeyFile {
    /// As it lies in the repository.
    public static func read() throws -> AnswerKey {
        let url = URL(fileURLWithPath: "\(Repository.path)/SampleData/answer-key.json")
        return try AnswerKey(json: Array(try Data(contentsOf: url)))
    }
}
