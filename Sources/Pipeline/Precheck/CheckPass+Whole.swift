internal import Core
internal import Rules

// What only the whole submission shows.
extension CheckPass {
    /// A18, A19, A24 and D04: whether the sender may report at all, and on this.
    mutating func checkSender() throws {
        if input.history?.isFinal == true {
            try addWhole(Observation("A24", value: "final", expected: "not reported | returned"))
        }
        if input.period.start > environment.businessDate {
            try addWhole(
                Observation(
                    "A18", value: "\(input.hospitalCode) \(input.period)", expected: "≥ \(input.period.start)"))
        }
        guard let institutions = environment.institutions else { return }
        guard let entry = institutions[input.hospitalCode] else {
            try addWhole(Observation("A19", value: input.hospitalCode, expected: ""))
            return
        }
        if !entry.mustReport {
            try addWhole(
                Observation("A18", value: "\(input.hospitalCode) \(input.period)", expected: "must_report = 1"))
        }
        let period = input.period
        let isOver = entry.validTo.map { $0 < period.start } ?? false
        let isEarly = entry.validFrom.map { $0 > period.end } ?? false
        if isOver || isEarly {
            let window = "\(entry.validFrom?.description ?? "")…\(entry.validTo?.description ?? "")"
            try addWhole(Observation("D04", value: input.hospitalCode, expected: window))
        }
    }

    /// A21, B05, G05 and G09 … G14.
    mutating func checkWhole() throws {
        let others = hospitalCodes.subtracting([input.hospitalCode])
        if hospitalCodes.count > 1, !areMembers(others) {
            try add(
                Observation(
                    "A21", value: "\(hospitalCodes.count)", expected: "1",
                    details: ["codes": hospitalCodes.sorted().prefix(10).joined(separator: ", ")]))
        }
        if cells > 0, exceeds(blankCells, of: cells, limits.blankShare) {
            try addWhole(
                Observation(
                    "B05", value: percent(blankCells, of: cells), expected: "≤ \(percent(limits.blankShare))",
                    details: ["blank": "\(blankCells)", "cells": "\(cells)"]))
        }
        try checkIdleDrugs()
        try checkVarieties()
        try checkUnmatched()
        try checkIncome()
        try checkRowsBefore()
        try checkCopies()
        try checkBadRows()
    }

    /// E04: one national code on many of the hospital's own codes. Asked when the catalogue has been read.
    mutating func checkSharedCodes() throws {
        let fewest = max(limits.codesOfOne, 2)
        let (shared, counts) = sharedCodes(fewest: fewest)
        for (drug, code) in shared where Int64(counts[code]) >= fewest {
            guard let origin = drugs.origin(of: drug), let ypid = drugs.ypid(of: drug) else { continue }
            let place = Place(
                table: .catalogue, file: Int(origin.file), line: Int(origin.line), row: Int(origin.row), column: "ypid")
            let key = drugs.code(of: drug).map { Array(drugs.bytes[$0]) } ?? Array("row \(origin.row)".utf8)
            try log.add(
                Observation(
                    "E04", at: place, value: drugs.string(ypid), expected: "≤ \(fewest - 1)",
                    details: ["count": "\(counts[code])"]),
                key: key, to: &writer)
            tally.violated("E04")
        }
    }

    /// The drugs whose national code may stand on so many, each with a number for the code, and how many each code has.
    ///
    /// Nearly no code is shared by many. So codes are counted by some bits of their hash first, in a table that fits into
    /// near memory, and told apart only where so many fell together.
    private func sharedCodes(fewest: Int64) -> (drugs: [(drug: Int, code: Int)], counts: [Int]) {
        var mask = 63
        while mask < drugs.count * 4, mask < 1 << 22 { mask = mask << 1 | 1 }
        var tallies = [UInt8](repeating: 0, count: mask + 1)
        let most = UInt8(clamping: fewest)
        var hasMany = false
        forEachNationalCode { _, hash in
            let place = Int(truncatingIfNeeded: hash) & mask
            guard tallies[place] < most else { return }
            tallies[place] += 1
            if tallies[place] == most { hasMany = true }
        }
        var shared: [(drug: Int, code: Int)] = []
        var counts: [Int] = []
        guard hasMany else { return (shared, counts) }
        var index = HashIndex()
        forEachNationalCode { drug, hash in
            guard tallies[Int(truncatingIfNeeded: hash) & mask] >= most else { return }
            let (ordinal, isNew) = index.insert(hash)
            if isNew { counts.append(0) }
            counts[ordinal] += 1
            shared.append((drug, ordinal))
        }
        return (shared, counts)
    }

