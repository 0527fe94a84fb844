internal import Core
internal import Readers
internal import Rules

extension CheckPass {
    /// Puts one row in its one place: skipped, quarantined or staged for the load.
    mutating func checkRow(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: RowStaging,
        _ observations: ArraySlice<Observation>, _ pass: inout FilePass, _ table: inout TablePass
    ) throws {
        let source = batch.rows[row]
        pass.rowsRead += 1
        if source.isTotal {
            files[pass.index].rowsSkipped[SkipReason.totalLine.rawValue, default: 0] += 1
            return
        }
        var all = Array(observations)
        var occurrence = 0
        if !source.isBroken {
            let judged = pass.keys.judgements[row]
            occurrence = judged.occurrence
            if judged.isRepeat {
                // Whatever is wrong with it is said at the first of the identical rows.
                try log.add(
                    located(Observation("E02", at: Place(line: source.line, row: source.number)), pass, table),
                    key: key(of: row, batch), occurrence: occurrence, to: &writer)
                tally.violated("E02")
                files[pass.index].rowsSkipped[SkipReason.identicalRepeat.rawValue, default: 0] += 1
                return
            }
            noteCatalogueRow(row, batch, staging, pass, &table)
            addConflicts(judged.conflicts, row, batch, table, &all)
            table.dataRows += 1
            let isOfMember = table.dataSet.table == .institution && isOfMember(row, batch)
            if isOfMember { table.memberRows += 1 }
            if table.dataSet.table == .institution, !isOfMember, condemned.hasSeveralInstitutionRows {
                all.append(
                    Observation(
                        "E05", at: Place(line: source.line, row: source.number), value: "\(condemned.institutionRows)",
                        expected: "1"))
            }
            noteStatedCode(row, batch, pass, table)
            addContradictions(row, batch, staging, pass, table, &all)
            noteIdentification(row, batch, all, table)
            note(row, batch, pass)
        }
        if !log.silent.isEmpty { all.removeAll { log.silent.contains($0.rule) } }
        guard !all.isEmpty || source.isBroken else {
            noteForOthers(row, batch, staging, pass, table, isAccepted: true)
            return try stage(row, batch, staging, &pass)
        }
        var isError = source.isBroken
        var root: DrugLedger.Root?
        let key = key(of: row, batch)
        for index in all.indices { all[index] = located(all[index], pass, table) }
        let roots = roots(of: all, drug: table.dataSet.table.isMovement ? pass.keys[row] : nil) {
            log.fingerprint(of: $0, key: key, occurrence: occurrence)
        }
        for rule in Set(all.map(\.rule)) { tally.violated(rule) }
        for (index, observation) in all.enumerated() {
            let severity = log.severity(of: observation)
            let fingerprint = try log.add(
                observation, key: key, occurrence: occurrence, root: roots[index], to: &writer)
            guard severity == .error || severity == .interrupt else { continue }
            isError = true
            // The movements of the drug name what explains most.
            if root == nil || environment.rules.explained[observation.rule] != nil {
                root = DrugLedger.Root(rule: observation.rule, fingerprint: fingerprint)
            }
        }
        noteForOthers(row, batch, staging, pass, table, isAccepted: !isError)
        if isError {
            if table.dataSet.table == .catalogue, !table.isRival, let drug = pass.keys[row] {
                drugs.quarantine(drug, because: root)
            }
            try quarantine(source, batch, all, pass, table)
        } else {
            try stage(row, batch, staging, &pass)
        }
    }

