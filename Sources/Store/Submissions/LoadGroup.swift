import Core
import Postgres

/// A group of submissions on its way into the fact tables.
struct LoadGroup {
    private struct Member {
        var id: SubmissionID
        var institution: Int32
        var period: Int32
        var rows: any StagedRows
        /// What its files count, by table.
        var expected: [DataTable: Int]
    }

    private struct Earlier {
        var ids: [SubmissionID] = []
        var periods: Set<Int32> = []
    }

    private var members: [Member] = []
    /// Drugs that somebody has still to decide on.
    private(set) var open = OpenDrugs()
    private var earlier = Earlier()

    /// Reads what the database knows of the submissions; those that were returned have no rows to load.
    init(_ staged: [(submission: Submission, rows: any StagedRows)], _ connection: isolated Connection) throws {
        let ids = staged.map(\.submission.id)
        let rows = try connection.query(
            """
            SELECT id, institution_id, period_key, verdict, loaded_at IS NOT NULL
            FROM yaoce.submission WHERE id = ANY (\(ids)) FOR UPDATE
            """)
        let counts = try connection.query(
            """
            SELECT submission_id, table_no, sum(rows_loaded)::bigint FROM yaoce.submission_file
            WHERE submission_id = ANY (\(ids)) AND table_no IS NOT NULL GROUP BY 1, 2
            """)
        var expected: [SubmissionID: [DataTable: Int]] = [:]
        for row in 0..<counts.count {
            guard let table = DataTable(number: try counts.value(row, 1)) else { continue }
            expected[try counts.value(row, 0), default: [:]][table] = try counts.value(row, 2)
        }
        var known: [SubmissionID: (institution: Int32, period: Int32, verdict: String?)] = [:]
        for row in 0..<rows.count {
            let id: SubmissionID = try rows.value(row, 0)
            known[id] = (try rows.value(row, 1), try rows.value(row, 2), try rows.value(row, 3))
            if try rows.value(row, 4) {
                earlier.ids.append(id)
                earlier.periods.insert(try rows.value(row, 2))
            }
        }
        for (submission, rows) in staged {
            guard let facts = known[submission.id] else { throw StoreError(problem: .noSuchSubmission(submission.id)) }
            guard let verdict = facts.verdict else { throw StoreError(problem: .notJudged(submission.id)) }
            guard verdict != Verdict.returned.rawValue else { continue }
            members.append(
                Member(
                    id: submission.id, institution: facts.institution, period: facts.period, rows: rows,
                    expected: expected[submission.id] ?? [:]))
        }
    }

    var periods: [Int32] { Set(members.map(\.period)).sorted() }

    /// A submission that is loaded once more must not have its rows twice.
    func removeEarlierRows(_ connection: isolated Connection) throws {
        guard !earlier.ids.isEmpty else { return }
        try Facts.remove(earlier.ids, periods: earlier.periods, connection)
    }

    // MARK: Copying

    mutating func copyDictionaries(_ connection: isolated Connection) throws {
        let headers = [
            "submission_id", "institution_id", "header_no", "report_date", "province_code", "org_code", "hospital_code",
            "hospital_name",
        ]
        try connection.copyIn(into: "yaoce.row_header", columns: headers) { writer in
            for member in members {
                var number: Int32 = 0
                try member.rows.forEachHeader { header in
                    writer.beginRow(fields: 8)
                    writer.append(Int32(member.id.rawValue))
                    writer.append(member.institution)
                    writer.append(number)
                    writer.append(header.reportDate.daysSince2000)
                    writer.append(header.provinceCode)
                    writer.append(header.orgCode)
                    writer.append(header.hospitalCode)
                    writer.append(header.hospitalName)
                    number += 1
                }
            }
        }
        let drugs = [
            "submission_id", "institution_id", "drug_no", "ypid", "hospital_drug_code", "procurement_code",
            "product_name", "matched_ypid", "match_method", "match_score",
            "match_equivalence",
        ]
        var open = OpenDrugs()
        let matches = try MatchedDrugs.load(of: members.map(\.id), connection) {
            open.add($0, of: $1, hospitalDrugCode: $2)
        }
        try connection.copyIn(into: "yaoce.named_drug", columns: drugs) { writer in
            for member in members {
                var number: Int32 = 0
                try member.rows.forEachDrug { drug in
                    open.note(number, of: member.id, hospitalDrugCode: drug.hospitalDrugCode)
                    writer.beginRow(fields: 11)
                    writer.append(Int32(member.id.rawValue))
                    writer.append(member.institution)
                    writer.append(number)
                    writer.append(drug.ypid)
                    writer.append(drug.hospitalDrugCode)
                    writer.append(drug.procurementCode)
                    writer.append(drug.productName)
                    if let match = matches.match(of: member.id, hospitalDrugCode: drug.hospitalDrugCode),
                        let ypid = match.ypid
                    {
                        writer.append(ypid)
                        writer.append(match.method)
                        writer.append(match.score.map { Int16(clamping: $0) })
                        writer.append(match.equivalence?.rawValue)
                    } else {
                        writer.append(drug.matchedYPID)
                        writer.append(drug.matchMethod)
                        writer.append(drug.matchScore.map { Int16(clamping: $0) })
                        writer.append(drug.matchedYPID == nil ? nil : Equivalence.equal.rawValue)
                    }
                    number += 1
                }
            }
        }
        self.open = open
    }

