import Core

/// The night of `SampleData`: small enough to read, with every format and every kind of defect that the reading finds.
struct SmallNight {
    /// The submissions, in the order in which they are to be taken.
    let submissions: [SubmissionPlan]
    /// Institutions that must report and do not.
    let silent: [SampleInstitution]
    private let strangers: SampleInstitution

    init(seed: UInt64) {
        var roster = Roster(seed: seed)
        submissions =
            SmallNight.clean(&roster) + SmallNight.dirty(&roster) + SmallNight.returned(&roster)
            + SmallNight.packages(&roster) + SmallNight.outsiders(&roster)
        silent = [roster.next(.primary, 52), roster.next(.primary, 52)]
        strangers = roster.next(.primary, 52)
    }

    /// Gives institutions their numbers.
    private struct Roster {
        let seed: UInt64
        var count = 0
        var ordinals: [InstitutionKind: Int] = [:]

        init(seed: UInt64) { self.seed = seed }

        mutating func next(_ kind: InstitutionKind, _ drugs: Int, idleEvery: Int = 40) -> SampleInstitution {
            defer {
                count += 1
                ordinals[kind, default: 0] += 1
            }
            return SampleInstitution(
                seed: seed, number: count, ordinal: ordinals[kind] ?? 0, kind: kind, drugCount: drugs,
                idleEvery: idleEvery)
        }
    }

    private static func defects(_ names: String) -> [Defect] {
        names.split(separator: " ").map { name in
            guard let defect = Defect.named(String(name)) else { preconditionFailure("no defect is called \(name)") }
            return defect
        }
    }

    private static func plan(
        _ institution: SampleInstitution, _ about: Phrase, _ change: (inout SubmissionPlan) -> Void = { _ in }
    ) -> SubmissionPlan {
        var plan = SubmissionPlan(institution: institution, about: about)
        change(&plan)
        return plan
    }

    private static func clean(_ roster: inout Roster) -> [SubmissionPlan] {
        let resubmitting = roster.next(.primary, 54)
        func package(_ plan: inout SubmissionPlan) {
            plan.fileNames = .chinese
            plan.hasUnmarkedNames = true
            plan.format.encoding = .gb18030
            plan.format.lineEnd = "\r\n"
        }
        return [
            plan(roster.next(.primary, 56), Phrase("无误：UTF-8 CSV", "clean: CSV in UTF-8")),
            plan(
                roster.next(.primary, 58),
                Phrase("无误：GB18030 CSV，有标题行、说明行、序号列和合计行", "clean: CSV in GB18030 with title, note, 序号 and total lines")
            ) {
                $0.fileNames = .chinese
                $0.format.encoding = .gb18030
                $0.format.lineEnd = "\r\n"
                $0.format.titleLines = 2
                $0.format.hasSequence = true
                $0.format.hasTotal = true
            },
            plan(
                roster.next(.secondary, 160),
                Phrase("无误：gzip 压缩的 TSV，UTF-8 带 BOM，使用表分两部分", "clean: TSV in UTF-8 with BOM, gzip, usage in two parts")
            ) {
                $0.format.encoding = .utf8WithMark
                $0.format.delimiter = "\t"
                $0.format.fileExtension = "tsv"
                $0.format.isPacked = true
                $0.parts = [.usage: 2]
            },
            plan(resubmitting, Phrase("第一次提交：zip，文件名为 GBK", "the first submission: a zip with GBK names")) {
                package(&$0)
                $0.layout = .folderPackage(stamp: "20260118093000")
            },
            plan(
                resubmitting,
                Phrase("重新提交：取代前一次，部分数量有改动", "the resubmission: supersedes the first, some quantities differ")
            ) {
                package(&$0)
                $0.layout = .folderPackage(stamp: "20260123101500")
                $0.version = 2
            },
            plan(
                roster.next(.tertiary, 300),
                Phrase(
                    "无误：收件箱根目录的 zip，带清单，英文表头，分号分隔",
                    "clean: a zip at the root with a manifest, English headers, semicolons")
            ) {
                $0.layout = .rootPackage(stamp: "20260120140000")
                $0.hasManifest = true
                $0.format.delimiter = ";"
                $0.format.headers = .english
                $0.format.fileExtension = "txt"
            },
            plan(roster.next(.primary, 52), Phrase("无误：XML 子元素", "clean: XML with child elements")) {
                $0.format = .xml(.elements)
            },
            plan(roster.next(.primary, 52), Phrase("无误：XML 属性，GB18030", "clean: XML with attributes, GB18030")) {
                $0.format = .xml(.attributes, .gb18030)
                $0.fileNames = .chinese
            },
            plan(roster.next(.primary, 52), Phrase("无误：XML field 元素，UTF-16", "clean: XML with field elements, UTF-16"))
            {
                $0.format = .xml(.fields, .utf16LittleEndian)
                $0.parts = [:]
            },
            plan(
                roster.next(.other, 150),
                Phrase(
                    "无误：UTF-16 CSV，竖线分隔，表头别名，列序打乱，全部加引号",
                    "clean: UTF-16, pipes, header aliases, shuffled columns, all quoted")
            ) {
                $0.format.encoding = .utf16LittleEndian
                $0.format.delimiter = "|"
                $0.format.headers = .alias
                $0.format.isShuffled = true
                $0.format.quotesAll = true
            },
        ]
    }

