/// A library version ready to be compared with: built once, read by any number of threads.
///
/// Entries of one name and shape stand together, as they are looked at together; each knows the place of its code among all
/// codes, so that ties are broken the same way whatever order the rows came in. Names, strengths, shapes and makers are
/// kept once.
public struct LibraryIndex: Sendable {
    struct Entry: Sendable {
        var approval: UInt64 = 0
        var standardCode: UInt64 = 0
        var nhsaCode: UInt64 = 0
        /// Name, strength, maker, form, container and factor: entries that share it cannot be told apart.
        var identity: UInt64 = 0
        /// Name, strength and maker alone.
        var product: UInt64 = 0
        /// What `TextKey` makes of the row.
        var text: UInt64 = 0
        /// The name that stands first; `.max` for none.
        var firstName: UInt32 = .max
        var shape: UInt32 = 0
        /// Its place among all codes, by which ties are broken.
        var order: UInt32 = 0
        var maker: UInt32 = 0
        /// The makers that entries of the same enterprise code name; `.max` where there is but one.
        var family: UInt32 = .max
        var isMakerLatin = false
    }

    /// What a search looks at of every entry within reach, side by side in memory; a few of them are then looked at whole.
    struct Outline: Sendable {
        var maker: UInt32
        var order: UInt32
        var hasFamily: Bool
    }

    let entries: [Entry]
    let outlines: [Outline]
    let shapes: [Shape]
    let names: NameTable
    let strengths: StrengthTable
    let makers: MakerTable
    /// Makers by the enterprise part of the 本位码, which stays with a product when its holder changes.
    let families: Lists<UInt32>
    private let codes: Lists<UInt8>
    private let byApproval: MultiMap
    private let byStandardCode: MultiMap
    private let byNHSACode: MultiMap
    private let byCode: MultiMap

    /// How many entries there are.
    public var count: Int { entries.count }

    /// How many entries differ in name, strength or maker.
    public var distinguishableCount: Int { Set(entries.lazy.map(\.product)).count }

    init(
        entries: [Entry], shapes: [Shape], names: NameTable, strengths: StrengthTable,
        makers: MakerTable, families: Lists<UInt32>, codes: Lists<UInt8>, alternates: [(key: UInt64, value: UInt32)]
    ) {
        self.entries = entries
        self.shapes = shapes
        outlines = entries.map { Outline(maker: $0.maker, order: $0.order, hasFamily: $0.family != .max) }
        self.names = names
        self.strengths = strengths
        self.makers = makers
        self.families = families
        self.codes = codes
        func map(_ key: (Entry) -> UInt64) -> MultiMap {
            MultiMap(entries.indices.filter { key(entries[$0]) != 0 }.map { (key(entries[$0]), UInt32($0)) })
        }
        byApproval = MultiMap(
            entries.indices.filter { entries[$0].approval != 0 }.map { (entries[$0].approval, UInt32($0)) } + alternates
        )
        byStandardCode = map(\.standardCode)
        byNHSACode = map(\.nhsaCode)
        byCode = MultiMap((0..<codes.count).map { (LibraryIndex.key(codes[$0]), UInt32($0)) })
    }

    static func key(_ bytes: some Sequence<UInt8>) -> UInt64 {
        Scalars.hash(bytes.map { UInt16($0) })
    }

    /// The shape of an entry.
    func shape(of entry: UInt32) -> Shape { shapes[Int(entries[Int(entry)].shape)] }

    /// The code of an entry.
    func ypid(_ entry: UInt32) -> String { String(decoding: codes[Int(entry)], as: UTF8.self) }

    /// The entry of a code.
    func entry(ypid: String) -> UInt32? {
        var found: UInt32?
        byCode.forEach(LibraryIndex.key(ypid.utf8)) { entry in
            if codes[Int(entry)].elementsEqual(ypid.utf8) { found = entry }
        }
        return found
    }

    func forEach(approval key: UInt64, _ body: (UInt32) -> Void) { byApproval.forEach(key, body) }
    func forEach(standardCode key: UInt64, _ body: (UInt32) -> Void) { byStandardCode.forEach(key, body) }
    func forEach(nhsaCode key: UInt64, _ body: (UInt32) -> Void) { byNHSACode.forEach(key, body) }

    /// Whether two codes name entries that name, strength and maker do not tell apart.
    public func areIndistinguishable(_ left: String, _ right: String) -> Bool {
        guard let a = entry(ypid: left), let b = entry(ypid: right) else { return false }
        return entries[Int(a)].product == entries[Int(b)].product
    }
}

/// Whether an entry may be used.
enum LibraryStatus: UInt8, Sendable {
    case active, disabled, deleted

    init(_ text: String?) {
        switch text {
        case "disabled": self = .disabled
        case "deleted": self = .deleted
        default: self = .active
        }
    }
}
