import Core

/// A night with every defect there is, several in a file, for the whole rule set before the load.
struct PlantedNight {
    /// The submissions, in the order in which they are to be taken.
    let submissions: [SubmissionPlan]

    init(seed: UInt64) {
        var roster = SmallNight.Roster(seed: seed)
        submissions =
            PlantedNight.clean(&roster) + PlantedNight.rows(&roster) + PlantedNight.wholes(&roster)
            + SmallNight.returned(&roster) + SmallNight.packages(&roster)
            + SmallNight.outsiders(&roster).filter { $0.outcome == .taken }
    }

    private static func plan(
        _ institution: SampleInstitution, _ names: String, _ change: (inout SubmissionPlan) -> Void = { _ in }
    ) -> SubmissionPlan {
        SmallNight.plan(institution, Phrase("埋设：\(names)", "planted: \(names)")) {
            $0.defects = SmallNight.defects(names)
            change(&$0)
        }
    }

    private static func clean(_ roster: inout SmallNight.Roster) -> [SubmissionPlan] {
        [
            SmallNight.plan(roster.next(.primary, 56), Phrase("无误", "clean")),
            SmallNight.plan(roster.next(.secondary, 160), Phrase("无误：XML", "clean: XML")) {
                $0.format = .xml(.attributes, .gb18030)
            },
        ]
    }

    private static func rows(_ roster: inout SmallNight.Roster) -> [SubmissionPlan] {
        SmallNight.dirty(&roster) + [
            plan(
                roster.next(.secondary, 300, idleEvery: 5),
                "B02 B06 C10 C11 C14 C21 C36 D01 D02 D03 D06 D07 D08 D09 D10 D11 D12 D13 D14 D15 E01 E02 F01 F02 F03 F04 "
                    + "F05 F06 F07 F08 F10 F11 G01 G02 G03"),
            plan(roster.next(.primary, 120, idleEvery: 5), "B01-echo D11-echo G06 G08 E03 E04 G04 F12"),
            plan(roster.next(.primary, 120, idleEvery: 5), "B01-echo D11-echo G06 G08 E03 E04 D11 F01 C16-amount") {
                $0.format = .xml(.fields)
            },
            plan(roster.next(.primary, 80, idleEvery: 5), "E06 C23 C22-zero") { $0.parts = [.stockIn: 2] },
        ]
    }

    private static func wholes(_ roster: inout SmallNight.Roster) -> [SubmissionPlan] {
        var unexpected = roster.next(.primary, 52)
        unexpected.mustReport = false
        var expired = roster.next(.primary, 52)
        expired.isExpired = true
        // A third of all rows, none of which shows in another table.
        let many =
            Array(repeating: "B01-product_name", count: 3) + Array(repeating: "C23", count: 15)
            + Array(repeating: "B01-pack_quantity", count: 15) + Array(repeating: "B01-manufacturer", count: 15)
        return [
            plan(unexpected, "A18"), plan(expired, "D04"), plan(roster.next(.primary, 52), "B05"),
            plan(roster.next(.primary, 70), "G05"), plan(roster.next(.primary, 40), "G09"),
            plan(roster.next(.secondary, 140), "G09 C32"), plan(roster.next(.primary, 52), "D05"),
            plan(roster.next(.primary, 52), "G11"),
            plan(roster.next(.primary, 52), "C31"), plan(roster.next(.primary, 52), "G13"),
            plan(roster.next(.primary, 52), "E05"),
            plan(roster.next(.primary, 60, idleEvery: 4), many.joined(separator: " ")),
        ]
    }
}
