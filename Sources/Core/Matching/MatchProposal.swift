/// What comparing a drug with a library came to, before any person has looked.
///
/// It is kept as one run of bytes, so that tens of thousands can be remembered and handing one on costs next to nothing.
public struct MatchProposal: Sendable {
    fileprivate let bytes: [UInt8]
    /// Differs for proposals that differ; another in every process.
    public let fingerprint: Int
    /// Approved where it is certain, else proposed, ignored, no match, or unchecked without a library.
    public let state: MatchState

    /// A proposal.
    public init(
        state: MatchState, ypid: String? = nil, method: String? = nil, level: String? = nil, score: Int? = nil,
        reason: String? = nil, candidates: [MatchCandidate] = [], evidence: [String: String] = [:]
    ) {
        var writer = ProposalBytes.Writer()
        for text in [ypid, method, level, reason] { writer.add(text) }
        writer.add(score)
        writer.add(candidates.count)
        for candidate in candidates {
            writer.add(candidate.ypid)
            writer.add(candidate.score)
            writer.add(candidate.vetoes.count)
            for veto in candidate.vetoes { writer.add(veto) }
        }
        writer.add(evidence.count)
        for (field, value) in evidence.sorted(by: { $0.key < $1.key }) {
            writer.add(field)
            writer.add(value)
        }
        self.init(writer.bytes, state)
    }

    fileprivate init(_ bytes: [UInt8], _ state: MatchState) {
        self.state = state
        self.bytes = bytes
        var hasher = Hasher()
        hasher.combine(state)
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        fingerprint = hasher.finalize()
    }

    private var texts: ProposalBytes.Reader { ProposalBytes.Reader(bytes) }

    private func text(_ place: Int) -> String? {
        var reader = texts
        for _ in 0..<place { reader.skipText() }
        return reader.text()
    }

    /// The code decided on; `nil` unless approved.
    public var ypid: String? { text(0) }
    /// How it was found: `supplied_code`, `approval_number`, `other_code`, `exact_description`, `ranked`, `exempt`.
    public var method: String? { text(1) }
    /// L0 … L4, LX.
    public var level: String? { text(2) }
    /// Why it was not decided, or why it is exempt.
    public var reason: String? { text(3) }

    /// 0 … 10 000, of the first candidate.
    public var score: Int? {
        var reader = texts
        for _ in 0..<4 { reader.skipText() }
        return reader.number()
    }

    private func candidates(_ reader: inout ProposalBytes.Reader) -> [MatchCandidate] {
        for _ in 0..<4 { reader.skipText() }
        _ = reader.number()
        return (0..<(reader.number() ?? 0)).map { _ in
            let ypid = reader.text() ?? ""
            let score = reader.number() ?? 0
            let vetoes = (0..<(reader.number() ?? 0)).map { _ in reader.text() ?? "" }
            return MatchCandidate(ypid: ypid, score: score, vetoes: vetoes)
        }
    }

    /// The likeliest codes, the likeliest first.
    public var candidates: [MatchCandidate] {
        var reader = texts
        return candidates(&reader)
    }

    /// The only candidate, where there is one and nothing speaks against it.
    public var onlyCandidate: (ypid: String, score: Int)? {
        var reader = texts
        reader.skipText()
        reader.skipGrounds()
        guard reader.number() == 1, let ypid = reader.text(), let score = reader.number(), reader.number() == 0 else {
            return nil
        }
        return (ypid, score)
    }

    /// Whether there are candidates.
    public var hasCandidates: Bool {
        var reader = texts
        reader.skipText()
        reader.skipGrounds()
        return (reader.number() ?? 0) > 0
    }

    /// What the fields say of the first candidate, by field.
    public var evidence: [String: String] {
        var reader = texts
        _ = candidates(&reader)
        var evidence: [String: String] = [:]
        for _ in 0..<(reader.number() ?? 0) {
            if let field = reader.text() { evidence[field] = reader.text() }
        }
        return evidence
    }
}

