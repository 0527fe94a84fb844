internal import Core
internal import Readers
internal import Rules

/// What the parts of one table share while they are read.
struct TablePass: ~Copyable {
    let dataSet: DataSet
    /// Another file for a table that has one: what it says of drugs counts for nothing.
    let isRival: Bool
    var keys: KeyLedger
    /// The keys of the institution table; those of the others stand in the ledger of drugs.
    var institutions = HashIndex()
    /// Which part is being read, from 0.
    var part = 0
    var dataRows = 0
    /// Of those, rows of the institution table that are of members of the community that the sender leads.
    var memberRows = 0
    /// Whether every file was read to its end and has the column that names its rows.
    var isWhole = true

    init(_ table: DataTable, condemned: [UInt64: KeyConflict], isRival: Bool = false, expecting keys: Int = 0) {
        dataSet = DataSet.of(table)
        self.keys = KeyLedger(condemned: condemned, expecting: keys)
        self.isRival = isRival
    }
}

/// The keys of the rows of one batch.
struct RowKeys {
    /// The ordinal of each row's key: of its drug in the ledger, or of the institution in its table; -1 where it has none.
    var ordinals: [Int32] = []
    var hashes: [UInt64] = []
    /// What whole rows, and the cells that say whose they are and of when, hash to.
    var rows = RowHashes()
    /// What the key of each row says about it.
    var judgements: [KeyLedger.Judgement] = []

    subscript(row: Int) -> Int? { ordinals[row] < 0 ? nil : Int(ordinals[row]) }
}

/// What one file needs while it is read.
struct FilePass: ~Copyable {
    let index: Int
    var keys = RowKeys()
    var conditions: ConditionCheck?
    /// How many rows were read and how many staged; they are written down when the file is done.
    var rowsRead = 0
    var rowsLoaded = 0
    /// How many rows the rules looked at.
    var dataRows = 0
    /// Whether the first rows have come, and with them what is known of the file.
    var isPrepared = false
    var encoding = TextEncoding.utf8
    /// How the reader gives a row's bytes: what it had to transcode to read at all comes as UTF-8.
    var rawEncoding = TextEncoding.utf8
    /// Columns the file has, by position; cells of others are absent and not blank.
    var present: [Int] = []

    init(index: Int) { self.index = index }
}

extension CheckPass {
    /// Reads all files of a table.
    mutating func checkTable(
        _ table: DataTable, _ sources: [(file: SourceFile, role: PackageContents.Role)], _ feed: FileFeed
    ) throws {
        guard let first = sources.first else { return }
        if table == .catalogue { drugs.reserve(catalogueBytes: sources.reduce(0) { $0 + ($1.file.size ?? 0) }) }
        if table == .stockIn { cross.movements.reserve(drugs.count) }
        var pass = TablePass(
            table, condemned: condemned.keys[table] ?? [:], expecting: table.isMovement ? drugs.count : 0)
        drugs.rewind()
        for (source, role) in sources {
            let index = files.count
            switch role {
            case .part:
                try checkFile(source, &pass, feed)
                pass.part += 1
            case .copy: try skipCopy(source, table)
            case .rival:
                var own = TablePass(table, condemned: [:], isRival: true)
                try checkFile(source, &own, feed)
            }
            guard role != .part else { continue }
            try add(
                Observation(
                    "A08", at: Place(table: table, file: index), details: ["other_file": first.file.shownName],
                    severity: role == .copy ? .warning : nil))
        }
        if pass.isWhole, pass.dataRows > 0 { cross.wholeTables.insert(table) }
        if table == .catalogue, !isReadAgain { try checkSharedCodes() }
        newlyCondemned.add(pass.keys.newlyCondemned, in: table)
        // A lead reports a row for each member besides its own.
        let ownRows = pass.dataRows - pass.memberRows
        if table == .institution, ownRows > 1, !condemned.hasSeveralInstitutionRows {
            newlyCondemned.institutionRows = ownRows
        }
    }

