internal import Foundation
internal import Readers

/// `manifest.json`: what the sender states about a submission. Every part is optional; what is stated is checked.
struct Manifest: Decodable, Sendable {
    struct File: Decodable, Sendable {
        var name: String
        var table: String?
        var sha256: String?
        var rows: Int?
    }

    var hospitalCode: String?
    var period: String?
    var files: [File]?

    enum CodingKeys: String, CodingKey {
        case hospitalCode = "hospital_code"
        case period, files
    }

    private static let largest = 1 << 20

    /// Reads it; `nil` where it is not JSON of this shape or longer than a mebibyte.
    init?(_ source: SourceFile, limits: ReadingLimits) {
        guard let bytes = try? source.open(limits: limits) else { return nil }
        var text: [UInt8] = []
        while let count = try? bytes.read(into: &text, atMost: 1 << 16), count > 0 {
            guard text.count <= Manifest.largest else { return nil }
        }
        guard let manifest = try? JSONDecoder().decode(Manifest.self, from: Data(text)) else { return nil }
        self = manifest
    }
}