    /// All that a reading is for once it is known that there will be another: what the keys of a row contradict. It is
    /// what `checkRow` sees of them, which no check of the row's other cells has a part in.
    mutating func noteKeys(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: RowStaging, _ pass: borrowing FilePass,
        _ table: inout TablePass
    ) {
        let source = batch.rows[row]
        guard !source.isTotal, !source.isBroken, !pass.keys.judgements[row].isRepeat else { return }
        noteCatalogueRow(row, batch, staging, pass, &table)
        table.dataRows += 1
        if table.dataSet.table == .institution, isOfMember(row, batch) { table.memberRows += 1 }
        noteStatedCode(row, batch, pass, table)
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
    static func keyColumn(of table: DataTable) -> Int {
        table == .institution ? SharedColumn.hospitalCode : DrugColumn.hospitalDrugCode
    }

    /// What names a row over re-runs and resubmissions: its key, or its ordinal where the key is missing.
    private func key(of row: Int, _ batch: borrowing RowBatch) -> [UInt8] {
        let source = batch.rows[row]
        let extent = batch.extent(row: row, column: CheckPass.keyColumn(of: batch.dataSet.table))
        guard !source.isBroken, extent.count > 0 else { return Array("row \(source.number)".utf8) }
        return Array(batch.bytes[extent.range])
    }

    /// Finds the drug (or institution) of each row of a batch.
    mutating func findKeys(
        of batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ pass: inout FilePass, _ table: inout TablePass
    ) {
        pass.keys.ordinals.removeAll(keepingCapacity: true)
        pass.keys.hashes.removeAll(keepingCapacity: true)
        let isInstitution = batch.dataSet.table == .institution
        let column = CheckPass.keyColumn(of: batch.dataSet.table)
        for row in batch.rows.indices {
            let cell = batch.extent(row: row, column: column)
            // Without its key a row repeats nothing; that the key is missing is B01.
            guard !batch.rows[row].isBroken, !batch.rows[row].isTotal, cell.count > 0 else {
                pass.keys.hashes.append(0)
                continue
            }
            let bytes = batch.bytes.span
            if isInstitution {
                var hash = ByteHash()
                hash.add(bytes.extracting(cell.range))
                pass.keys.hashes.append(hash.value)
            } else {
                if !typed.repeatsIdentification(row: row) || row == 0 || pass.keys.hashes[row - 1] == 0 {
                    findOwner(row, batch)
                }
                pass.keys.hashes.append(drugs.key(of: bytes.extracting(cell.range)))
            }
        }
        if batch.dataSet.table == .catalogue { drugs.lookAhead(pass.keys.hashes) }
        for hash in pass.keys.hashes {
            if hash == 0 {
                pass.keys.ordinals.append(-1)
            } else {
                let ordinal = isInstitution ? table.institutions.insert(hash).ordinal : drugs.drug(key: hash)
                pass.keys.ordinals.append(Int32(ordinal))
            }
        }
    }

    /// Whose drugs the row names: the sender's, unless it names another institution that there is.
    private mutating func findOwner(_ row: Int, _ batch: borrowing RowBatch) {
        let extent = batch.extent(row: row, column: SharedColumn.hospitalCode)
        let cell = batch.bytes.span.extracting(extent.range)
        guard !cell.equals(lastOwner) else { return }
        lastOwner = Array(batch.bytes[extent.range])
        let code = batch.string(row: row, column: SharedColumn.hospitalCode)
        let isAnother =
            code != input.hospitalCode && HospitalCode.isPlausible(cell)
            && (environment.institutions.map { $0[code] != nil } ?? true)
        let owner = isAnother ? lastOwner : Array(input.hospitalCode.utf8)
        drugs.setOwner(owner.span)
    }

    /// Takes down what a catalogue row says, whatever else is wrong with it.
    private mutating func noteCatalogueRow(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: RowStaging, _ pass: borrowing FilePass,
        _ table: inout TablePass
    ) {
        guard table.dataSet.table == .catalogue, !table.isRival, let drug = pass.keys[row] else { return }
        let namesAnotherCode = drugs.note(
            staging.catalogueCells(row), of: drug, in: batch, at: origin(batch.rows[row], pass))
        if namesAnotherCode { table.keys.condemn(pass.keys.hashes[row], .codes) }
    }

    /// Judges the rows of a batch by their keys, in their order.
    func judgeKeys(_ keys: inout RowKeys, _ table: inout TablePass) {
        keys.judgements.removeAll(keepingCapacity: true)
        for row in keys.ordinals.indices {
            guard let key = keys[row] else {
                keys.judgements.append(KeyLedger.Judgement())
                continue
            }
            keys.judgements.append(
                table.keys.judge(key: key, hash: keys.hashes[row], row: keys.rows.rows[row], part: table.part))
        }
    }

    /// E01, E03, E06: what the rows of one key contradict one another in.
    private func addConflicts(
        _ conflicts: KeyConflict, _ row: Int, _ batch: borrowing RowBatch, _ table: borrowing TablePass,
        _ all: inout [Observation]
    ) {
        guard !conflicts.isEmpty else { return }
        func add(_ rule: RuleID, _ column: Int) {
            let place = Place(
                line: batch.rows[row].line, row: batch.rows[row].number, column: table.dataSet.columns[column].name)
            all.append(Observation(rule, at: place, value: batch.string(row: row, column: column)))
        }
        let column = CheckPass.keyColumn(of: table.dataSet.table)
        if conflicts.contains(.values) { add("E01", column) }
        if conflicts.contains(.codes), batch.extent(row: row, column: DrugColumn.ypid).count > 0 {
            add("E03", DrugColumn.ypid)
        }
        if conflicts.contains(.parts) { add("E06", column) }
    }

    /// Remembers which institutions the rows name.
    private mutating func note(_ row: Int, _ batch: borrowing RowBatch, _ pass: borrowing FilePass) {
        // Rows of a file nearly always share the cells that say whose they are.
        let identification = pass.keys.rows.identifications[row]
        guard identification != lastNoted else { return }
        lastNoted = identification
        let cell = batch.bytes.span.extracting(batch.extent(row: row, column: SharedColumn.hospitalCode).range)
        guard HospitalCode.isPlausible(cell), hospitalCodes.count < 1000 else { return }
        let code = batch.string(row: row, column: SharedColumn.hospitalCode)
        if code == input.hospitalCode || environment.institutions?[code] != nil { hospitalCodes.insert(code) }
    }

    private mutating func quarantine(
        _ source: RowBatch.Row, _ batch: borrowing RowBatch, _ observations: [Observation],
        _ pass: borrowing FilePass, _ table: borrowing TablePass
    ) throws {
        files[pass.index].rowsQuarantined += 1
        guard keepsRows else { return }
        let bytes = Array(batch.bytes[source.raw.range])
        let text = pass.rawEncoding.shown(bytes)
        let raw = pass.rawEncoding == pass.encoding ? bytes : pass.encoding.encoded(text)
        try writer.append(
            QuarantinedRow(
                table: table.dataSet.table, origin: origin(source, pass), raw: raw, text: text,
                rules: Set(observations.map(\.rule)).sorted()))
    }

    private func origin(_ source: RowBatch.Row, _ pass: borrowing FilePass) -> RowOrigin {
        RowOrigin(file: Int32(pass.index), line: Int32(clamping: source.line), row: Int32(clamping: source.number))
    }

    private mutating func stage(
        _ row: Int, _ batch: borrowing RowBatch, _ staging: RowStaging, _ pass: inout FilePass
    ) throws {
        pass.rowsLoaded += 1
        guard keepsRows else { return }
        let day = staging.number(row, SharedColumn.reportDate)
        let header = try names.header(
            pass.keys.rows.identifications[row], of: row, in: batch, day: day, into: &writer)
        let place = origin(batch.rows[row], pass)
        switch batch.dataSet.table {
        case .institution:
            try writer.append(staging.institution(row, place, header))
        case .catalogue:
            let drug = try names.drug(
                pass.keys[row], of: row, in: batch, productName: staging.productName, into: &writer)
            try writer.append(staging.catalogue(row, place, header, drug))
        case .stockIn, .stockOut, .usage:
            let drug = try names.drug(
                pass.keys[row], of: row, in: batch, productName: staging.productName, into: &writer)
            try writer.append(staging.movement(row, place, header, drug), of: batch.dataSet.table)
        }
    }
}

extension Span<UInt8> {
    func equals(_ bytes: [UInt8]) -> Bool { ByteWords.areEqual(self, bytes.span) }
}
