/// A maker as printed: holder, producer, packer, former name, in Chinese and Latin, each a part that is compared.
struct MakerReading {
    /// The names without company forms; `高特制药` of `高特制药有限公司`.
    var parts: [[UInt16]] = []
    /// Whether the maker is printed in Latin letters only: then it is a foreign one.
    var isLatin = false
    /// Whether it says who packs an import in China (分包装, 进口分包).
    var namesPacker = false

    init(_ text: String) {
        let folded = Folding.fold(MakerReading.parted(text))
        guard !folded.isEmpty else { return }
        isLatin = !folded.contains(where: Scalars.isHan)
        namesPacker = MakerReading.packing.contains { Scalars.find($0, in: folded) != nil }
        var seen: Set<UInt64> = []
        for piece in MakerReading.pieces(folded) {
            var core = MakerReading.core(piece)
            if core.count < 2, core.first.map({ $0 < 0xE800 }) ?? true {
                // Nothing is left of `A&Z Pharmaceutical, Inc.`: then every letter counts.
                core = piece.filter { Scalars.isHan($0) || Scalars.isLatin($0) || Scalars.isDigit($0) }
            }
            guard core.count >= 2 || core.first.map({ $0 >= 0xE800 }) == true else { continue }
            guard parts.count < 8, seen.insert(Scalars.hash(core)).inserted else { continue }
            parts.append(core)
        }
    }

    /// `AbbottLaboratoriesGmbH` as words: a capital after a small letter begins one, unless it ends the text (GmbH).
    private static func parted(_ text: String) -> String {
        // Without a small letter, as most are, nothing parts.
        if text.utf8.count <= 1_000, !text.utf8.contains(where: { $0 >= 0x61 && $0 <= 0x7A }) { return text }
        var result = String.UnicodeScalarView()
        var previous: UnicodeScalar?
        var iterator = text.unicodeScalars.prefix(1_000).makeIterator()
        var next = iterator.next()
        while let scalar = next {
            next = iterator.next()
            if let previous, previous.value >= 0x61, previous.value <= 0x7A, isCapital(scalar),
                next.map(isLetter) ?? false
            {
                result.append(" ")
            }
            result.append(scalar)
            previous = scalar
        }
        return String(result)
    }

    private static func isCapital(_ scalar: UnicodeScalar) -> Bool { scalar.value >= 0x41 && scalar.value <= 0x5A }

    private static func isLetter(_ scalar: UnicodeScalar) -> Bool {
        isCapital(scalar) || scalar.value >= 0x61 && scalar.value <= 0x7A
    }

    /// Parts at brackets, marks, words like 委托 and where Chinese meets Latin. A short bracket without a company
    /// in it is a place and belongs to the name: 赛诺菲（北京）制药有限公司.
    private static func pieces(_ text: [UInt16]) -> [[UInt16]] {
        var pieces: [[UInt16]] = []
        var stack: [[UInt16]] = [[]]
        var index = 0
        func close(_ piece: [UInt16]) { pieces.append(contentsOf: split(piece)) }
        while index < text.count {
            let value = text[index]
            if value == DescriptionScanner.open, stack.count < 6 {
                stack.append([])
            } else if value == DescriptionScanner.close, stack.count > 1 {
                let inner = stack.removeLast()
                if isPlace(inner) { stack[stack.count - 1] += inner } else { close(inner) }
            } else if let found = partings.match(in: text, at: index) {
                if let last = stack.popLast() {
                    close(last)
                    stack.append([])
                }
                index += found.length
                continue
            } else {
                stack[stack.count - 1].append(value)
            }
            index += 1
        }
        // The outermost comes first: it is the maker, the rest explains it.
        let rest = pieces
        pieces = []
        for piece in stack { close(piece) }
        return pieces + rest
    }

    private static func isPlace(_ text: [UInt16]) -> Bool {
        text.count <= 4 && text.allSatisfy(Scalars.isHan)
    }

    /// Where Chinese meets a Latin word of four letters or more, two names stand side by side.
    private static func split(_ text: [UInt16]) -> [[UInt16]] {
        let latin = text.filter(Scalars.isLatin).count
        let han = text.filter(Scalars.isHan).count
        guard latin >= 4, han >= 2 else { return [text] }
        return [text.filter { Scalars.isHan($0) }, text.filter { !Scalars.isHan($0) }]
    }

    /// The name without company forms, punctuation and space, the great companies under one sign each.
    static func core(_ piece: [UInt16]) -> [UInt16] {
        var core: [UInt16] = []
        var index = 0
        while index < piece.count {
            let isWordStart = index == 0 || !Scalars.isLatin(piece[index - 1])
            if let found = CompanyNames.signs.match(in: piece, at: index),
                !Scalars.isLatin(piece[index]) || found.length >= 5
                    || isWordStart && endsWord(piece, index + found.length)
            {
                core.append(found.value)
                index += found.length
            } else if let found = CompanyNames.forms.match(in: piece, at: index),
                !Scalars.isLatin(piece[index]) || isWordStart && endsWord(piece, index + found.length)
            {
                index += found.length
            } else {
                let value = piece[index]
                if isWordStart, Scalars.isLatin(value), endsWord(piece, index + 1) {
                    // A single letter is the rest of a form: `B. V.`, `S. p. A.`.
                    index += 1
                    continue
                }
                if Scalars.isHan(value) || Scalars.isLatin(value) || Scalars.isDigit(value) { core.append(value) }
                index += 1
            }
        }
        return core
    }

    private static func endsWord(_ text: [UInt16], _ index: Int) -> Bool {
        index >= text.count || !Scalars.isLatin(text[index])
    }

    private static let packing = ["分包", "分装"].map(Folding.compact)

    private static let partings = WordList<Bool>(
        [
            "委托生产企业", "委托生产", "受托生产企业", "受托方", "委托方", "委托", "进口分包企业", "分包装企业", "分包装", "分包企业", "分包", "分装企业",
            "分装", "生产企业", "生产厂家", "生产厂", "上市许可持有人", "持有人", "原名", "曾用名", "现名", "更名为", "产地", "国内代理", "代理",
            "、", ";", ",", "|",
        ].map { ($0, true) })
}
