import Core
import Testing

@testable import Expressions

@Suite struct `Evaluating expressions` {
    static let values = [
        "amount": "12.34", "pack_quantity": "2", "dose_quantity": "0", "catalogue.conversion_factor": "-3.5",
        "huge": "9223372036854775807", "tiny": "0.000000000001", "product_name": "阿莫西林💊 Ａ1",
        "strength": "  0.25g ", "report_date": "2025-03-01", "is_open": "true",
    ]

    @Test(arguments: [
        // Numbers
        ("amount + 1.111", "13.451"), ("amount * catalogue.conversion_factor", "-43.19"), ("1 / 3", "0.3333333333"),
        ("2 / 3", "0.6666666667"), ("-2 / 3", "-0.6666666667"), ("1 / 8000000000", "0.0000000001"),
        ("0.0000000001 / 2", "0.0000000001"), ("0.0000000001 / 3", "0"), ("tiny * 0.5", "0.000000000001"),
        ("tiny * -0.5", "-0.000000000001"), ("tiny * 0.4", "0"), ("round(2.5)", "3"), ("ROUND(-2.5, 0)", "-3"),
        ("round(1.2349, 3)", "1.235"), ("round(amount, 9)", "12.34"), ("abs(-7)", "7"), ("- amount", "-12.34"),
        ("huge * 100000", "922337203685477580700000"), ("greatest(1, amount, NULL)", "12.34"),
        ("least(NULL, 5, 3)", "3"),
        ("greatest(bed_count, NULL)", "NULL"), ("nullif(pack_quantity, 2)", "NULL"), ("coalesce(bed_count, 7)", "7"),
        ("report_date - DATE '2025-02-01'", "28"), ("length(product_name)", "8"),
        // Failures
        ("amount / 0", "division_by_zero"), ("amount / dose_quantity", "division_by_zero"), ("bed_count / 0", "NULL"),
        ("huge * huge", "overflow"), ("-huge * huge", "overflow"), ("huge / tiny", "overflow"),
        ("huge * huge + 1 / 0", "division_by_zero"), ("huge * huge / 0", "division_by_zero"),
        ("huge * huge + bed_count", "NULL"),
        ("999999999999999999999999 + 1", "overflow"), ("999999999999999999999999 + 0", "999999999999999999999999"),
        ("round(999999999999999999999999.5)", "overflow"), ("greatest(1, 1 / 0)", "division_by_zero"),
        ("least(1, 1 / 0)", "division_by_zero"), ("coalesce(1, 1 / 0)", "1"),
        ("coalesce(1 / 0, 1)", "division_by_zero"),
        ("1 / 0 IS NULL", "division_by_zero"), ("1 / 0 IS DISTINCT FROM NULL", "division_by_zero"),
        ("1 / 0 = NULL", "NULL"), ("nullif(1, 1 / 0)", "division_by_zero"), ("nullif(1 / 0, NULL)", "division_by_zero"),
        ("FALSE AND 1 / 0 > 1", "FALSE"), ("1 / 0 > 1 AND FALSE", "FALSE"), ("TRUE AND 1 / 0 > 1", "division_by_zero"),
        ("NULL AND 1 / 0 > 1", "division_by_zero"), ("TRUE OR 1 / 0 > 1", "TRUE"),
        ("NULL OR 1 / 0 > 1", "division_by_zero"),
        ("FALSE OR huge * huge > 1", "overflow"), ("huge * huge > 1 OR 1 / 0 > 1", "division_by_zero"),
        ("dose_quantity > 0 AND amount / dose_quantity > 5", "FALSE"),
        ("CASE WHEN dose_quantity = 0 THEN 0 ELSE amount / dose_quantity END", "0"),
        ("CASE WHEN 1 / 0 > 1 THEN 1 ELSE 2 END", "division_by_zero"),
        ("CASE amount / dose_quantity WHEN 1 THEN 1 ELSE 2 END", "division_by_zero"),
        ("amount / dose_quantity IN (1, 2)", "division_by_zero"), ("amount / dose_quantity IN (bed_count)", "NULL"),
        ("amount / NULLIF(dose_quantity, 0)", "NULL"),
        // Three values
        ("NULL", "NULL"), ("NULL = NULL", "NULL"), ("bed_count > 1 OR TRUE", "TRUE"),
        ("bed_count > 1 OR FALSE", "NULL"),
        ("bed_count > 1 AND FALSE", "FALSE"), ("NOT bed_count > 1", "NULL"), ("bed_count IS NULL", "TRUE"),
        ("is_known IS NULL", "TRUE"), ("(is_known OR is_open) IS NULL", "FALSE"), ("amount IN (1, 12.34)", "TRUE"),
        ("amount IN (1, bed_count)", "NULL"), ("amount NOT IN (1, bed_count, 12.34)", "FALSE"),
        ("1 / amount IN (bed_count, 3)", "NULL"),
        ("bed_count BETWEEN 1 AND 2", "NULL"), ("amount BETWEEN 20 AND bed_count", "FALSE"),
        ("amount NOT BETWEEN 1 AND 12.34", "FALSE"), ("bed_count IS DISTINCT FROM NULL", "FALSE"),
        ("amount IS DISTINCT FROM NULL", "TRUE"), ("code IS NOT DISTINCT FROM NULL", "TRUE"),
        ("CASE WHEN is_known THEN 1 WHEN is_open THEN 2 END", "2"), ("CASE WHEN is_known THEN 1 END", "NULL"),
        ("CASE bed_count WHEN 1 THEN 'x' ELSE 'y' END", "y"), ("coalesce(is_known, FALSE)", "FALSE"),
        // Texts
        ("trim(strength)", "0.25g"), ("upper('aÄ药')", "AÄ药"), ("lower('AÄ药')", "aÄ药"), ("left(product_name, 2)", "阿莫"),
        ("left(product_name, -4)", "阿莫西林"), ("right(product_name, 2)", "Ａ1"), ("right(product_name, -7)", "1"),
        ("right(product_name, -8)", ""), ("substring(product_name, 5, 1)", "💊"), ("substring('abc', 0, 2)", "a"),
        ("substring('abc', -5)", "abc"), ("substring('abc', 2, 0)", ""), ("substring('abc', 9)", ""),
        ("'a' || NULL", "NULL"), ("'' || 'a'", "a"), ("'' = ' '", "FALSE"), ("'' IS NULL", "FALSE"),
        ("'Z' < 'a'", "TRUE"),
        ("'\u{FFFD}' < '💊'", "TRUE"), ("greatest('a', 'Z', '药')", "药"), ("product_name LIKE '%💊_Ａ_'", "TRUE"),
        ("product_name LIKE '阿%林'", "FALSE"), ("'a_b' LIKE 'a!_b' ESCAPE '!'", "TRUE"),
        ("'axb' LIKE 'a!_b' ESCAPE '!'", "FALSE"),
        ("'a\\b' LIKE 'a\\b'", "TRUE"), ("'' LIKE '%'", "TRUE"), ("'' LIKE '_'", "FALSE"),
        ("'abab' LIKE '%ab'", "TRUE"),
        // Domain functions
        ("org_code_check('002977026')", "TRUE"), ("org_code_check('002977027')", "FALSE"),
        ("org_code_check('')", "FALSE"),
        ("org_code_check(code)", "NULL"), ("standard_code_check('86900372002735')", "TRUE"),
        ("standard_code_check('86900372002734')", "FALSE"), ("credit_code_check('11330282002977026G')", "TRUE"),
        ("credit_code_check('91350100M000100Y4Z')", "FALSE"), ("canonical_text('　Ａｂ C\t（1） ')", "abc(1)"),
        ("similarity('阿莫西林胶囊', '阿莫西林 胶囊')", "1"), ("similarity('night', 'nacht')", "0.25"),
        ("similarity('', ' ')", "1"), ("similarity('', 'a')", "0"), ("similarity('aaa', 'aa')", "0.6667"),
        ("similarity('a', NULL)", "NULL"),
        // Thresholds
        ("amount > :C27.amount", "FALSE"), ("amount / :Z.zero", "division_by_zero"), (":B04.text", "it's 无\\"),
        (":C02.day < report_date", "TRUE"), (":X.flag AND is_open", "TRUE"), (":big + 1", "overflow"),
    ])
    func `an expression has this value`(source: String, value: String) throws {
        #expect(try evaluated(source, row(Self.values)) == value, "\(source)")
    }

