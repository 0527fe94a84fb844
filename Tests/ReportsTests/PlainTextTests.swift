import Testing

@testable import Reports

@Suite struct `Texts that need no look at each character` {
    @Test func `of every character of the first plane, a plain one stands for itself everywhere`() {
        for value in UInt32(0)...0xFFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(Character(scalar))
            guard VisibleText.isPlain(text) else { continue }
            var careful = ""
            VisibleText.append(scalar, to: &careful)
            if careful != text || "&<>\"'\\".unicodeScalars.contains(scalar) || value < 0x20 {
                Issue.record("U+\(String(value, radix: 16)) is not plain")
            }
        }
    }

    @Test func `what people write is plain`() {
        for text in ["", "阿莫西林胶囊 0.25g×24粒", "2025-03-31", "（空）≥ 60 %，；：", "Ω α é", "“P02” — 1 · 2 …"] {
            #expect(VisibleText.isPlain(text))
        }
        for text in ["a<b", "\u{202E}", "行\u{200B}", "\t", "a\u{FEFF}", "\u{3164}", "\"", "𠀀"] {
            #expect(!VisibleText.isPlain(text))
        }
    }
}

@Suite struct `Cells that are taken as they stand` {
    /// The long way: hidden characters written out, guarded, quoted.
    private func carefully(_ cell: String) -> [UInt8] {
        var text = ""
        FormulaGuard.append(cell: VisibleText.keepingLines(cell), to: &text)
        return Array(text.utf8)
    }

    @Test func `are the same bytes as of cells that are looked at character by character`() {
        let pieces = Array("=+-@'＝＠\t\n\r 1.药a[(“”—,;|\"\\<&%#/:\u{202E}\u{200B}\u{3000}éΩ≥　".unicodeScalars)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...4, using: &random) {
                scalars.append(pieces.randomElement(using: &random) ?? "=")
            }
            let cell = String(scalars)
            var bytes: [UInt8] = []
            FormulaGuard.append(visible: cell, to: &bytes)
            #expect(bytes == carefully(cell), "\(cell.unicodeScalars.map(\.value))")
        }
    }
}
