import Core
import Testing

@testable import Matching

private struct Chance {
    var state: UInt64
    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }
}

/// What the library prints, in blocks of so many.
private func printed(_ drugs: [LibraryDrug], blocks: Int) -> PrintedLibrary {
    var library = PrintedLibrary()
    var block = PrintedDrugs()
    for (place, drug) in drugs.enumerated() where LibraryStatus(drug.status) == .active {
        for text in [
            drug.ypid, drug.productName, drug.strength, drug.dosageForm, drug.manufacturer, drug.approvalNumber,
            drug.conversionFactor,
        ] {
            let text = text ?? ""
            block.append(text.utf8.span)
        }
        if place % blocks == blocks - 1 {
            library.add(block)
            block.removeAll()
        }
    }
    library.add(block)
    return library
}

/// Entries of the sample library many times over: some without form, maker or factor, some out of use.
private func entries(_ count: Int, _ chance: inout Chance) -> [LibraryDrug] {
    (0..<count).map { number in
        var drug = SampleLibrary.drugs[number % SampleLibrary.drugs.count]
        drug.ypid = "Y\(1_000 + number)"
        drug.approvalNumber = chance.next(9) == 0 ? nil : "国药准字H2\(1_000_000 + number)"
        drug.strength = "\(chance.next(9) + 1).5mg"
        if chance.next(8) == 0 { drug.dosageForm = nil }
        if chance.next(12) == 0 { drug.manufacturer = nil }
        if chance.next(8) == 0 { drug.conversionFactor = nil }
        if chance.next(10) == 0 { drug.status = "deleted" }
        return drug
    }
}

/// A drug as the library has it, in another spelling, or with something else in one field.
private func local(_ entry: LibraryDrug, _ chance: inout Chance) -> LocalDrug {
    var drug = LocalDrug(
        ypid: entry.ypid, approvalNumber: entry.approvalNumber, productName: entry.productName,
        manufacturer: entry.manufacturer, dosageForm: entry.dosageForm, strength: entry.strength,
        conversionFactor: entry.conversionFactor)
    switch chance.next(18) {
    case 0: drug.ypid = nil
    case 1: drug.ypid = ""
    case 2: drug.ypid = entry.ypid + " "
    case 3: drug.ypid = "Y\(1_000 + chance.next(300))"
    case 4: drug.productName = " " + entry.productName.replacing("(", with: "（") + "\u{3000}"
    case 5: drug.productName += "(甲)"
    case 6: drug.strength = entry.strength?.replacing("mg", with: "ＭＧ")
    case 7: drug.strength = nil
    case 8: drug.manufacturer = (entry.manufacturer ?? "") + "厂"
    case 9: drug.conversionFactor = entry.conversionFactor.map { $0 + ".0000" }
    case 10: drug.conversionFactor = entry.conversionFactor.map { $0 + ".5" }
    case 11: drug.approvalNumber = nil
    case 12: drug.dosageForm = drug.dosageForm == nil ? "片剂" : nil
    case 13: drug.standardCode = entry.standardCode
    case 14: drug.genericName = "布洛芬"
    default: break
    }
    return drug
}

@Suite struct `What the library prints` {
    @Test(arguments: [1, 7, 400]) func `gives the answer that the index gives, or none`(blocks: Int) {
        var chance = Chance(state: UInt64(blocks))
        let library = entries(300, &chance)
        let texts = printed(library, blocks: blocks)
        let matcher = SampleLibrary.matcher(library)
        var alike = 0
        for number in 0..<1_500 {
            let drug = local(library[chance.next(library.count)], &chance)
            let comparison = matcher.compare(drug)
            // Nothing but equal texts has this total.
            let isAlike = comparison.candidates.first?.evidence.total == .max
            #expect(texts.prints(drug) == isAlike, "\(number): \(drug)")
            if let found = texts.compare(drug) { #expect(found == comparison, "\(number): \(drug)") }
            alike += isAlike ? 1 : 0
        }
        #expect((300..<1_200).contains(alike))
    }

    @Test func `of two rows with one code the first stays, and blanks are no code`() {
        var second = SampleLibrary.drugs[1]
        second.ypid = SampleLibrary.drugs[0].ypid
        second.strength = "9mg"
        let texts = printed([SampleLibrary.drugs[0], second], blocks: 1)
        var drug = LocalDrug(
            ypid: second.ypid, approvalNumber: second.approvalNumber, productName: second.productName,
            manufacturer: second.manufacturer, dosageForm: second.dosageForm, strength: "9mg",
            conversionFactor: second.conversionFactor)
        #expect(texts.count == 1)
        #expect(!texts.prints(drug))
        drug.strength = SampleLibrary.drugs[0].strength
        drug.conversionFactor = SampleLibrary.drugs[0].conversionFactor
        #expect(texts.prints(drug))
        #expect(!PrintedLibrary().prints(drug))
    }

    @Test func `a text folds to the same scalars however it is read`() {
        let texts = [
            "", "  ", "阿莫西林（胶囊）  0.25g ", "㎎ⅻ Ⅳ", "\u{0}a\u{7F}", "𠮷氨\u{200B}", "ÀÉ\u{3000}\u{3000}x",
            String(repeating: "片 ", count: 1_500), String(repeating: "ⅷ", count: 700), "Ω≈ç√∫",
        ]
        for text in texts {
            let folded = Folding.fold(text)
            #expect(Folding.compact(text) == folded.filter { $0 != Folding.space })
            #expect(folded.first != Folding.space && folded.last != Folding.space)
            #expect(folded.count < 2_004)
            var key = TextKey()
            key.add(text.utf8.span)
            let compact = Folding.compact(text)
            #expect(key.value == Scalars.hash(compact[...], seed: 0x3C6E_F372_FE94_F82B) ^ UInt64(compact.count))
        }
        // Bytes that are no text fold to something too.
        for bytes: [UInt8] in [[0xFF], [0xE4], [0xE4, 0xBD], [0xF0, 0x9F], [0xC0, 0x80], [0x80, 0x80]] {
            var count = 0
            Folding.forEach(in: bytes.span) { _ in count += 1 }
            #expect(count <= bytes.count)
        }
    }
}