    @Test func `an evaluator gives the same over batches of different sizes and keeps its memory`() throws {
        var evaluator = Evaluator(
            try Program(typed("upper(code) || 'x' = 'ABx' OR amount > :C27.amount"), thresholds: thresholds))
        let hit = try row(["code": "ab", "amount": "1"])
        let miss = try row(["code": "b", "amount": "1"])
        let failing = try row(["amount": "300000000"])
        for size in [1, 5, 3, 0, 700, 2] {
            var rows: [TestRow] = []
            for index in 0..<size { rows.append([hit, miss, failing][index % 3]) }
            var batch = batch(rows)
            for _ in 0..<2 {
                evaluator.evaluate(&batch)
                for index in 0..<size { #expect(evaluator.outcome(row: index) == .value(index % 3 != 1)) }
                #expect(evaluator.counts().isTrue == size - (size + 1) / 3)
                #expect(evaluator.trueRows() == (0..<size).filter { $0 % 3 != 1 })
            }
        }
    }

    @Test func `bytes that are not UTF-8 are passed over without harm`() throws {
        let sources = [
            "length(code) > 0", "code LIKE '%_药'", "upper(left(code, 2)) = right(code, -1)",
            "similarity(code, 'x') > 0", "canonical_text(code) = substring(code, 2, 3)", "org_code_check(trim(code))",
        ]
        var random = SeededGenerator(seed: 7)
        for source in sources {
            var evaluator = Evaluator(try Program(typed(source)))
            var batch = batch([])
            for _ in 0..<300 {
                let bytes =
                    (0..<Int.random(in: 0...9, using: &random)).map { _ in
                        [0xE8, 0x8D, 0xAF, 0x80, 0xFF, 0xC0, 0xF0, 0x41, 0x20, 0xED, 0xA0].randomElement(using: &random)
                            ?? 0
                    } as [UInt8]
                batch.append(text: bytes.span, to: 9)
                batch.rowCount += 1
            }
            evaluator.evaluate(&batch)
            #expect(evaluator.counts().unknown == 0)
        }
    }

    /// Numbers past their column's bounds, which no reader gives, end nothing.
    @Test func `numbers beyond their bounds never end the program`() throws {
        for source in [
            "tiny * tiny * tiny / huge > -tiny", "abs(amount) * amount + amount - amount > 0",
            "round(amount / amount, 2) = 1",
            "greatest(amount, huge) * pack_quantity / tiny <> nullif(amount, huge)",
        ] {
            var evaluator = Evaluator(try Program(typed(source)))
            var batch = batch([])
            for value in [Int64.min, Int64.max, 0, -1] {
                for column in 0..<7 { batch.append(value, to: column) }
                batch.rowCount += 1
            }
            evaluator.evaluate(&batch)
            #expect(evaluator.rowCount == 4)
        }
    }
}

@Suite struct `Patterns of LIKE` {
    @Test func `find plain bytes as they find them part by part`() throws {
        var generator = SeededGenerator(seed: 5)
        let pieces = ["a", "b", "药", "荪", "饮片", "", "💊"]
        func text(_ pieces: [String], upTo count: Int) -> String {
            (0..<Int.random(in: 0...count, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? ""
            }
            .joined()
        }
        for _ in 0..<20_000 {
            let pattern = try #require(LikePattern(text(pieces + ["%", "%", "_"], upTo: 4)))
            let wanted = text(pieces, upTo: 6)
            let span = wanted.utf8.span
            #expect(pattern.matches(span) == pattern.matchesParts(span), "\(wanted) LIKE \(pattern.text)")
        }
    }
}
