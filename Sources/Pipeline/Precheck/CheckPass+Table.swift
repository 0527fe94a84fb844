internal import Core
internal import Readers
internal import Rules

/// What the parts of one table share while they are read.
private struct TablePass: ~Copyable {
    let dataSet: DataSet
    var keys: KeyLedger
    var dataRows = 0

    init(_ table: DataTable, condemned: Set<UInt64>) {
        dataSet = DataSet.of(table)
        keys = KeyLedger(condemned: condemned)
    }
}

/// What one file needs while it is read.
private struct FilePass: ~Copyable {
    let index: Int
    var typed = TypedBatch()
    var checks: RowChecks?
    var totals: ControlTotals
    var encoding = TextEncoding.utf8
    /// How the reader gives a row's bytes: what it had to transcode to read at all comes as UTF-8.
    var rawEncoding = TextEncoding.utf8
    /// Columns the file has, by position; cells of others are absent and not blank.
    var present: [Int] = []

    init(index: Int, _ dataSet: DataSet) {
        self.index = index
        totals = ControlTotals(dataSet)
    }
}

extension CheckPass {
    /// Reads all files of a table.
    mutating func checkTable(_ table: DataTable, _ sources: [(file: SourceFile, role: PackageContents.Role)]) throws {
        guard let first = sources.first else { return }
        var pass = TablePass(table, condemned: condemned.keys[table] ?? [])
        for (source, role) in sources {
            let index = files.count
            switch role {
            case .part: try checkFile(source, &pass)
            case .copy: try skipCopy(source, table)
            case .rival:
                var own = TablePass(table, condemned: [])
                try checkFile(source, &own)
            }
            guard role != .part else { continue }
            try add(
                Observation(
                    "A08", at: Place(table: table, file: index), details: ["other_file": first.file.shownName],
                    severity: role == .copy ? .warning : nil))
        }
        if !pass.keys.newlyCondemned.isEmpty { newlyCondemned.keys[table] = pass.keys.newlyCondemned }
        if table == .institution, pass.dataRows > 1, !condemned.hasSeveralInstitutionRows {
            newlyCondemned.hasSeveralInstitutionRows = true
        }
    }

    /// Counts the rows of a file that repeats another byte for byte; what is wrong with them is said there.
    private mutating func skipCopy(_ source: SourceFile, _ table: DataTable) throws {
        let dataSet = DataSet.of(table)
        let archived = input.files.first { $0.name == source.name }
        var outcome = FileOutcome(
            name: source.name, member: source.member, table: table,
            sha256: source.member == nil ? archived?.sha256.hex ?? "" : "", size: source.size ?? archived?.size ?? 0)
        let (bytes, hash) = try source.openHashing(limits: settings.limits)
        let reader = try TableReaders.reader(for: source, bytes, dataSet, settings.limits)
        var batch = RowBatch(dataSet)
        while try reader.next(into: &batch) {
            for row in batch.rows {
                let reason: SkipReason = row.isTotal ? .totalLine : .identicalRepeat
                outcome.rowsSkipped[reason.rawValue, default: 0] += 1
                outcome.rowsRead += 1
            }
        }
        outcome.encoding = reader.facts.encoding
        outcome.delimiter = reader.facts.delimiter
        outcome.headers = reader.facts.headers
        if source.member != nil { outcome.sha256 = try hash.digest().hex }
        files.append(outcome)
    }

    private mutating func checkFile(_ source: SourceFile, _ table: inout TablePass) throws {
        let dataSet = table.dataSet
        let archived = input.files.first { $0.name == source.name }
        let index = files.count
        files.append(
            FileOutcome(
                name: source.name, member: source.member, table: dataSet.table,
                sha256: source.member == nil ? archived?.sha256.hex ?? "" : "", size: source.size ?? archived?.size ?? 0
            ))
        var pass = FilePass(index: index, dataSet)
        do {
            let (bytes, hash) = try source.openHashing(limits: settings.limits)
            let reader = try TableReaders.reader(for: source, bytes, dataSet, settings.limits)
            var batch = RowBatch(dataSet)
            while try reader.next(into: &batch) {
                try checkBatch(&batch, reader, &pass, &table)
            }
            try close(reader, pass, dataSet)
            if source.member != nil {
                files[index].sha256 = try hash.digest().hex
                files[index].size = hash.count
            }
        } catch let error as ReadingError {
            // Rows that came before the damage keep their place in the sums; nothing of the submission is loaded.
            try add(unusable(error, source, Place(table: dataSet.table, file: index)))
        }
    }

    /// What the file as a whole showed: group A, F12, and how it was read.
    private mutating func close(_ reader: any TableReader, _ pass: borrowing FilePass, _ dataSet: DataSet) throws {
        let facts = reader.facts
        files[pass.index].encoding = facts.encoding
        files[pass.index].delimiter = facts.delimiter
        files[pass.index].headers = facts.headers
        for (position, kinds) in pass.typed.normalised {
            files[pass.index].normalised[dataSet.columns[position].name] = kinds
        }
        for var observation in reader.fileObservations + pass.totals.observations {
            observation.place.table = dataSet.table
            observation.place.file = pass.index
            // A record that is malformed costs its row; XML that is not well-formed costs the file.
            if observation.rule == "A16", observation.severity == nil { observation.severity = .interrupt }
            try add(observation)
        }
        try checkDeclaration(facts, pass.index, dataSet)
    }