    private static func dirty(_ roster: inout Roster) -> [SubmissionPlan] {
        [
            plan(
                roster.next(.secondary, 300, idleEvery: 5),
                Phrase("代码、必填、文本和字节错误", "wrong codes, blanks, texts and bytes")
            ) {
                $0.defects = defects(
                    "C01-day C01-serial C02-early C02-late C03 C04 C05 C06 C07 C08 B01-manufacturer B01-product_name "
                        + "B01-pack_quantity B03 B04-manufacturer B04-product_name C12-product_name C12-manufacturer "
                        + "C13-blank C13-zero-width C15-error C15-word C18-exponent C18-zeros C33 C34 A15-invalid "
                        + "A15-replaced A16-columns")
            },
            plan(roster.next(.primary, 110, idleEvery: 5), Phrase("数字错误，GB18030", "wrong numbers, GB18030")) {
                $0.fileNames = .chinese
                $0.format.encoding = .gb18030
                $0.format.lineEnd = "\r\n"
                $0.format.titleLines = 1
                $0.format.hasSequence = true
                $0.format.headers = .loose
                $0.defects = defects(
                    "C16-amount C16-quantity C16-factor C17-currency C17-full-width C17-exponent C19-zero C19-negative "
                        + "C20 C22-zero C22-negative C23 C24 C25 C26 C27 C28-amount C28-quantity C29")
            },
            plan(roster.next(.primary, 60, idleEvery: 5), Phrase("XML 中的错误", "errors in XML")) {
                $0.format = .xml(.elements)
                $0.defects = defects(
                    "C01-day C03 C06 B01-manufacturer B03 B04-product_name C13-zero-width C15-error C16-amount "
                        + "C17-currency C19-zero C22-negative C25 C28-quantity C30 C33 C34")
            },
            plan(roster.next(.primary, 60, idleEvery: 5), Phrase("只有警告", "nothing but warnings")) {
                $0.defects = defects(
                    "A08-copy A09 A11 A12 C13-blank C13-zero-width C15-word C17-full-width C17-exponent C28-amount "
                        + "C28-quantity")
            },
        ]
    }

    private static func returned(_ roster: inout Roster) -> [SubmissionPlan] {
        let cases: [(names: String, about: Phrase, change: (inout SubmissionPlan) -> Void)] = [
            ("A07", Phrase("退回：缺一张表", "returned: a table is missing"), { _ in }),
            (
                "A10 A13 A14", Phrase("退回：缺必填列、列重复、无数据", "returned: a column missing, one twice, a table without rows"),
                { _ in }
            ),
            (
                "A16-doctype", Phrase("退回：XML 带 DTD", "returned: XML with a DTD"),
                { $0.format = .xml(.fields) }
            ),
            (
                "A16-nesting", Phrase("退回：XML 嵌套错误", "returned: XML that is not well-formed"),
                { $0.format = .xml(.elements, .gb18030) }
            ),
            (
                "A20 C16-amount", Phrase("退回：夹有另一家机构的一行", "returned: a row of another institution"),
                { _ in }
            ),
            (
                "A22 A25-rows A25-hash", Phrase("退回：清单与文件不符", "returned: the manifest says otherwise"),
                { $0.hasManifest = true }
            ),
            ("A08-differs", Phrase("退回：一张表两份不同的文件", "returned: two files of one table"), { _ in }),
            ("A01", Phrase("退回：图片改名为 csv", "returned: a picture named csv"), { _ in }),
        ]
        return cases.map { entry in
            plan(roster.next(.primary, 52, idleEvery: 5), entry.about) {
                $0.defects = defects(entry.names)
                entry.change(&$0)
            }
        }
    }

    private static func packages(_ roster: inout Roster) -> [SubmissionPlan] {
        let cases: [(String, Phrase)] = [
            ("A03", Phrase("退回：压缩包内 106 个文件", "returned: a zip of 106 entries")),
            ("A04", Phrase("退回：压缩炸弹", "returned: a zip bomb, kept small")),
            ("A05-truncated", Phrase("退回：压缩包不完整", "returned: a zip that ends early")),
            ("A05-encrypted", Phrase("退回：压缩包有密码", "returned: a zip with a password")),
            ("A05-nested", Phrase("退回：压缩包里有压缩包", "returned: a zip in a zip")),
            ("A06", Phrase("退回：压缩包想写到外面", "returned: a zip that wants to write outside")),
        ]
        return cases.enumerated().map { index, entry in
            plan(roster.next(.primary, 52), entry.1) {
                $0.defects = defects(entry.0)
                let stamp = "2026012\(index)160000"
                $0.layout = index % 2 == 0 ? .rootPackage(stamp: stamp) : .folderPackage(stamp: stamp)
            }
        }
    }

    private static func outsiders(_ roster: inout Roster) -> [SubmissionPlan] {
        var unknown = roster.next(.primary, 52)
        unknown.isUnlisted = true
        return [
            plan(unknown, Phrase("退回：机构库中没有的机构", "returned: an institution that the library does not list")),
            plan(
                roster.next(.primary, 52),
                Phrase("还没传完：没有 submission.ok，文件刚改过", "half-written: no submission.ok, files changed just now")
            ) {
                $0.layout = .loose(isComplete: false)
                $0.defects = defects("A07")
                $0.outcome = .notReady
            },
        ]
    }

    /// Writes what lies in the inbox and is no submission.
    func writeStrangers(into sink: any SampleSink) throws -> [ExpectedIntake] {
        let link = "YPJC_\(strangers.hospitalCode)_2025_20260119080000.zip"
        try sink.makeLink(at: "inbox/\(link)", to: "../outside.zip")
        try sink.write("收件箱每晚 22 点处理。\n", to: "inbox/值班说明.txt")
        return [
            ExpectedIntake(
                source: link, outcome: .refused, about: "符号链接，不跟随", aboutInEnglish: "a symbolic link, not followed"),
            ExpectedIntake(
                source: "值班说明.txt", outcome: .refused, about: "不是提交的文件", aboutInEnglish: "a file that is no submission"),
        ]
    }
}
