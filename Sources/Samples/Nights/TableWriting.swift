import Core

/// Writes the tables of one submission as files and notes what must be found in each.
struct TableWriting {
    let plan: SubmissionPlan
    let rows: SubmissionRows
    let rules: Set<String>
    let other: SampleInstitution
    let seed: UInt64
    /// zlib's level for `.gz` files.
    let level: Int

    /// A defect of the plan that concerns a table's file.
    private func fileChange(of table: DataTable) -> (defect: Defect, change: FileChange)? {
        for defect in plan.defects {
            if case .file(table, let change) = defect.planting { return (defect, change) }
        }
        return nil
    }

    /// The changes of a table's header, with what must be found for each.
    private func headerChanges(of table: DataTable) -> [(defect: Defect, change: HeaderChange)] {
        plan.defects.compactMap { defect in
            guard case .header(table, let change) = defect.planting else { return nil }
            return (defect, change)
        }
    }

    /// The drugs whose rows several tables share the damage of, by position in the stock.
    private var plantedDrugs: [Int: (defect: Defect, rows: [DataTable: DrugRow])] {
        let used = rows.stock.drugs.indices.filter { rows.stock.drugs[$0].movement == .used }
        var planted: [Int: (defect: Defect, rows: [DataTable: DrugRow])] = [:]
        for defect in plan.defects {
            guard case .drug(let tables) = defect.planting else { continue }
            precondition(planted.count < used.count, "more defects than drugs")
            planted[used[used.count - 1 - planted.count]] = (defect, tables)
        }
        return planted
    }

    /// Which rows of a table get which defect, by position in the table.
    private func plantedRows(_ table: DataTable, _ positions: [Int]) -> [Int: Defect] {
        let defects = plan.defects.filter { if case .row(table, _) = $0.planting { true } else { false } }
        guard !defects.isEmpty else { return [:] }
        // A drug that has nothing to do with later tables, so that the damage has no echo there.
        let wanted: Movement =
            switch table {
            case .institution, .usage: .used
            case .catalogue: .idle
            case .stockIn: .received
            case .stockOut: .issued
            }
        let taken = plantedDrugs
        let free = positions.indices.filter { table == .institution || taken[positions[$0]] == nil }
        let quiet = free.filter { table == .institution || rows.stock.drugs[positions[$0]].movement == wanted }
        let places = quiet.count >= defects.count ? quiet : free
        precondition(places.count >= defects.count, "more defects than rows in \(table.rawValue)")
        // Spread over the file, in order.
        var planted: [Int: Defect] = [:]
        for (index, defect) in defects.enumerated() {
            planted[places[index * places.count / defects.count]] = defect
        }
        return planted
    }

    /// Writes the file or the parts of a table; gives what was written.
    ///
    /// - Parameter make: begins a file with a name and says what it is called in findings.
    func write(
        _ table: DataTable, floor: DelimitedFileWriter?, make: (String) throws -> (FileResult, HashedFile)
    ) throws -> [FileResult] {
        let special = fileChange(of: table)
        var positions = rows.positions(in: table)
        switch special?.change {
        case .missing: return []
        case .content(let bytes): return [try writeContent(bytes, special?.defect, table, make)]
        case .withoutRows: positions = []
        case .copy, .otherVersion, .documentType, .wrongNesting, .wrongTotal, nil: break
        }
        var results: [FileResult] = []
        let parts = plan.parts[table] ?? 1
        let planted = plantedRows(table, positions)
        for part in 0..<parts {
            let range = positions.count * part / parts..<positions.count * (part + 1) / parts
            let name = plan.fileName(of: table, part: parts > 1 ? part + 1 : nil)
            results.append(
                try writeFile(
                    table, name, positions, range, planted, parts > 1 ? nil : special, floor: floor, make: make,
                    isLast: part == parts - 1))
        }
        if let special, special.change == .copy || special.change == .otherVersion {
            let range = positions.startIndex..<positions.endIndex - (special.change == .copy ? 0 : 1)
            var second = try writeFile(
                table, plan.secondFileName(of: table), positions, range, planted, nil, floor: nil, make: make)
            // The rows of a second file with the same bytes are repeats; what is wrong with them is said of the first.
            if special.change == .copy { second.becomeCopy() }
            for expectation in special.defect.expected where rules.contains(expectation.rule) {
                second.expect(expectation, line: nil, row: nil)
            }
            results.append(second)
        }
        return results
    }

