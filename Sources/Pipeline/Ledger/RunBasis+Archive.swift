internal import Core
internal import Foundation
internal import Readers
internal import Rules

extension RuleBook {
    /// The rule files as one file of the archive.
    var archived: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(files))
        }
    }

    /// The rules as they were archived.
    static func unarchived(_ bytes: [UInt8]) throws -> RuleBook {
        try RuleBook.skippingBroken(try JSONDecoder().decode([RuleBook.File].self, from: Data(bytes)))
    }
}

extension PipelineSettings {
    /// What results depend on, by key of the configuration.
    var judging: [String: String] {
        [
            "policy.record_errors": recordErrors.rawValue, "province.code": province.map { "\($0)" } ?? "",
            "limits.container_bytes": "\(limits.containerBytes)", "limits.entries": "\(limits.entries)",
            "limits.unpacked_bytes": "\(limits.unpackedBytes)", "limits.ratio": "\(limits.ratio)",
            "limits.rows": "\(limits.rows)",
        ]
    }

    /// These settings with those that results depend on as they were.
    func judging(by texts: [String: String]) -> PipelineSettings {
        var settings = self
        func number(_ key: String, _ set: (Int) -> Void) {
            if let value = texts[key].flatMap({ Int($0) }) { set(value) }
        }
        if let policy = texts["policy.record_errors"].flatMap(RecordErrors.init) { settings.recordErrors = policy }
        if let province = texts["province.code"] { settings.province = UInt8(province) }
        number("limits.container_bytes") { settings.limits.containerBytes = $0 }
        number("limits.entries") { settings.limits.entries = $0 }
        number("limits.unpacked_bytes") { settings.limits.unpackedBytes = $0 }
        number("limits.ratio") { settings.limits.ratio = $0 }
        number("limits.rows") { settings.limits.rows = $0 }
        return settings
    }
}
