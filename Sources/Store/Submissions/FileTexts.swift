import Core

/// The small lists of a file outcome as arrays of text: pairs and triples are quicker to write and read than JSON, and a
/// night has twelve thousand files.
enum FileTexts {
    /// Counts by name: rows skipped by reason, findings by severity.
    static func counts(_ counts: [String: Int]) -> [String]? {
        guard !counts.isEmpty else { return nil }
        return counts.sorted { $0.key < $1.key }.flatMap { [$0.key, "\($0.value)"] }
    }

    static func counts(_ texts: [String?]?) -> [String: Int] {
        var reasons: [String: Int] = [:]
        for (name, count) in pairs(texts) {
            if let name, let count = count.flatMap({ Int($0) }) { reasons[name] = count }
        }
        return reasons
    }

    static func headers(of file: FileOutcome) -> [String?]? {
        file.headers.isEmpty ? nil : file.headers.flatMap { [$0.header, $0.column] }
    }

    static func headers(_ texts: [String?]?) -> [HeaderMapping] {
        pairs(texts).map { HeaderMapping(header: $0 ?? "", column: $1) }
    }

    static func normalised(of file: FileOutcome) -> [String]? {
        guard !file.normalised.isEmpty else { return nil }
        return file.normalised.sorted { $0.key < $1.key }.flatMap { column, kinds in
            kinds.sorted { $0.key < $1.key }.flatMap { [column, $0.key, "\($0.value)"] }
        }
    }

    static func normalised(_ texts: [String?]?) -> [String: [String: Int]] {
        var counts: [String: [String: Int]] = [:]
        guard let texts else { return counts }
        for start in stride(from: 0, to: texts.count - 2, by: 3) {
            guard let column = texts[start], let kind = texts[start + 1],
                let count = texts[start + 2].flatMap({ Int($0) })
            else { continue }
            counts[column, default: [:]][kind] = count
        }
        return counts
    }

    private static func pairs(_ texts: [String?]?) -> [(String?, String?)] {
        guard let texts else { return [] }
        return stride(from: 0, to: texts.count - 1, by: 2).map { (texts[$0], texts[$0 + 1]) }
    }
}