    /// What an XML root says of itself: A20, A22, and the table.
    private mutating func checkDeclaration(_ facts: FileFacts, _ index: Int, _ dataSet: DataSet) throws {
        let place = Place(table: dataSet.table, file: index)
        if let period = facts.declared["period"], Period(period) != input.period {
            try add(Observation("A22", at: place, value: period, expected: input.period.description))
        }
        if let code = facts.declared["hospital_code"], code != input.hospitalCode {
            try add(Observation("A20", at: place, value: code, expected: input.hospitalCode))
        }
        if let table = facts.declared["table"], DataTable(rawValue: table) != dataSet.table {
            try add(
                Observation(
                    "A25", at: place, value: table, expected: dataSet.table.rawValue, details: ["reason": "table"]))
        }
    }

    private mutating func checkBatch(
        _ batch: inout RowBatch, _ reader: any TableReader, _ pass: inout FilePass, _ table: inout TablePass
    ) throws {
        if pass.checks == nil { prepare(&pass, reader, table.dataSet) }
        var observations = batch.observations
        pass.typed.read(&batch) { observations.append($0) }
        if let found = pass.checks?.observations(in: batch, pass.typed) { observations += found }
        let typed = pass.typed
        pass.totals.add(batch) { typed.value(row: $0, column: $1) }
        countBlanks(batch, pass)

        // Rows and observations are both in the order of row numbers now; walk them side by side.
        RowObservations.sort(&observations, table.dataSet)
        let staging = RowStaging(batch, typed)
        var next = 0
        for row in batch.rows.indices {
            let first = next
            while next < observations.count, observations[next].place.row == batch.rows[row].number { next += 1 }
            try checkRow(row, batch, staging, observations[first..<next], &pass, &table)
        }
        // What a reader says of rows that are not in the batch is still said.
        for var observation in observations[next...] {
            observation.place.table = table.dataSet.table
            observation.place.file = pass.index
            try add(observation)
        }
    }

    private func prepare(_ pass: inout FilePass, _ reader: any TableReader, _ dataSet: DataSet) {
        let facts = reader.facts
        pass.encoding = facts.encoding.flatMap { TextEncoding(rawValue: $0) } ?? .utf8
        let isXML = facts.delimiter == nil
        let isTranscoded = isXML ? pass.encoding == .gb18030 : pass.encoding.isWide
        pass.rawEncoding = isTranscoded ? .utf8 : pass.encoding
        let named = facts.headers.compactMap { $0.column.flatMap { dataSet.position(of: $0) } }
        // In XML a column shows only when a row has it, so all count as present.
        pass.present = isXML ? Array(dataSet.columns.indices) : named
        let context = CheckContext(
            period: input.period, businessDate: environment.businessDate, senderCode: input.hospitalCode,
            province: settings.province, institutions: environment.institutions, divisions: environment.divisions)
        pass.checks = RowChecks(
            dataSet, context: context, parameters: environment.rules.parameters, present: Set(pass.present))
    }

    private mutating func countBlanks(_ batch: borrowing RowBatch, _ pass: borrowing FilePass) {
        for row in batch.rows.indices where !batch.rows[row].isBroken && !batch.rows[row].isTotal {
            cells += pass.present.count
            for column in pass.present where pass.typed.state(row: row, column: column) == .blank { blankCells += 1 }
        }
    }

    /// Puts one row in its one place: skipped, quarantined or staged for the load.
    private mutating func checkRow(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: borrowing RowStaging,
        _ observations: ArraySlice<Observation>, _ pass: inout FilePass, _ table: inout TablePass
    ) throws {
        let source = batch.rows[row]
        files[pass.index].rowsRead += 1
        if source.isTotal {
            files[pass.index].rowsSkipped[SkipReason.totalLine.rawValue, default: 0] += 1
            return
        }
        var all = Array(observations)
        var occurrence = 0
        if !source.isBroken {
            let judged = judge(row, batch, &table)
            occurrence = judged.occurrence
            switch judged.judgement {
            case .first: break
            case .identicalRepeat:
                // Whatever is wrong with it is said at the first of the identical rows.
                try log.add(
                    located(Observation("E02", at: Place(line: source.line, row: source.number)), pass, table),
                    key: key(of: row, batch), occurrence: occurrence, to: &writer)
                files[pass.index].rowsSkipped[SkipReason.identicalRepeat.rawValue, default: 0] += 1
                return
            case .conflicting:
                let column = CheckPass.keyColumn(of: table.dataSet.table)
                let place = Place(
                    line: source.line, row: source.number, column: table.dataSet.columns[column].name)
                all.append(Observation("E01", at: place, value: batch.string(row: row, column: column)))
            }
            table.dataRows += 1
            if table.dataSet.table == .institution, condemned.hasSeveralInstitutionRows {
                all.append(Observation("E05", at: Place(line: source.line, row: source.number), expected: "1"))
            }
            note(row, batch)
        }
        guard !all.isEmpty || source.isBroken else { return try stage(row, batch, staging, pass) }
        var isError = source.isBroken
        let key = key(of: row, batch)
        for observation in all {
            let severity = log.severity(of: observation)
            if severity == .error || severity == .interrupt { isError = true }
            try log.add(located(observation, pass, table), key: key, occurrence: occurrence, to: &writer)
        }
        if isError {
            try quarantine(source, batch, all, pass, table)
        } else {
            try stage(row, batch, staging, pass)
        }
    }