    /// The drugs in loaded rows of the catalogue that have a national code, and what it hashes to.
    private func forEachNationalCode(_ body: (_ drug: Int, _ hash: UInt64) -> Void) {
        for drug in 0..<drugs.count {
            guard drugs.state(of: drug) == .accepted, let ypid = drugs.ypid(of: drug) else { continue }
            var hash = ByteHash()
            hash.add(drugs.bytes.span.extracting(ypid))
            body(drug, hash.value)
        }
    }

    private func areMembers(_ codes: Set<String>) -> Bool {
        guard let institutions = environment.institutions else { return false }
        return codes.allSatisfy { institutions[$0]?.leadHospitalCode == input.hospitalCode }
    }

    // MARK: Catalogue

    private mutating func checkIdleDrugs() throws {
        let movementTables = DataTable.allCases.filter(\.isMovement)
        guard cross.wholeTables.isSuperset(of: movementTables + [.catalogue]), drugs.catalogueCount > 0 else {
            return tally.notApplicable("G05", .incompleteTables)
        }
        tally.evaluated("G05")
        var idle = 0
        var sample: [String] = []
        for drug in 0..<drugs.count where drugs.state(of: drug) != .absent && !cross.movements.hasMovement(drug) {
            idle += 1
            if sample.count < CheckPass.sampleSize, let code = drugs.code(of: drug) {
                sample.append(drugs.string(code))
            }
        }
        guard exceeds(idle, of: drugs.catalogueCount, limits.idleShare) else { return }
        try addWhole(
            Observation(
                "G05", at: Place(table: .catalogue), value: percent(idle, of: drugs.catalogueCount),
                expected: "≤ \(percent(limits.idleShare))",
                details: [
                    "idle": "\(idle)", "drugs": "\(drugs.catalogueCount)", "codes": sample.joined(separator: ", "),
                ]))
    }

    private mutating func checkVarieties() throws {
        guard cross.wholeTables.contains(.catalogue) else { return tally.notApplicable("G09", .incompleteTables) }
        guard let entry = environment.institutions?[input.hospitalCode] else {
            return tally.notApplicable(
                "G09", environment.institutions == nil ? .without(.institution) : .unjoined(.institution))
        }
        tally.evaluated("G09")
        let fewest = limits.fewestVarieties(of: entry)
        guard Int64(drugs.catalogueCount) < fewest else { return }
        try addWhole(
            Observation(
                "G09", at: Place(table: .catalogue), value: "\(drugs.catalogueCount)", expected: "≥ \(fewest)",
                details: ["level": "\(entry.level)"]))
    }

    private mutating func checkUnmatched() throws {
        guard let compared = input.history?.compared, compared.drugs > 0 else {
            return tally.notApplicable("G10", .without(.match))
        }
        tally.evaluated("G10")
        let unmatched = compared.drugs - compared.matched
        let isError = exceeds(unmatched, of: compared.drugs, limits.unmatchedError)
        guard isError || exceeds(unmatched, of: compared.drugs, limits.unmatchedWarning) else { return }
        try addWhole(
            Observation(
                "G10", at: Place(table: .catalogue), value: percent(unmatched, of: compared.drugs),
                expected: "≤ \(percent(isError ? limits.unmatchedError : limits.unmatchedWarning))",
                details: ["unmatched": "\(unmatched)", "drugs": "\(compared.drugs)"],
                severity: isError ? .error : .warning))
    }

    // MARK: Sums

