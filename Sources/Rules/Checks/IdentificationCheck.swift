internal import Core

/// Whose row it is and of when: C02 … C11, A20, D03.
///
/// Rows of a file nearly always share these cells, so a row that equals the one before and had nothing wrong is done.
struct IdentificationCheck: Sendable {
    private let context: CheckContext
    private let window: ClosedRange<Int64>
    private let lastDay: CalendarDay
    private let sender: [UInt8]
    private var cleanProvince: [UInt8] = []
    private var cleanOrganization: [UInt8] = []
    private var cleanHospital: [UInt8] = []

    init(context: CheckContext, parameters: RuleParameters) {
        self.context = context
        sender = Array(context.senderCode.utf8)
        let days = parameters.threshold(
            "C02.days_after", on: context.businessDate.description, decimals: 0, default: 180)
        lastDay = min(context.period.end.adding(days: Int(days)), context.businessDate)
        let first = Int64(context.period.start.daysSince2000)
        window = first...max(first, Int64(lastDay.daysSince2000))
    }

    mutating func check(_ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ sink: inout ObservationSink) {
        var hasFound = true
        for row in batch.rows.indices {
            guard batch.rows[row].isData else {
                hasFound = true
                continue
            }
            if !hasFound, typed.repeatsIdentification(row: row) { continue }
            let before = sink.observations.count
            checkDate(batch, typed, row, &sink)
            if !isClean(batch, row) {
                let before = sink.observations.count
                checkCodes(batch, row, &sink)
                if sink.observations.count == before { remember(batch, row) }
            }
            hasFound = sink.observations.count > before
        }
    }

    private mutating func remember(_ batch: borrowing RowBatch, _ row: Int) {
        cleanProvince = Array(batch.bytes[batch.extent(row: row, column: SharedColumn.provinceCode).range])
        cleanOrganization = Array(batch.bytes[batch.extent(row: row, column: SharedColumn.orgCode).range])
        cleanHospital = Array(batch.bytes[batch.extent(row: row, column: SharedColumn.hospitalCode).range])
    }

    private func checkDate(
        _ batch: borrowing RowBatch, _ typed: borrowing TypedBatch, _ row: Int, _ sink: inout ObservationSink
    ) {
        guard let day = typed.value(row: row, column: SharedColumn.reportDate), !window.contains(day) else { return }
        sink.add(
            "C02", batch, row: row, column: SharedColumn.reportDate,
            expected: "\(context.period.start)…\(lastDay)")
    }

    private func isClean(_ batch: borrowing RowBatch, _ row: Int) -> Bool {
        guard !cleanHospital.isEmpty else { return false }
        return equal(batch, row, SharedColumn.hospitalCode, cleanHospital)
            && equal(batch, row, SharedColumn.orgCode, cleanOrganization)
            && equal(batch, row, SharedColumn.provinceCode, cleanProvince)
    }

    private func equal(_ batch: borrowing RowBatch, _ row: Int, _ column: Int, _ bytes: [UInt8]) -> Bool {
        let cell = batch.bytes.span.extracting(batch.extent(row: row, column: column).range)
        return ByteWords.areEqual(cell, bytes.span)
    }

    private func checkCodes(_ batch: borrowing RowBatch, _ row: Int, _ sink: inout ObservationSink) {
        let bytes = batch.bytes.span
        let province = bytes.extracting(batch.extent(row: row, column: SharedColumn.provinceCode).range)
        let organization = bytes.extracting(batch.extent(row: row, column: SharedColumn.orgCode).range)
        let hospital = bytes.extracting(batch.extent(row: row, column: SharedColumn.hospitalCode).range)

        let number = province.isEmpty ? nil : Province.number(of: province)
        if !province.isEmpty {
            if !Province.isWellFormed(province) {
                sink.add("C03", batch, row: row, column: SharedColumn.provinceCode, expected: "[0-9]{6} | [0-9]{2}")
            } else if number == nil || (context.province != nil && number != context.province) {
                sink.add(
                    "C04", batch, row: row, column: SharedColumn.provinceCode,
                    expected: context.province.map { "\($0)0000" } ?? "GB/T 2260")
            }
        }
        let isOrganizationWellFormed = OrganizationCode.isWellFormed(organization)
        if !organization.isEmpty {
            if !isOrganizationWellFormed {
                sink.add("C05", batch, row: row, column: SharedColumn.orgCode, expected: "[0-9A-Z]{9}")
            } else if !OrganizationCode.checkHolds(organization) {
                let check = OrganizationCode.checkCharacter(of: organization).map { String(UnicodeScalar($0)) }
                sink.add("C06", batch, row: row, column: SharedColumn.orgCode, expected: check)
            }
        }
        guard !hospital.isEmpty else { return }
        guard hospital.count == HospitalCode.length else {
            sink.add("C07", batch, row: row, column: SharedColumn.hospitalCode, expected: "22")
            return
        }
        var isPlausible = HospitalCode.isPlausible(hospital)
        if !organization.isEmpty, !equals(hospital.extracting(HospitalCode.organization), organization) {
            isPlausible = false
            sink.add(
                "C08", batch, row: row, column: SharedColumn.hospitalCode,
                expected: batch.string(row: row, column: SharedColumn.orgCode))
        }
        checkParts(of: hospital, province: number, batch, row, &sink)
        if isPlausible { checkSender(batch, row, &sink) }
    }

    /// C09 … C11: what the code says of province, division and category.
    private func checkParts(
        of hospital: Span<UInt8>, province: UInt8?, _ batch: borrowing RowBatch, _ row: Int,
        _ sink: inout ObservationSink
    ) {
        let division = hospital.extracting(HospitalCode.division)
        if let province {
            let stated = Province.isWellFormed(division) ? Int(division[0] - 48) * 10 + Int(division[1] - 48) : -1
            if stated != Int(province) {
                sink.add("C09", batch, row: row, column: SharedColumn.hospitalCode, expected: "\(province)")
            }
        }
        if let divisions = context.divisions, !divisions.contains(String(division)) {
            sink.add("C10", batch, row: row, column: SharedColumn.hospitalCode, expected: "GB/T 2260")
        }
        if !HospitalCode.isKnownCategory(hospital.extracting(HospitalCode.category)) {
            sink.add("C11", batch, row: row, column: SharedColumn.hospitalCode, expected: "WS 218")
        }
    }

    /// A20 and D03: a code that passes its own checks and is not the sender's belongs to another institution, or to
    /// none. Without a library nobody can tell the two apart; then it counts as another's, and nothing is loaded for it.
    private func checkSender(_ batch: borrowing RowBatch, _ row: Int, _ sink: inout ObservationSink) {
        guard !equal(batch, row, SharedColumn.hospitalCode, sender) else { return }
        guard let institutions = context.institutions else {
            sink.add("A20", batch, row: row, column: SharedColumn.hospitalCode, expected: context.senderCode)
            return
        }
        guard let entry = institutions[batch.string(row: row, column: SharedColumn.hospitalCode)] else {
            sink.add("D03", batch, row: row, column: SharedColumn.hospitalCode, expected: context.senderCode)
            return
        }
        if entry.leadHospitalCode != context.senderCode {
            sink.add("A20", batch, row: row, column: SharedColumn.hospitalCode, expected: context.senderCode)
        }
    }

    private func equals(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }
}