extension MatchProposal {
    /// The same where method, level, reason and score are the same, and made without taking them apart.
    public var groundsKey: ArraySlice<UInt8> {
        var reader = texts
        reader.skipText()
        let start = reader.place
        reader.skipGrounds()
        return bytes[start..<reader.place]
    }

    /// The same where `evidence` is the same, and made without taking it apart.
    public var evidenceKey: ArraySlice<UInt8> {
        var reader = texts
        reader.skipToEvidence()
        return bytes[reader.place...]
    }
}

/// An answer that many drugs have but for the code, which is decided on and the only candidate.
public struct ProposalPattern: Sendable {
    private let middle: ArraySlice<UInt8>
    private let end: ArraySlice<UInt8>
    private let state: MatchState

    /// The pattern of an answer; `nil` where it is no such answer.
    public init?(_ proposal: MatchProposal) {
        guard let ypid = proposal.ypid, proposal.candidates.map(\.ypid) == [ypid] else { return nil }
        var reader = ProposalBytes.Reader(proposal.bytes)
        reader.skipText()
        let start = reader.place
        reader.skipGrounds()
        _ = reader.number()
        middle = proposal.bytes[start..<reader.place]
        reader.skipText()
        end = proposal.bytes[reader.place...]
        state = proposal.state
    }

    /// The answer for a code.
    public func proposal(for ypid: String) -> MatchProposal {
        var writer = ProposalBytes.Writer()
        writer.bytes.reserveCapacity(middle.count + end.count + 2 * ypid.utf8.count + 4)
        writer.add(ypid)
        writer.bytes += middle
        writer.add(ypid)
        writer.bytes += end
        return MatchProposal(writer.bytes, state)
    }
}

extension MatchProposal: Hashable {
    /// The same answer for the same reasons.
    public static func == (one: MatchProposal, other: MatchProposal) -> Bool {
        one.fingerprint == other.fingerprint && one.state == other.state && one.bytes == other.bytes
    }

    /// By its fingerprint.
    public func hash(into hasher: inout Hasher) { hasher.combine(fingerprint) }
}

/// Texts and numbers, one behind the other. A number takes one byte up to 127, a text its length and its bytes.
private enum ProposalBytes {
    struct Writer {
        var bytes: [UInt8] = []

        /// Zigzag, seven bits to a byte; what is absent is 0x80 0x00, which no number is.
        mutating func add(_ number: Int?) {
            guard let number else {
                bytes += [0x80, 0x00]
                return
            }
            var rest = UInt(bitPattern: (number << 1) ^ (number >> (Int.bitWidth - 1)))
            while rest > 0x7F {
                bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            bytes.append(UInt8(truncatingIfNeeded: rest))
        }

        mutating func add(_ text: String?) {
            add(text.map { $0.utf8.count } as Int?)
            if let text { bytes.append(contentsOf: text.utf8) }
        }
    }

    struct Reader {
        private let bytes: [UInt8]
        private(set) var place = 0

        init(_ bytes: [UInt8]) { self.bytes = bytes }

        mutating func number() -> Int? {
            if bytes[place] == 0x80, bytes[place + 1] == 0 {
                place += 2
                return nil
            }
            var rest: UInt = 0
            var shift: UInt = 0
            while true {
                let byte = bytes[place]
                place += 1
                rest |= UInt(byte & 0x7F) << shift
                shift += 7
                if byte < 0x80 { break }
            }
            return Int(bitPattern: rest >> 1) ^ -Int(bitPattern: rest & 1)
        }

        mutating func text() -> String? {
            guard let count = number() else { return nil }
            defer { place += count }
            return String(decoding: bytes[place..<place + count], as: UTF8.self)
        }

        mutating func skipText() {
            let count = number() ?? 0
            place += count
        }

        /// Method, level, reason and score, which follow the code.
        mutating func skipGrounds() {
            for _ in 0..<3 { skipText() }
            _ = number()
        }

        mutating func skipToEvidence() {
            skipText()
            skipGrounds()
            for _ in 0..<(number() ?? 0) {
                skipText()
                _ = number()
                for _ in 0..<(number() ?? 0) { skipText() }
            }
        }
    }
}