    func copyInstitutions(_ period: Int32, _ connection: isolated Connection) throws {
        let columns = ["annual_drug_income", "bed_count", "unit_head", "stats_head"]
        try copy(.institution, into: "institution_row", period, ["header_no"], columns, connection) {
            member, writer, row in
            try member.rows.forEachInstitutionRow {
                row(&writer, $0.origin)
                writer.append($0.header)
                writer.append($0.annualDrugIncome)
                writer.append($0.bedCount)
                writer.append($0.unitHead)
                writer.append($0.statsHead)
            }
        }
    }

    func copyCatalogues(_ period: Int32, _ connection: isolated Connection) throws {
        let columns = [
            "conversion_factor", "is_essential", "is_central_procurement", "is_consistency_evaluated", "generic_name",
            "trade_name", "trade_name_en", "approval_number", "manufacturer", "dosage_form", "strength", "dosage_unit",
            "pack_unit",
        ]
        try copy(.catalogue, into: "catalogue_row", period, ["header_no", "drug_no"], columns, connection) {
            member, writer, row in
            try member.rows.forEachCatalogueRow {
                row(&writer, $0.origin)
                writer.append($0.header)
                writer.append($0.drug)
                writer.append($0.conversionFactor)
                writer.append($0.isEssential)
                writer.append($0.isCentralProcurement)
                writer.append($0.isConsistencyEvaluated)
                writer.append($0.genericName)
                writer.append($0.tradeName)
                writer.append($0.tradeNameEnglish)
                writer.append($0.approvalNumber)
                writer.append($0.manufacturer)
                writer.append($0.dosageForm)
                writer.append($0.strength)
                writer.append($0.dosageUnit)
                writer.append($0.packUnit)
            }
        }
    }

    mutating func copyMovements(of table: DataTable, _ period: Int32, _ connection: isolated Connection) throws {
        let hasAmount = table != .stockOut
        var open = open
        let columns = ["pack_quantity", "dose_quantity"] + (hasAmount ? ["amount"] : [])
        try copy(table, into: table.rawValue, period, ["header_no", "drug_no"], columns, connection) {
            member, writer, row in
            let isOpen = table == .usage && open.concerns(member.id)
            try member.rows.forEachMovementChunk(of: table) { chunk in
                for movement in chunk {
                    if isOpen { open.count(movement.drug, amount: movement.amount, of: member.id) }
                    row(&writer, movement.origin)
                    writer.append(movement.header)
                    writer.append(movement.drug)
                    writer.append(movement.packQuantity)
                    writer.append(movement.doseQuantity)
                    if hasAmount { writer.append(movement.amount) }
                }
            }
        }
        self.open = open
    }

    /// Copies the rows of all members of a period into one partition and compares the counts: of each submission with
    /// its files, and of the whole with what PostgreSQL took.
    private func copy(
        _ table: DataTable, into name: String, _ period: Int32, _ ordinals: [String], _ own: [String],
        _ connection: isolated Connection,
        _ rows: (Member, inout BinaryCopyWriter, (inout BinaryCopyWriter, RowOrigin) -> Void) throws -> Void
    ) throws {
        let columns =
            ["institution_id", "period_key", "submission_id", "file_no", "line", "row_number"] + ordinals + own
        let fields = Int16(columns.count)
        let target = Facts.name(name, period)
        var sent = 0
        let taken = try connection.copyIn(into: target, columns: columns) { writer in
            for member in members where member.period == period {
                let before = writer.rows
                try rows(member, &writer) { writer, origin in
                    writer.beginRow(fields: fields)
                    writer.append(member.institution)
                    writer.append(period)
                    writer.append(Int32(member.id.rawValue))
                    writer.append(origin.file)
                    writer.append(origin.line)
                    writer.append(origin.row)
                }
                let found = writer.rows - before
                let expected = member.expected[table] ?? 0
                guard found == expected else {
                    throw StoreError(
                        problem: .countMismatch(member.id, what: table.rawValue, expected: expected, found: found))
                }
            }
            sent = writer.rows
        }
        guard taken == sent else { throw StoreError(problem: .copyMismatch(table: target, sent: sent, taken: taken)) }
    }
}
