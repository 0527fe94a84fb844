import Foundation
import TestNight
import Testing

extension Program {
    /// Runs it and expects an exit code.
    @discardableResult
    func expect(
        _ code: Int32, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Ended {
        let ended = try await run(arguments)
        #expect(
            ended.exitCode == code, "yaoce \(arguments.joined(separator: " "))\n\(ended.output)\(ended.errors)",
            sourceLocation: sourceLocation)
        return ended
    }

    /// Runs it and expects that it did what it was asked.
    @discardableResult
    func expectDone(_ arguments: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws -> Ended {
        try await expect(0, arguments, sourceLocation: sourceLocation)
    }
}

/// JSON as values that tests can walk through.
struct JSONValue {
    let value: Any?

    init(_ text: String) throws {
        value = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
    }
    private init(_ value: Any?) { self.value = value is NSNull ? nil : value }

    subscript(key: String) -> JSONValue { JSONValue((value as? [String: Any])?[key]) }
    subscript(index: Int) -> JSONValue {
        JSONValue((value as? [Any]).flatMap { $0.indices.contains(index) ? $0[index] : nil })
    }
    var keys: Set<String> { Set((value as? [String: Any])?.keys.map { $0 } ?? []) }
    var list: [JSONValue] { (value as? [Any])?.map { JSONValue($0) } ?? [] }
    var string: String? { value as? String }
    var int: Int? { value as? Int }
    var isNull: Bool { value == nil }
}
