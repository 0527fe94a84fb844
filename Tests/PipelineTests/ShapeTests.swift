import Core
import Pipeline
import Postgres
import Store
import TestDatabase
import TestNight
import Testing

@Suite struct `The same tables in every shape` {
    /// One institution sends the same rows again and again, each time as another kind of file.
    @Test(.timeLimit(.minutes(10))) func `load identical rows`() async throws {
        try await withNight { night in
            let first = try TestSubmission(.utf8)
            try first.drop(into: night.folder)
            try await night.run()
            let expected = try await facts(night)
            #expect(expected["usage"]?.isEmpty == false)
            #expect(expected["institution"]?.count == 1)

            for shape in TestSubmission.Shape.allCases where shape != .utf8 {
                let submission = try TestSubmission(shape)
                #expect(submission.hospitalCode == first.hospitalCode)
                try submission.drop(into: night.folder)
                var settled = night
                settled.settings.settleSeconds = 0
                let outcome = try await settled.run()
                let entry = try #require(outcome.report.submissions.first, "\(shape) was not taken")
                #expect(entry.verdict == .passed || entry.verdict == .passedWithWarnings, "\(shape)")
                #expect(PublicViews.differences(try await facts(night), expected) == [], "\(shape)")
                // Against the version before it nothing was added, removed or changed.
                let store = try await night.database.store()
                let difference = try await store.difference(of: entry.submission.id, sampleLimit: 5)
                await store.close()
                for table in try #require(difference).tables {
                    #expect(table.added == 0 && table.removed == 0 && table.changed == 0, "\(shape)")
                }
            }
        }
    }

    private func facts(_ night: Night) async throws -> [String: [String]] {
        let places = ["file_name", "member", "line", "row_number", "submission"]
        let views = try await night.views(leavingOut: places)
        return views.filter { ["institution", "catalogue", "stock_in", "stock_out", "usage"].contains($0.key) }
            .mapValues {
                // The version is in the name of the submission; it is the only thing that may differ.
                $0.map { $0.replacing(/"submission": "[^"]*"/, with: "") }
            }
    }
}