    private func writeContent(
        _ bytes: [UInt8], _ defect: Defect?, _ table: DataTable, _ make: (String) throws -> (FileResult, HashedFile)
    ) throws -> FileResult {
        var (result, file) = try make(plan.fileName(of: table, part: nil))
        result.expected.table = table
        try file.write(bytes)
        try file.close()
        result.digest = file.digest
        result.expected.encoding = nil
        result.expected.delimiter = nil
        for expectation in defect?.expected ?? [] where rules.contains(expectation.rule) {
            result.expect(expectation, line: nil, row: nil)
        }
        return result
    }

    private func writeFile(
        _ table: DataTable, _ name: String, _ positions: [Int], _ range: Range<Int>, _ planted: [Int: Defect],
        _ special: (defect: Defect, change: FileChange)?, floor: DelimitedFileWriter?,
        make: (String) throws -> (FileResult, HashedFile), isLast: Bool = false
    ) throws -> FileResult {
        var (result, file) = try make(name)
        result.expected.table = table
        let dataSet = DataSet.of(table)
        let changes = headerChanges(of: table)
        // Parts of a table and its second file have the same columns in the same order.
        var order = SeededGenerator(seed: seed, path: 0x60, UInt64(rows.institution.number), UInt64(table.number))
        let columns = plan.format.columns(of: dataSet, changes: changes.map(\.change), using: &order)
        let output = try TextOutput(
            file, encoding: plan.format.encoding, isPacked: plan.format.isPacked, level: level)
        let writer: any TableFileWriter
        if plan.format.isXML {
            writer = try XMLFileWriter(
                output, plan.format, dataSet: dataSet, hospitalCode: rows.institution.hospitalCode,
                period: rows.period, columns: columns,
                prologue: special?.change == .documentType ? "<!DOCTYPE dataset>\n" : "")
        } else {
            let format = plan.format.with { $0.hasWrongTotal = special?.change == .wrongTotal }
            writer = try DelimitedFileWriter(
                output, format, dataSet: dataSet, title: "\(table.chineseName)（\(rows.period)）", columns: columns)
        }
        for change in changes {
            for expectation in change.defect.expected where rules.contains(expectation.rule) {
                result.expect(expectation, line: writer.headerLine, row: nil)
            }
        }
        try writeRows(table, positions, range, planted, writer, &result, floor: floor)
        if isLast { try writeLaterRows(table, positions, planted, writer, &result) }
        result.expected.rowsRead = writer.rowCount
        let totalLine = try writer.writeBare("")
        if try writer.writeTotal() {
            result.expected.rowsRead = writer.rowCount
            result.totalLines = 1
        }
        try finish(special, writer, totalLine, &result)
        try writer.close()
        result.digest = file.digest
        return result
    }

    private func writeRows(
        _ table: DataTable, _ positions: [Int], _ range: Range<Int>, _ planted: [Int: Defect],
        _ writer: any TableFileWriter, _ result: inout FileResult, floor: DelimitedFileWriter?
    ) throws {
        let dataSet = DataSet.of(table)
        var random = SeededGenerator(seed: seed, path: 0x61, UInt64(rows.institution.number), UInt64(table.number))
        let some = plan.badRowsPerMille > 0 ? Defect.randomDefects(in: table, rules: rules, format: plan.format) : []
        var row = CellRow()
        let drugs = table == .institution ? [:] : plantedDrugs
        for index in range {
            rows.fill(&row, table, positions[index])
            if let floor { _ = try floor.write(row, damage: .none) }
            if let drug = drugs[positions[index]] {
                try writeDrugRow(table, drug.defect, drug.rows[table], &row, writer, &result)
                continue
            }
            var defect = planted[index]
            if !some.isEmpty, random.happens(perMille: plan.badRowsPerMille) { defect = random.pick(some) }
            guard let defect, case .row(_, let change) = defect.planting else {
                _ = try writer.write(row, damage: .none)
                continue
            }
            let context = context(of: row, dataSet)
            let made = change(context)
            try write(made, &row, dataSet, writer) { line, cells, isAgain in
                for expectation in wanted(defect, context)
                where isAgain == (expectation.place == .secondRow) && expectation.place != .laterRow {
                    result.expect(
                        expectation, line: line, row: writer.rowCount,
                        planted: expectation.column.flatMap { cells[$0] } ?? made.extraCells.first)
                    if expectation.rule == "E02" { result.repeatedRows += 1 }
                }
            }
        }
    }

