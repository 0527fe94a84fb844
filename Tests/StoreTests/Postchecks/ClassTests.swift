import Core
import Postgres
import TestDatabase
import Testing

@testable import Store

@Suite(.tags(.database), .needsDatabase) struct `Rules that ask for more columns of the libraries` {
    private static let results: SQL = """
        SELECT concat_ws(' ', i.hospital_code, rule_id, status) FROM yaoce_api.rule_result
        JOIN yaoce_api.submission i USING (submission_id)
        WHERE i.period = '2025' AND rule_id IN ('P43', 'P44', 'P45') ORDER BY 1
        """

    @Test func `are not applicable without them`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish([Province.institution(1)])
            try await province.load([Clinic(1, year: 2024)], period: "2024")
            try await province.load([Clinic(1)])
            try await province.judge()
            #expect(
                try await province.strings(Self.results)
                    == ["P43", "P44", "P45"].map { "\(code(1)) \($0) not_applicable" })
        }
    }

    @Test func `judge where they are there`() async throws {
        try await withStore { store, database in
            let province = try await Province(store, database)
            try await province.publish(
                [
                    Province.institution(1, ["bed_days": "100", "licences": "narcotic; special"]),
                    Province.institution(2, ["bed_days": "90000000", "licences": "special"]),
                    Province.institution(3),
                ]
            ) { drug in
                switch drug {
                case 0: ["is_key_monitored": "1"]
                case 1: ["is_antibiotic": "1", "ddd_per_unit": "0.5"]
                case 2: ["restricted_class": "narcotic"]
                default: [:]
                }
            }
            try await province.load([1, 2, 3].map { Clinic($0, year: 2024) }, period: "2024")
            var grown = Clinic(1)
            grown.lines[0].amounts[.usage]? *= 3
            try await province.load([grown, Clinic(2), Clinic(3)])
            try await province.judge()
            let (fine, broken) = ("passed", "passed_with_violations")
            #expect(
                try await province.strings(Self.results) == [
                    "\(code(1)) P43 \(broken)", "\(code(1)) P44 \(broken)", "\(code(1)) P45 \(fine)",
                    "\(code(2)) P43 \(fine)", "\(code(2)) P44 \(fine)", "\(code(2)) P45 \(broken)",
                    "\(code(3)) P43 \(fine)", "\(code(3)) P44 not_applicable", "\(code(3)) P45 not_applicable",
                ])
            #expect(
                try await province.strings(
                    "SELECT DISTINCT value || ' ' || expected FROM yaoce_api.finding WHERE rule_id = 'P45'")
                    == ["narcotic special"])
        }
    }
}
