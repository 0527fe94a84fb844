public import Core

/// The drugs of one submission, by ordinals in the order in which they first come, and what the catalogue says of each.
///
/// The catalogue is read before the movements, so a movement row finds its drug here: 40 bytes for a drug, its texts once
/// and the index. A look-up allocates nothing; texts are extents of `bytes`.
public struct DrugLedger: Sendable {
    /// Where a drug stands in the catalogue.
    public enum State: UInt8, Sendable {
        /// Nowhere.
        case absent
        /// In a row that was kept aside.
        case quarantined
        /// In a row that is loaded, unless the whole submission is returned.
        case accepted
    }

    /// Why a catalogue row was kept aside: what findings on its movements name as their root.
    public struct Root: Sendable, Hashable {
        /// The rule.
        public var rule: RuleID
        /// The finding.
        public var fingerprint: Fingerprint

        /// A root.
        public init(rule: RuleID, fingerprint: Fingerprint) {
            self.rule = rule
            self.fingerprint = fingerprint
        }
    }

    /// What a catalogue row says, as cells; a number that is missing or wrong is `nil`, as is a text without bytes.
    public struct CatalogueCells {
        /// 院内药品唯一码
        public var hospitalDrugCode: RowBatch.Extent
        /// 国家药品编码
        public var ypid: RowBatch.Extent
        /// 产品名称
        public var productName: RowBatch.Extent
        /// 制剂单位
        public var dosageUnit: RowBatch.Extent
        /// 最小销售包装单位
        public var packUnit: RowBatch.Extent
        /// 转换系数 × 10⁴
        public var conversionFactor: Int64?

        /// Some cells.
        public init(
            hospitalDrugCode: RowBatch.Extent, ypid: RowBatch.Extent, productName: RowBatch.Extent,
            dosageUnit: RowBatch.Extent, packUnit: RowBatch.Extent, conversionFactor: Int64?
        ) {
            self.hospitalDrugCode = hospitalDrugCode
            self.ypid = ypid
            self.productName = productName
            self.dosageUnit = dosageUnit
            self.packUnit = packUnit
            self.conversionFactor = conversionFactor
        }
    }

    private struct Entry: BitwiseCopyable {
        var factor = Int64.min
        /// Where code, national code and name stand, one behind the other.
        var textStart: UInt32 = 0
        var nameCount: UInt16 = 0
        var ypidCount: UInt8 = 0
        var state = State.absent.rawValue
        /// Positions in `units`, from 1.
        var dosageUnit: Int32 = 0
        var packUnit: Int32 = 0
        var origin = PackedOrigin()
        var codeCount: UInt8 = 0
        var isContradicted = false
    }

    private struct PackedOrigin: BitwiseCopyable {
        var file: Int32 = 0
        var line: Int32 = 0
        var row: Int32 = 0
    }

    /// Longer texts have a finding of their own (C12) and are not compared.
    private static let longestName = 1024
    /// What is kept of texts at most, so that no submission can fill the memory; names beyond it are not compared.
    private static let mostBytes = 128 << 20

    private var index = HashIndex()
    private var entries: [Entry] = []
    private var units = HashIndex()
    private var unitTexts: [Range<Int>] = []
    private var roots: [Int32: Root] = [:]
    private var owner = ByteHash()
    private var ownerCell: [UInt8]
    /// The bytes that texts are extents of, UTF-8.
    public private(set) var bytes: [UInt8] = []
    /// How many drugs stand in the catalogue.
    public private(set) var catalogueCount = 0

    /// Nothing in it. Drugs are those of the sender unless told otherwise.
    public init(sender: String) {
        let cell = Array(sender.utf8)
        owner.add(cell.span)
        ownerCell = cell
    }

    /// How many drugs there are, in the catalogue or not.
    public var count: Int { entries.count }

    /// Whose drugs the codes of the next rows name: the same code of another hospital is another drug.
    public mutating func setOwner(_ cell: Span<UInt8>) {
        guard !cell.equals(ownerCell.span) else { return }
        ownerCell.removeAll(keepingCapacity: true)
        for index in cell.indices { ownerCell.append(cell[index]) }
        owner = ByteHash()
        owner.add(cell)
    }