    /// Writes a row and what follows it; says each.
    private func write(
        _ made: RowChange, _ row: inout CellRow, _ dataSet: DataSet, _ writer: any TableFileWriter,
        _ written: (_ line: Int, _ cells: [String: String], _ isAgain: Bool) -> Void
    ) throws {
        row.replace(bytes(of: made.cells, dataSet))
        let damage = RowDamage(rawTails: bytes(of: made.rawTails, dataSet), extraCells: made.extraCells)
        written(try writer.write(row, damage: damage), made.cells, false)
        for again in [made.again].compactMap({ $0 }) + made.more {
            row.replace(bytes(of: again, dataSet))
            written(try writer.write(row, damage: .none), again, true)
        }
    }

    /// A row of a drug whose damage shows in several tables.
    private func writeDrugRow(
        _ table: DataTable, _ defect: Defect, _ change: DrugRow?, _ row: inout CellRow,
        _ writer: any TableFileWriter, _ result: inout FileResult
    ) throws {
        let dataSet = DataSet.of(table)
        let context = context(of: row, dataSet)
        var made = RowChange()
        switch change {
        case .missing: return
        case .changed(let change): made = change(context)
        case nil: break
        }
        try write(made, &row, dataSet, writer) { line, cells, _ in
            for expectation in wanted(defect, context) where expectation.place == .rowOf(table) {
                result.expect(
                    expectation, line: line, row: writer.rowCount, planted: expectation.column.flatMap { cells[$0] })
            }
        }
    }

    /// Rows that contradict others of an earlier part.
    private func writeLaterRows(
        _ table: DataTable, _ positions: [Int], _ planted: [Int: Defect], _ writer: any TableFileWriter,
        _ result: inout FileResult
    ) throws {
        let dataSet = DataSet.of(table)
        var row = CellRow()
        for (index, defect) in planted.sorted(by: { $0.key < $1.key }) {
            guard case .row(_, let change) = defect.planting else { continue }
            rows.fill(&row, table, positions[index])
            let context = context(of: row, dataSet)
            guard let later = change(context).later else { continue }
            row.replace(bytes(of: later, dataSet))
            let line = try writer.write(row, damage: .none)
            for expectation in wanted(defect, context) where expectation.place == .laterRow {
                result.expect(
                    expectation, line: line, row: writer.rowCount, planted: expectation.column.flatMap { later[$0] })
            }
        }
    }

    private func context(of row: CellRow, _ dataSet: DataSet) -> RowContext {
        RowContext(dataSet: dataSet, row: row, period: rows.period, other: other, retiredYPID: rows.retiredYPID)
    }

    /// What a defect must bring by the rules that the key speaks about.
    private func wanted(_ defect: Defect, _ context: RowContext) -> [Expectation] {
        defect.expected.filter { rules.contains($0.rule) && $0.applies(context) }
    }

    /// What is wrong with the file as a whole and shows at its end.
    private func finish(
        _ special: (defect: Defect, change: FileChange)?, _ writer: any TableFileWriter, _ totalLine: Int,
        _ result: inout FileResult
    ) throws {
        guard let special else { return }
        var line: Int?
        switch special.change {
        case .documentType:
            // Nothing after the declaration is read.
            line = 2
            result.expected.rowsRead = 0
            result.badRows = []
        case .wrongNesting:
            line = try writer.writeBare("  <row><report_date>20260110</row></report_date>\n")
        case .withoutRows: line = writer.headerLine
        case .wrongTotal:
            for expectation in special.defect.expected where rules.contains(expectation.rule) {
                result.expect(expectation, line: totalLine, row: writer.rowCount)
            }
            return
        case .missing, .content: break
        case .copy, .otherVersion: return
        }
        for expectation in special.defect.expected where rules.contains(expectation.rule) {
            result.expect(expectation, line: line, row: nil)
        }
    }

    private func bytes(of cells: [String: String], _ dataSet: DataSet) -> [Int: [UInt8]] {
        bytes(of: cells.mapValues { Array($0.utf8) }, dataSet)
    }

    private func bytes(of cells: [String: [UInt8]], _ dataSet: DataSet) -> [Int: [UInt8]] {
        var result: [Int: [UInt8]] = [:]
        for (name, value) in cells { if let position = dataSet.position(of: name) { result[position] = value } }
        return result
    }
}