    private func located(
        _ observation: Observation, _ pass: borrowing FilePass, _ table: borrowing TablePass
    ) -> Observation {
        var located = observation
        located.place.table = table.dataSet.table
        located.place.file = pass.index
        return located
    }

    /// The column that names a row in its table.
    private static func keyColumn(of table: DataTable) -> Int {
        table == .institution ? SharedColumn.hospitalCode : DrugColumn.hospitalDrugCode
    }

    /// What names a row over re-runs and resubmissions: its key, or its ordinal where the key is missing.
    private func key(of row: Int, _ batch: borrowing RowBatch) -> [UInt8] {
        let source = batch.rows[row]
        let extent = batch.extent(row: row, column: CheckPass.keyColumn(of: batch.dataSet.table))
        guard !source.isBroken, extent.count > 0 else { return Array("row \(source.number)".utf8) }
        return Array(batch.bytes[extent.range])
    }

    private func judge(
        _ row: Int, _ batch: borrowing RowBatch, _ table: inout TablePass
    ) -> (judgement: KeyLedger.Judgement, occurrence: Int) {
        let bytes = batch.bytes.span
        let extent = batch.extent(row: row, column: CheckPass.keyColumn(of: batch.dataSet.table))
        // Without its key a row repeats nothing; that the key is missing is B01.
        guard extent.count > 0 else { return (.first, 0) }
        var keyHash = ByteHash()
        keyHash.add(bytes.extracting(batch.extent(row: row, column: SharedColumn.hospitalCode).range))
        keyHash.add(bytes.extracting(extent.range))
        var rowHash = ByteHash()
        for column in 0..<batch.columnCount {
            rowHash.add(bytes.extracting(batch.extent(row: row, column: column).range))
        }
        return table.keys.judge(key: keyHash.value, row: rowHash.value)
    }

    /// Remembers which institutions the rows name.
    private mutating func note(_ row: Int, _ batch: borrowing RowBatch) {
        let cell = batch.bytes.span.extracting(batch.extent(row: row, column: SharedColumn.hospitalCode).range)
        guard !cell.equals(lastCode) else { return }
        lastCode = Array(batch.bytes[batch.extent(row: row, column: SharedColumn.hospitalCode).range])
        guard HospitalCode.isPlausible(cell), hospitalCodes.count < 1000 else { return }
        let code = batch.string(row: row, column: SharedColumn.hospitalCode)
        if code == input.hospitalCode || environment.institutions?[code] != nil { hospitalCodes.insert(code) }
    }

    private mutating func quarantine(
        _ source: RowBatch.Row, _ batch: borrowing RowBatch, _ observations: [Observation],
        _ pass: borrowing FilePass, _ table: borrowing TablePass
    ) throws {
        let bytes = Array(batch.bytes[source.raw.range])
        let text = pass.rawEncoding.shown(bytes)
        let raw = pass.rawEncoding == pass.encoding ? bytes : pass.encoding.encoded(text)
        try writer.append(
            QuarantinedRow(
                table: table.dataSet.table, origin: origin(source, pass), raw: raw, text: text,
                rules: Set(observations.map(\.rule)).sorted()))
        files[pass.index].rowsQuarantined += 1
    }

    private func origin(_ source: RowBatch.Row, _ pass: borrowing FilePass) -> RowOrigin {
        RowOrigin(file: Int32(pass.index), line: Int32(clamping: source.line), row: Int32(clamping: source.number))
    }

    private mutating func stage(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: borrowing RowStaging, _ pass: borrowing FilePass
    ) throws {
        let day = staging.number(row, SharedColumn.reportDate)
        let header = try names.header(of: row, in: batch, day: day, into: &writer)
        let place = origin(batch.rows[row], pass)
        switch batch.dataSet.table {
        case .institution:
            try writer.append(staging.institution(row, place, header))
        case .catalogue:
            let drug = try names.drug(of: row, in: batch, productName: staging.productName, into: &writer)
            try writer.append(staging.catalogue(row, place, header, drug))
        case .stockIn, .stockOut, .usage:
            let drug = try names.drug(of: row, in: batch, productName: staging.productName, into: &writer)
            try writer.append(staging.movement(row, place, header, drug), of: batch.dataSet.table)
        }
        files[pass.index].rowsLoaded += 1
    }
}

extension Span<UInt8> {
    fileprivate func equals(_ bytes: [UInt8]) -> Bool {
        guard count == bytes.count else { return false }
        for index in indices where self[index] != bytes[index] { return false }
        return true
    }
}