    private mutating func checkIncome() throws {
        guard case .year = input.period.length else { return tally.notApplicable("G11", .outOfScope) }
        guard cross.wholeTables.contains(.usage) else { return tally.notApplicable("G11", .incompleteTables) }
        // Where a tenth of the rows is kept aside, the rest says nothing of the whole; those rows have their errors.
        guard cross.usageSummed * 10 > cross.rows[DataTable.usage.number] * 9 else {
            return tally.notApplicable("G11", .incompleteTables)
        }
        guard let total = cross.usageTotal else { return tally.notApplicable("G11", .overflow) }
        guard let income = cross.income, income >= 0 else { return tally.notApplicable("G11", .missingValue) }
        guard income > 0 else { return tally.notApplicable("G11", .divisionByZero) }
        tally.evaluated("G11")
        let difference = (total - income).magnitude
        guard
            difference.multipliedFullWidth(by: 10_000)
                > income.magnitude.multipliedFullWidth(by: UInt64(limits.incomeShare))
        else { return }
        try addWhole(
            Observation(
                "G11", value: FixedPoint.text(total, decimals: 2), expected: FixedPoint.text(income, decimals: 2),
                details: ["share": percent(limits.incomeShare)]))
    }

    private mutating func checkRowsBefore() throws {
        guard let before = input.history?.rowsBefore, !before.isEmpty else {
            return tally.notApplicable("G12", input.history == nil ? .noDatabase : .firstPeriod)
        }
        for table in DataTable.allCases where table != .institution && cross.wholeTables.contains(table) {
            guard let then = before[table], Int64(then) >= limits.fewestRows else {
                tally.notApplicable("G12", .tooFew)
                continue
            }
            tally.evaluated("G12")
            let now = cross.rows[table.number]
            guard exceeds(abs(now - then), of: then, limits.rowsShare) else { continue }
            try addWhole(
                Observation(
                    "G12", at: Place(table: table), value: "\(now)", expected: "\(then)",
                    details: ["share": percent(limits.rowsShare)]))
        }
    }

    private mutating func checkCopies() throws {
        let tables = DataTable.allCases.filter(\.isMovement)
        let drugs = cross.movements.identicalDrugs
        guard cross.wholeTables.isSuperset(of: tables) else { return tally.notApplicable("G13", .incompleteTables) }
        tally.evaluated("G13")
        guard Int64(drugs) >= limits.fewestDrugs,
            exceeds(drugs * tables.count, of: cross.movements.acceptedRows, limits.copiedShare)
        else { return }
        try addWhole(
            Observation(
                "G13", value: percent(drugs * tables.count, of: cross.movements.acceptedRows),
                expected: "≤ \(percent(limits.copiedShare))", details: ["drugs": "\(drugs)"]))
    }

    private mutating func checkBadRows() throws {
        let rows = cross.rows.reduce(0, +)
        guard rows > 0 else { return tally.notApplicable("G14", .noRows) }
        tally.evaluated("G14")
        guard exceeds(cross.badRows, of: rows, limits.badShare) else { return }
        let sample = cross.badSample.map { place in
            let file = place.file.map { files[$0].member ?? files[$0].name } ?? ""
            return "\(file):\(place.line ?? 0)"
        }
        try addWhole(
            Observation(
                "G14", value: percent(cross.badRows, of: rows), expected: "≤ \(percent(limits.badShare))",
                details: ["bad": "\(cross.badRows)", "rows": "\(rows)", "sample": sample.joined(separator: ", ")]))
    }

    // MARK: Shares

    /// A finding on the submission as a whole: rule and table name it, whatever its figures are.
    private mutating func addWhole(_ observation: Observation) throws {
        try log.add(observation, key: [], to: &writer)
        tally.violated(observation.rule)
    }

    private func exceeds(_ part: Int, of whole: Int, _ share: Int64) -> Bool {
        whole > 0 && Int64(part).multipliedFullWidth(by: 10_000) > Int64(whole).multipliedFullWidth(by: share)
    }

    private func percent(_ share: Int64) -> String { FixedPoint.shortText(share, decimals: 2) + "%" }

    private func percent(_ part: Int, of whole: Int) -> String { percent(Int64(part) * 10_000 / Int64(whole)) }
}
