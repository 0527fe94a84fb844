import Core
import Samples
import Testing

@testable import Rules

@Suite struct `The text of a cell` {
    private static let scalars: [UInt32] = [
        0x20, 0x41, 0x30, 0x7F, 0x09, 0x0A, 0x1F, 0x80, 0xA0, 0xAD, 0xB7, 0x3B1, 0x1680, 0x180E, 0x200B, 0x2028, 0x201C,
        0x2060, 0x3000, 0x3001, 0x4E2D, 0x836F, 0xFEFF, 0xFF08, 0xFFFD, 0x1F48A,
    ]

    @Test func `at a glance is never plainer than under a closer look`() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<5000 {
            var view = String.UnicodeScalarView()
            for _ in 0..<random.below(14) {
                let plain = random.below(4) > 0
                let value = plain ? 0x4E00 + UInt32(random.below(200)) : Self.scalars[random.below(Self.scalars.count)]
                if let scalar = Unicode.Scalar(random.below(3) == 0 ? UInt32(0x41 + random.below(20)) : value) {
                    view.append(scalar)
                }
            }
            let kinds = view.map { CellText.kind(of: $0.value) }
            let bytes = Array(String(view).utf8)
            let hasHidden = kinds.contains(.hidden)
            let isTrimmed =
                kinds.first != .blank && kinds.last != .blank && kinds.first != .hidden && kinds.last != .hidden
            let text = CellText(bytes.span)
            #expect(text.hasHidden == hasHidden)
            #expect(text.hasReplacement == view.contains("\u{FFFD}"))
            if isTrimmed { #expect(text.trimmed == 0..<bytes.count) }
            if CellText.isPlain(bytes.span) {
                #expect(!hasHidden && isTrimmed && !view.contains("\u{FFFD}"))
            }
        }
    }

    @Test(arguments: ["阿莫西林胶囊", "0.25g×24粒", "XA01ABF391S0060101", "a", "", "1234567", "12345678"])
    func `that has nothing odd is plain`(text: String) {
        let bytes = Array(text.utf8)
        let isPlain = CellText.isPlain(bytes.span)
        #expect(isPlain)
    }
}
