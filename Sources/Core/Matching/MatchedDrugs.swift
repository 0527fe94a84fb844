/// What the comparison says of the drugs of some submissions, by submission and local code: about 60 bytes for a drug,
/// so that a catalogue of half a million drugs can be held beside everything else.
public struct MatchedDrugs: Sendable {
    /// What the comparison says of one drug.
    public struct Match: Sendable, Hashable {
        /// Where it stands.
        public var state: MatchState
        /// The code it is tied to; `nil` unless approved.
        public var ypid: String?
        /// How it was found, `supplied_code` … `manual`; `nil` where nothing was found.
        public var method: String?
        /// 0 … 10 000; `nil` where nothing was weighed.
        public var score: Int?
        /// How far it is what the code says; `nil` unless approved.
        public var equivalence: Equivalence?

        /// An answer.
        public init(
            state: MatchState, ypid: String?, method: String?, score: Int?, equivalence: Equivalence? = nil
        ) {
            self.state = state
            self.ypid = ypid
            self.method = method
            self.score = score
            self.equivalence = equivalence
        }

        /// Whether nobody has to find a code for it: it has one, or it needs none.
        public var isSettled: Bool { state == .approved || state == .ignored }
    }

    private struct Slot: Sendable, BitwiseCopyable {
        var start: UInt32 = 0
        var count: UInt16 = 0
        var score: Int16 = -1
        var state: UInt8 = 0
        var method: UInt8 = 0
        /// One more than the place among all grades; 0 for none.
        var equivalence: UInt8 = 0
    }

    private static let states = MatchState.allCases
    private var keys: [UInt64]
    private var slots: [Slot]
    private var bytes: [UInt8] = []
    private var methods: [String?] = [nil]
    /// How many drugs are known.
    public private(set) var count = 0

    /// Nothing known yet, with room for so many drugs.
    public init(expecting drugs: Int = 0) {
        var capacity = 64
        while capacity * 3 < drugs * 4 { capacity *= 2 }
        keys = Array(repeating: 0, count: capacity)
        slots = Array(repeating: Slot(), count: capacity)
    }

    /// What is known of a drug; `nil` where it was never compared.
    public func match(of submission: SubmissionID, hospitalDrugCode: String) -> Match? {
        let key = MatchedDrugs.key(submission, hospitalDrugCode.utf8.span)
        let place = place(of: key)
        guard keys[place] == key else { return nil }
        let slot = slots[place]
        let isApproved = MatchedDrugs.states[Int(slot.state)] == .approved
        let text = bytes[Int(slot.start)..<Int(slot.start) + Int(slot.count)]
        return Match(
            state: MatchedDrugs.states[Int(slot.state)], ypid: isApproved ? String(decoding: text, as: UTF8.self) : nil,
            method: methods[Int(slot.method)], score: slot.score < 0 ? nil : Int(slot.score),
            equivalence: slot.equivalence == 0 ? nil : Equivalence.allCases[Int(slot.equivalence) - 1])
    }

    /// Adds a drug, or replaces what was known of it.
    public mutating func insert(_ match: Match, of submission: SubmissionID, hospitalDrugCode: String) {
        insert(match, ypid: (match.ypid ?? "").utf8.span, of: submission, hospitalDrugCode: hospitalDrugCode.utf8.span)
    }

    /// The same from bytes, UTF-8.
    /// - Parameter ypid: the code, whatever `match` says.
    public mutating func insert(
        _ match: Match, ypid: Span<UInt8>, of submission: SubmissionID, hospitalDrugCode: Span<UInt8>
    ) {
        if (count + 1) * 4 > keys.count * 3 { grow() }
        let key = MatchedDrugs.key(submission, hospitalDrugCode)
        let place = place(of: key)
        if keys[place] == 0 { count += 1 }
        keys[place] = key
        var slot = Slot()
        slot.start = UInt32(clamping: bytes.count)
        if match.state == .approved {
            for index in ypid.indices { bytes.append(ypid[index]) }
            slot.count = UInt16(clamping: ypid.count)
        }
        slot.score = match.score.map { Int16(clamping: $0) } ?? -1
        slot.state = UInt8(MatchedDrugs.states.firstIndex(of: match.state) ?? 0)
        slot.method = number(of: match.method)
        slot.equivalence = UInt8((match.equivalence.flatMap(Equivalence.allCases.firstIndex(of:)) ?? -1) + 1)
        slots[place] = slot
    }

    private mutating func number(of method: String?) -> UInt8 {
        if let known = methods.firstIndex(of: method) { return UInt8(known) }
        guard methods.count < 255 else { return 0 }
        methods.append(method)
        return UInt8(methods.count - 1)
    }

    /// Seeded anew in each process, so that no catalogue can be made to collide on purpose; never 0.
    private static func key(_ submission: SubmissionID, _ code: Span<UInt8>) -> UInt64 {
        var hash = ByteHash()
        hash.add(code)
        hash.add(UInt64(bitPattern: Int64(submission.rawValue)))
        return hash.value
    }

    private func place(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var index = Int(truncatingIfNeeded: key) & mask
        while keys[index] != 0, keys[index] != key { index = (index + 1) & mask }
        return index
    }

    private mutating func grow() {
        let (oldKeys, oldSlots) = (keys, slots)
        keys = Array(repeating: 0, count: oldKeys.count * 2)
        slots = Array(repeating: Slot(), count: oldSlots.count * 2)
        for (index, key) in oldKeys.enumerated() where key != 0 {
            let place = place(of: key)
            keys[place] = key
            slots[place] = oldSlots[index]
        }
    }
}