    /// Counts the rows of a file that repeats another byte for byte; what is wrong with them is said there.
    private mutating func skipCopy(_ source: SourceFile, _ table: DataTable) throws {
        let dataSet = DataSet.of(table)
        let archived = input.files.first { $0.name == source.name }
        var outcome = FileOutcome(
            name: source.name, member: source.member, table: table,
            sha256: source.member == nil ? archived?.sha256?.hex ?? "" : "", size: source.size ?? archived?.size ?? 0)
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

    private mutating func checkFile(_ source: SourceFile, _ table: inout TablePass, _ feed: FileFeed) throws {
        let dataSet = table.dataSet
        let archived = input.files.first { $0.name == source.name }
        let index = files.count
        files.append(
            FileOutcome(
                name: source.name, member: source.member, table: dataSet.table,
                sha256: source.member == nil ? archived?.sha256?.hex ?? "" : "",
                size: source.size ?? archived?.size ?? 0
            ))
        var pass = FilePass(index: index)
        var failure: ReadingError?
        var isOver = false
        while !isOver {
            switch feed.next() {
            case .batch(var checked):
                try checkBatch(&checked, &pass, &table)
                feed.giveBack(checked)
            case .end(let end):
                try close(end, index, dataSet)
                // XML that breaks off has lost its other rows, as a package that does.
                if end.observations.contains(where: { $0.rule == "A16" && $0.severity == nil }) {
                    table.isWhole = false
                    if dataSet.table == .catalogue { isCatalogueWhole = false }
                }
                pass.conditions.take()?.finish()
                failure = end.failure
                isOver = true
            case .failed(let error):
                failure = error
                isOver = true
            }
        }
        tally.evaluatedRows(pass.dataRows, of: dataSet.table, rules: environment.rules)
        files[index].rowsRead += pass.rowsRead
        files[index].rowsLoaded += pass.rowsLoaded
        guard let failure else { return }
        // Rows that came before the damage keep their place in the sums; nothing of the submission is loaded.
        table.isWhole = false
        if dataSet.table == .catalogue { isCatalogueWhole = false }
        try add(unusable(failure, source, Place(table: dataSet.table, file: index)))
    }

    /// What the file as a whole showed: group A, F12, and how it was read.
    private mutating func close(_ end: FileEnd, _ index: Int, _ dataSet: DataSet) throws {
        let facts = end.facts
        files[index].encoding = facts.encoding
        files[index].delimiter = facts.delimiter
        files[index].headers = facts.headers
        if let digest = end.digest { files[index].sha256 = digest.hex }
        if let size = end.size { files[index].size = size }
        for (position, kinds) in end.normalised {
            files[index].normalised[dataSet.columns[position].name] = kinds
        }
        for var observation in end.observations {
            observation.place.table = dataSet.table
            observation.place.file = index
            // A record that is malformed costs its row; XML that is not well-formed costs the file.
            if observation.rule == "A16", observation.severity == nil { observation.severity = .interrupt }
            try add(observation)
        }
        try checkDeclaration(facts, index, dataSet)
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
        _ checked: inout CheckedBatch, _ pass: inout FilePass, _ table: inout TablePass
    ) throws {
        if !pass.isPrepared {
            prepare(&pass, checked)
            if !pass.present.contains(CheckPass.keyColumn(of: table.dataSet.table)) { table.isWhole = false }
        }
        var observations = checked.observations
        checked.observations = []
        pass.keys.rows = checked.hashes
        // Nobody else holds the batch when it is given back, so its memory is not copied.
        defer { pass.keys.rows = RowHashes() }
        let batch = checked.batch
        findKeys(of: batch, checked.typed, &pass, &table)
        // Before anything else is said of the rows: where keys conflict, all of it would be said again.
        judgeKeys(&pass.keys, &table)
        lookAtKeysFirst(rows: batch.rows.count, observations: observations.count)
        guard !isReadAgain, table.keys.newlyCondemned.isEmpty else {
            let staging = RowStaging(batch, checked.typed)
            for row in batch.rows.indices { noteKeys(row, batch, staging, pass, &table) }
            return
        }
        observations += checkConditions(batch, checked.typed, &pass)
        tally.merge(checked.tally)
        cells += checked.cells
        blankCells += checked.blankCells

        // Rows and observations are both in the order of row numbers now; walk them side by side.
        RowObservations.sort(&observations, table.dataSet)
        let staging = RowStaging(batch, checked.typed)
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

    private func prepare(_ pass: inout FilePass, _ checked: borrowing CheckedBatch) {
        let facts = checked.facts
        pass.isPrepared = true
        pass.encoding = facts.encoding.flatMap { TextEncoding(rawValue: $0) } ?? .utf8
        let isTranscoded = facts.delimiter == nil ? pass.encoding == .gb18030 : pass.encoding.isWide
        pass.rawEncoding = isTranscoded ? .utf8 : pass.encoding
        pass.present = checked.present
    }
}
