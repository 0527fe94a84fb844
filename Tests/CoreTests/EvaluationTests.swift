import Core
import Testing

@Suite struct `Scores and grades` {
    @Test func `a rate is rounded half up to a hundredth of a per cent`() {
        #expect(Rate(1, of: 3).hundredths == 3_333)
        #expect(Rate(2, of: 3).hundredths == 6_667)
        #expect(Rate(1, of: 20_000).hundredths == 1)
        #expect(Rate(1, of: 20_001).hundredths == 0)
        #expect(Rate(5, of: 5).hundredths == 10_000)
        #expect(Rate(0, of: 0).hundredths == nil)
        #expect(Rate(Int.max / 4, of: Int.max / 2).hundredths == 5_000)
        #expect(Rate(1, of: 2) + Rate(1, of: 6) == Rate(2, of: 8))
    }

    @Test func `quality is seven parts records and three parts rules`() {
        let score = QualityScore(records: Rate(95, of: 100), rules: Rate(40, of: 50), checks: Rate(1, of: 2))
        #expect(score.score == 9_050)
        #expect(QualityScore(records: Rate(0, of: 0), rules: Rate(1, of: 1), checks: Rate(0, of: 0)).score == nil)
    }

    @Test func `a region's score is the weighted mean of the dimensions that there are`() {
        var region = RegionEvaluation(
            regionCode: "330100", name: nil, coverage: Rate(9, of: 10), match: Rate(1, of: 2), accuracy: Rate(0, of: 0),
            firstSubmitted: Rate(1, of: 1), resubmitted: Rate(0, of: 0), firstAccurate: Rate(1, of: 2))
        #expect(region.dimensions == [9_000, 5_000, nil, 7_500])
        #expect(region.score() == 7_167)
        let weights = EvaluationWeights(thresholds: ["region.weight.match": 0, "region.weight.coverage": 500_000])
        #expect(region.score(weights) == 8_500)
        #expect(region.score(EvaluationWeights(thresholds: ["region.weight.coverage": .max])) != nil)
        region.regionCode = "330000"
        #expect(region.isProvince)
    }

    @Test func `a grade follows from force, rate and questions, to the row`() throws {
        let limits = try #require(
            GradeLimits(thresholds: ["P50.rate.level3": 400, "P50.rate.level2": 400, "P50.rate.primary": 4_000]))
        func grade(_ level: InstitutionLevel, _ rows: Int, of all: Int = 100, forced: Bool = false, asked: Bool = true)
            -> Grade
        {
            limits.grade(
                GradeBasis(level: level, anomalousRows: rows, judgedRows: all, isForced: forced, isQuestioned: asked))
        }
        #expect(grade(.tertiary, 4) == .suggestedReturn)
        #expect(grade(.tertiary, 3) == .review)
        #expect(grade(.secondary, 399, of: 10_000) == .review)
        #expect(grade(.primary, 39) == .review)
        #expect(grade(.primary, 40) == .suggestedReturn)
        #expect(grade(.primary, 0, forced: true) == .forcedReturn)
        #expect(grade(.primary, 0, asked: false) == .pass)
        #expect(grade(.tertiary, 0, of: 0, asked: false) == .pass)
        #expect(grade(.tertiary, Int.max / 2, of: Int.max) == .suggestedReturn)
        #expect(GradeLimits(thresholds: ["P50.rate.level3": 400]) == nil)
    }

    @Test func `periods know the one before`() {
        for (now, before) in [("2025", "2024"), ("2025Q1", "2024Q4"), ("2025Q3", "2025Q2"), ("2025-01", "2024-12")] {
            #expect(Period(now)?.before == Period(before))
        }
        #expect(Period("1900")?.before == nil)
    }
}