    /// The ordinal of the owner's drug with a code; a new one where it is the first row of it.
    public mutating func drug(_ code: Span<UInt8>) -> (ordinal: Int, hash: UInt64) {
        let key = key(of: code)
        return (drug(key: key), key)
    }

    /// What the owner's drug with a code hashes to.
    public func key(of code: Span<UInt8>) -> UInt64 {
        var hash = owner
        hash.add(code)
        return hash.value
    }

    /// The ordinal of the drug with a hash; a new one where it is the first row of it.
    public mutating func drug(key: UInt64) -> Int {
        let (ordinal, isNew) = index.insert(key)
        if isNew { entries.append(Entry()) }
        return ordinal
    }

    /// Looks where the drugs with these hashes will be looked for, all at once: of a large catalogue each is somewhere else
    /// in memory, and waiting for one after the other takes longer than the rest.
    public mutating func lookAhead(_ keys: [UInt64]) { index.lookAhead(keys) }

    /// Makes room for a catalogue of so many bytes, so that no array has to be moved when it is large.
    public mutating func reserve(catalogueBytes: Int) {
        // A row of a catalogue has twenty cells. What is never written to takes no memory.
        let rows = min(max(catalogueBytes, 0), DrugLedger.mostBytes * 4) / 160
        index.reserve(rows)
        entries.reserveCapacity(rows)
        bytes.reserveCapacity(rows * 48)
    }

    /// Another table begins.
    public mutating func rewind() { index.rewind() }

    /// Takes down what the catalogue says of a drug. A second row of it makes what is said uncertain: only what both
    /// say is kept.
    ///
    /// - Returns: whether it names another national code than an earlier row.
    public mutating func note(
        _ cells: CatalogueCells, of drug: Int, in batch: borrowing RowBatch, at origin: RowOrigin
    ) -> Bool {
        let before = entries[drug]
        guard before.state == State.absent.rawValue else {
            let isOther = cells.ypid.count > 0 && before.ypidCount > 0 && !agrees(ypid(of: drug), cells.ypid, in: batch)
            keepWhatAgrees(with: cells, of: drug, in: batch)
            return isOther
        }
        catalogueCount += 1
        var entry = before
        entry.state = State.accepted.rawValue
        entry.origin = PackedOrigin(file: origin.file, line: origin.line, row: origin.row)
        entry.factor = cells.conversionFactor ?? .min
        entry.textStart = UInt32(bytes.count)
        let source = batch.bytes.span
        let code = source.extracting(cells.hospitalDrugCode.range)
        let ypid = source.extracting(cells.ypid.range)
        let name = source.extracting(cells.productName.range)
        if code.count <= Int(UInt8.max), hasRoom(code.count) {
            entry.codeCount = UInt8(code.count)
            append(code)
        }
        if ypid.count <= Int(UInt8.max), hasRoom(ypid.count) {
            entry.ypidCount = UInt8(ypid.count)
            append(ypid)
        }
        if name.count <= DrugLedger.longestName, hasRoom(name.count) {
            entry.nameCount = UInt16(name.count)
            append(name)
        }
        entry.dosageUnit = unit(source.extracting(cells.dosageUnit.range))
        entry.packUnit = unit(source.extracting(cells.packUnit.range))
        entries[drug] = entry
        return false
    }

    /// The catalogue row of a drug was kept aside. The first reason stays.
    public mutating func quarantine(_ drug: Int, because root: Root?) {
        entries[drug].state = State.quarantined.rawValue
        if let root, roots[Int32(drug)] == nil { roots[Int32(drug)] = root }
    }

    private func agrees(_ range: Range<Int>?, _ cell: RowBatch.Extent, in batch: borrowing RowBatch) -> Bool {
        guard let range else { return true }
        return bytes.span.extracting(range).equals(batch.bytes.span.extracting(cell.range))
    }

