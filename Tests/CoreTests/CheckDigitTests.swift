import Core
import Samples
import Testing

@Suite struct `Check digits` {
    @Test(arguments: ["86900372002735", "86905725000086", "86904828001365"])
    func `of the standard code hold, and break with any digit`(code: String) {
        #expect(holds(code, StandardCode.checkHolds))
        for (index, digit) in code.enumerated() {
            for other in "0123456789" where other != digit {
                var changed = Array(code)
                changed[index] = other
                #expect(!holds(String(changed), StandardCode.checkHolds), "\(String(changed))")
            }
        }
    }

    @Test func `of the credit code hold`() {
        #expect(holds("11330282002977026G", CreditCode.checkHolds))
        #expect(!holds("91350100M000100Y4Z", CreditCode.checkHolds))
        #expect(!holds("", CreditCode.checkHolds))
        #expect(!holds("1133028200297702６", CreditCode.checkHolds))
    }

    @Test func `of the organization code hold`() {
        #expect(holds("002977026", OrganizationCode.checkHolds))
        #expect(!holds("002977027", OrganizationCode.checkHolds))
        #expect(!holds("00297702", OrganizationCode.checkHolds))
        #expect(!holds("00297702x", OrganizationCode.checkHolds))
    }

    /// A second implementation, written from the standards and not from the program.
    @Test func `agree with a plain reading of the standards`() throws {
        var random = SeededGenerator(seed: 11_714)
        let letters = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        let credit = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")
        for _ in 0..<3_000 {
            let eight = (0..<8).map { _ in random.pick(letters) }
            let sum = zip(eight, [3, 7, 9, 10, 5, 8, 4, 2]).reduce(0) {
                $0 + (letters.firstIndex(of: $1.0) ?? 0) * $1.1
            }
            let right = Array("0123456789X0")[(11 - sum % 11)]
            for last in "0123456789X" {
                #expect(holds(String(eight + [last]), OrganizationCode.checkHolds) == (last == right))
            }

            let seventeen = (0..<17).map { _ in random.pick(credit) }
            var power = 1
            var total = 0
            for character in seventeen {
                total += (credit.firstIndex(of: character) ?? 0) * power
                power = power * 3 % 31
            }
            let check = credit[(31 - total % 31) % 31]
            let other = random.pick(credit)
            #expect(holds(String(seventeen + [check]), CreditCode.checkHolds))
            #expect(holds(String(seventeen + [other]), CreditCode.checkHolds) == (other == check))

            let thirteen = "869" + (0..<10).map { _ in "\(random.below(10))" }.joined()
            // From the right, the position beside the check digit weighs 3.
            let weighted = thirteen.reversed().enumerated().reduce(0) { sum, entry in
                sum + (entry.element.wholeNumberValue ?? 0) * (entry.offset % 2 == 0 ? 3 : 1)
            }
            #expect(holds("\(thirteen)\((10 - weighted % 10) % 10)", StandardCode.checkHolds))
        }
    }

    @Test(arguments: ["82900372002735", "8690037200273", "869003720027355", "8690037200273５", "8690037200273a", ""])
    func `refuse what is no standard code`(code: String) { #expect(!holds(code, StandardCode.checkHolds)) }

    @Test func `of a hospital code are those of its organization`() {
        let code = "002977026330282" + "11" + "A100" + "1"
        #expect(holds(code, HospitalCode.isPlausible))
        #expect(!holds(String(code.dropLast()), HospitalCode.isPlausible))
        #expect(!holds("1" + code.dropFirst(), HospitalCode.isPlausible))
        #expect(holds("A100", HospitalCode.isKnownCategory))
        #expect(holds("R99Z", HospitalCode.isKnownCategory))
        for wrong in ["S100", "a100", "A10", "A1 0", "A1000", "1100", ""] {
            #expect(!holds(wrong, HospitalCode.isKnownCategory), "\(wrong)")
        }
    }

    @Test func `of provinces name only those there are`() {
        func number(_ text: String) -> UInt8? {
            let bytes = Array(text.utf8)
            return Province.number(of: bytes.span)
        }
        #expect(number("61") == 61)
        #expect(number("610000") == 61)
        #expect(number("660000") == 66)
        for wrong in ["", "6", "610", "6100000", "99", "000000", "6１", "61000a", "-1"] {
            #expect(number(wrong) == nil, "\(wrong)")
        }
    }
}

func holds(_ text: String, _ check: (Span<UInt8>) -> Bool) -> Bool {
    let bytes = Array(text.utf8)
    return check(bytes.span)
}
