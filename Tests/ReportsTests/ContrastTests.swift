import Core
import Foundation
import Reports
import Testing

/// The colours of the style sheet, taken from a page as it goes out.
struct ContrastTests {
    /// The variables of the light (0) or dark (1) block.
    private func colours(_ block: Int) throws -> [String: String] {
        let page = String(decoding: IndexPage(runs: []).html(.chinese), as: UTF8.self)
        let blocks = page.components(separatedBy: ":root{").dropFirst().map { $0.components(separatedBy: "}")[0] }
        let text = try #require(
            blocks.indices.contains(blocks.startIndex + block) ? blocks[blocks.startIndex + block] : nil)
        var colours: [String: String] = [:]
        for part in text.replacing("\n", with: "").components(separatedBy: ";") {
            let pair = part.components(separatedBy: ":")
            if pair.count == 2 { colours[pair[0].trimmingCharacters(in: .whitespaces)] = pair[1] }
        }
        return colours
    }

    /// Relative luminance, WCAG 2.1.
    private func luminance(_ colour: String) throws -> Double {
        var digits = colour.dropFirst().map(String.init)
        if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
        try #require(digits.count == 6)
        let parts = try stride(from: 0, to: 6, by: 2).map { start -> Double in
            let value = Double(try #require(Int(digits[start] + digits[start + 1], radix: 16))) / 255
            return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }

    private func contrast(_ first: String?, _ second: String?) throws -> Double {
        let values = [try luminance(try #require(first)), try luminance(try #require(second))].sorted()
        return (values[1] + 0.05) / (values[0] + 0.05)
    }

    @Test(arguments: [0, 1])
    func `text is readable in light and in dark`(block: Int) throws {
        let colours = try colours(block)
        let pairs = [
            ("ink", "ground"), ("ink", "panel"), ("soft", "ground"), ("soft", "panel"), ("accent", "ground"),
            ("accent", "panel"),
            ("good", "ground"), ("good", "panel"), ("good", "good-ground"), ("caution", "panel"),
            ("caution", "caution-ground"),
            ("bad", "ground"), ("bad", "panel"), ("bad", "bad-ground"), ("ink", "quiet-ground"),
            ("ink", "caution-ground"),
            ("ink", "bad-ground"), ("ink", "good-ground"),
        ]
        for (text, ground) in pairs {
            let ratio = try contrast(colours["--\(text)"], colours["--\(ground)"])
            #expect(ratio >= 4.5, "\(text) on \(ground): \(ratio)")
        }
        for fill in ["good", "caution", "bad", "quiet", "accent"] {
            let ratio = try contrast(colours["--fill-\(fill)"], colours["--ground"])
            #expect(ratio >= 3, "fill \(fill): \(ratio)")
        }
    }
}