    private mutating func keepWhatAgrees(with cells: CatalogueCells, of drug: Int, in batch: borrowing RowBatch) {
        if entries[drug].factor != cells.conversionFactor ?? .min { entries[drug].factor = .min }
        if !agrees(productName(of: drug), cells.productName, in: batch) { entries[drug].nameCount = 0 }
        if !agrees(ypid(of: drug), cells.ypid, in: batch) {
            entries[drug].isContradicted = true
            // The name behind it cannot be found any more.
            entries[drug].ypidCount = 0
            entries[drug].nameCount = 0
        }
        if !agrees(dosageUnit(of: drug), cells.dosageUnit, in: batch) { entries[drug].dosageUnit = 0 }
        if !agrees(packUnit(of: drug), cells.packUnit, in: batch) { entries[drug].packUnit = 0 }
    }

    private func hasRoom(_ count: Int) -> Bool { bytes.count + count <= DrugLedger.mostBytes }

    private mutating func append(_ text: Span<UInt8>) {
        // The bytes are read here and nowhere kept.
        unsafe text.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    }

    /// Units are few and long-lived: each is kept once.
    private mutating func unit(_ cell: Span<UInt8>) -> Int32 {
        guard !cell.isEmpty, cell.count <= DrugLedger.longestName, hasRoom(cell.count) else { return 0 }
        var hash = ByteHash()
        hash.add(cell)
        let (ordinal, isNew) = units.insert(hash.value)
        if isNew {
            unitTexts.append(bytes.count..<bytes.count + cell.count)
            append(cell)
        }
        return Int32(ordinal + 1)
    }
}

// What the catalogue says of a drug: `nil` where it says nothing.
extension DrugLedger {
    /// Where a drug stands in the catalogue.
    public func state(of drug: Int) -> State { State(rawValue: entries[drug].state) ?? .absent }

    /// Whether the catalogue has the drug and gives no national code for it in any row.
    public func hasUnnamedRow(_ drug: Int) -> Bool {
        entries[drug].state != State.absent.rawValue && entries[drug].ypidCount == 0 && !entries[drug].isContradicted
    }

    /// Why its catalogue row was kept aside.
    public func root(of drug: Int) -> Root? { roots.isEmpty ? nil : roots[Int32(drug)] }

    /// Where its first catalogue row came from.
    public func origin(of drug: Int) -> RowOrigin? {
        let entry = entries[drug]
        guard entry.state != State.absent.rawValue else { return nil }
        return RowOrigin(file: entry.origin.file, line: entry.origin.line, row: entry.origin.row)
    }

    /// 转换系数 × 10⁴
    public func conversionFactor(of drug: Int) -> Int64? {
        entries[drug].factor == .min ? nil : entries[drug].factor
    }

    /// 院内药品唯一码, in `bytes`; `nil` for a drug that is not in the catalogue.
    public func code(of drug: Int) -> Range<Int>? {
        let entry = entries[drug]
        guard entry.codeCount > 0 else { return nil }
        return Int(entry.textStart)..<Int(entry.textStart) + Int(entry.codeCount)
    }

    /// 国家药品编码, in `bytes`.
    public func ypid(of drug: Int) -> Range<Int>? {
        let entry = entries[drug]
        guard entry.ypidCount > 0 else { return nil }
        let start = Int(entry.textStart) + Int(entry.codeCount)
        return start..<start + Int(entry.ypidCount)
    }

    /// 产品名称, in `bytes`.
    public func productName(of drug: Int) -> Range<Int>? {
        let entry = entries[drug]
        guard entry.nameCount > 0 else { return nil }
        let start = Int(entry.textStart) + Int(entry.codeCount) + Int(entry.ypidCount)
        return start..<start + Int(entry.nameCount)
    }

    /// 制剂单位, in `bytes`.
    public func dosageUnit(of drug: Int) -> Range<Int>? {
        entries[drug].dosageUnit == 0 ? nil : unitTexts[Int(entries[drug].dosageUnit) - 1]
    }

    /// 最小销售包装单位, in `bytes`.
    public func packUnit(of drug: Int) -> Range<Int>? {
        entries[drug].packUnit == 0 ? nil : unitTexts[Int(entries[drug].packUnit) - 1]
    }

    /// A text of the ledger as a string.
    public func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}

extension Span<UInt8> {
    /// Whether the bytes are the same.
    func equals(_ other: Span<UInt8>) -> Bool { ByteWords.areEqual(self, other) }
}
