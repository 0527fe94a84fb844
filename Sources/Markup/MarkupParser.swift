import CExpat
import Glibc

/// Reads XML piece by piece and says what stands in each piece, with names as numbers and text as bytes of UTF-8.
///
/// expat calls back for every tag; the calls only write events down, and the caller goes through them once the piece is
/// done. So no caller's code runs inside expat, nothing is allocated per element, and memory is bounded by the pieces
/// and the limits. A document type declaration stops it at once, so entities beyond the five of XML do not exist, and
/// nothing can be expanded or fetched.
@safe
public final class MarkupParser {
    /// What the last piece held, in order.
    public var events: [MarkupEvent] { _read { yield unsafe state.pointee.events } }
    /// The bytes that events point into, of the last piece only.
    public var text: [UInt8] { _read { yield unsafe state.pointee.text } }
    /// The names that events number, of all pieces.
    public var names: NameTable { _read { yield unsafe state.pointee.names } }
    /// The offset up to which everything is in events; what was given from there on is the start of something unfinished.
    public private(set) var readUpTo = 0
    /// Why the reading stopped, once it did.
    public private(set) var failure: MarkupFailure?

    private let limits: MarkupLimits
    private let state: UnsafeMutablePointer<State>
    private var fed = 0

    /// A parser at the start of a file.
    /// - Parameter isUTF8: whether the bytes are UTF-8 whatever the declaration says, because somebody transcoded them.
    ///   Else UTF-8 and UTF-16 are told apart by mark and declaration.
    public init(isUTF8: Bool = false, limits: MarkupLimits = MarkupLimits()) {
        self.limits = limits
        guard let parser = unsafe XML_ParserCreate(isUTF8 ? "UTF-8" : nil) else {
            preconditionFailure("out of memory for an XML parser")
        }
        unsafe state = .allocate(capacity: 1)
        unsafe state.initialize(to: State(parser: parser, limits: limits))
        unsafe XML_SetUserData(parser, state)
        unsafe XML_SetParamEntityParsing(parser, XML_PARAM_ENTITY_PARSING_NEVER)
        unsafe XML_SetElementHandler(
            parser,
            { context, name, attributes in unsafe State.at(context).pointee.start(name, attributes) },
            { context, _ in unsafe State.at(context).pointee.end() })
        unsafe XML_SetCharacterDataHandler(
            parser, { context, bytes, count in unsafe State.at(context).pointee.characters(bytes, Int(count)) })
        unsafe XML_SetStartDoctypeDeclHandler(
            parser, { context, _, _, _, _ in unsafe State.at(context).pointee.stop(.documentType) })
        unsafe XML_SetEntityDeclHandler(
            parser, { context, _, _, _, _, _, _, _, _ in unsafe State.at(context).pointee.stop(.documentType) })
    }

    deinit {
        unsafe XML_ParserFree(state.pointee.parser)
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Reads the next piece and replaces `events` and `text`; `false` once the file cannot be read further.
    ///
    /// What stood before the fault is in the events all the same.
    public func parse(_ bytes: Span<UInt8>, isLast: Bool) -> Bool {
        unsafe state.pointee.forget()
        guard failure == nil else { return false }
        precondition(bytes.count <= 1 << 30, "pieces are small")
        let status = unsafe bytes.withUnsafeBytes {
            unsafe XML_Parse(
                state.pointee.parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count),
                isLast ? 1 : 0)
        }
        fed += bytes.count
        let offset = Int(unsafe XML_GetCurrentByteIndex(state.pointee.parser))
        if status == XML_STATUS_ERROR {
            let code = unsafe XML_GetErrorCode(state.pointee.parser)
            let said = unsafe XML_ErrorString(code).map { unsafe String(cString: $0) } ?? "error \(code.rawValue)"
            fail(unsafe state.pointee.stopped ?? .notWellFormed(said), at: offset)
            return false
        }
        readUpTo = max(offset, readUpTo)
        // What expat holds back is the start of a token that has not ended: a comment without end would grow for ever.
        if !isLast, offset >= 0, fed - offset > limits.tokenBytes + bytes.count {
            fail(.tooLong(limit: limits.tokenBytes), at: offset)
            return false
        }
        return true
    }

    private func fail(_ reason: MarkupFailure.Reason, at offset: Int) {
        failure = MarkupFailure(
            reason: reason, line: Int(unsafe XML_GetCurrentLineNumber(state.pointee.parser)),
            column: Int(unsafe XML_GetCurrentColumnNumber(state.pointee.parser)) + 1, byteOffset: max(offset, 0))
    }
}

extension MarkupParser {
    /// What the callbacks write into. It lies at an address of its own, so that a callback costs no look at a class.
    @unsafe
    fileprivate struct State {
        let parser: XML_Parser
        let limits: MarkupLimits
        var events: [MarkupEvent] = []
        var text: [UInt8] = []
        var names: NameTable
        var stopped: MarkupFailure.Reason?
        private var depth = 0
        /// Whether the last event is text that more text would continue.
        private var isInText = false

        init(parser: XML_Parser, limits: MarkupLimits) {
            unsafe self.parser = parser
            unsafe self.limits = limits
            unsafe names = NameTable(maximumCount: limits.names, maximumBytes: limits.nameBytes)
        }

        static func at(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<State> {
            guard let context = unsafe context else { preconditionFailure("expat gives back what it was given") }
            return unsafe context.assumingMemoryBound(to: State.self)
        }

        mutating func forget() {
            unsafe events.removeAll(keepingCapacity: true)
            unsafe text.removeAll(keepingCapacity: true)
            unsafe isInText = false
        }

        mutating func stop(_ reason: MarkupFailure.Reason) {
            guard unsafe stopped == nil else { return }
            unsafe stopped = reason
            unsafe XML_StopParser(parser, XML_Bool(0))
        }

        mutating func start(
            _ name: UnsafePointer<XML_Char>?, _ attributes: UnsafeMutablePointer<UnsafePointer<XML_Char>?>?
        ) {
            guard unsafe stopped == nil else { return }
            unsafe depth += 1
            guard unsafe depth <= limits.depth else { return unsafe stop(.tooDeep(limit: limits.depth)) }
            unsafe isInText = false
            let line = unsafe depth <= limits.lineDepth ? Int(XML_GetCurrentLineNumber(parser)) : 0
            let offset = Int(unsafe XML_GetCurrentByteIndex(parser))
            guard unsafe append(.start, name: name, line: line, byteOffset: offset) else { return }
            var next = unsafe attributes
            while let pair = unsafe next, let name = unsafe pair[0], let value = unsafe pair[1] {
                guard unsafe append(.attribute, name: name, line: 0, byteOffset: 0) else { return }
                unsafe take(value, strlen(value))
                unsafe next = pair + 2
            }
            unsafe isInText = false
        }

        mutating func end() {
            guard unsafe stopped == nil else { return }
            unsafe isInText = false
            let behind = unsafe Int(XML_GetCurrentByteIndex(parser)) + Int(XML_GetCurrentByteCount(parser))
            unsafe events.append(
                MarkupEvent(
                    kind: .end, depth: Int32(depth), name: -1, textStart: 0, textCount: 0, line: 0, byteOffset: behind))
            unsafe depth -= 1
        }

        mutating func characters(_ bytes: UnsafePointer<XML_Char>?, _ count: Int) {
            guard unsafe stopped == nil, let bytes = unsafe bytes else { return }
            if unsafe !isInText {
                unsafe events.append(
                    MarkupEvent(
                        kind: .text, depth: Int32(depth), name: -1, textStart: Int32(text.count), textCount: 0, line: 0,
                        byteOffset: 0))
                unsafe isInText = true
            }
            unsafe take(bytes, count)
        }

        /// Appends bytes to the text of the last event.
        private mutating func take(_ bytes: UnsafePointer<XML_Char>, _ count: Int) {
            unsafe text.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: count))
            unsafe events[events.count - 1].textCount += Int32(count)
        }

        private mutating func append(
            _ kind: MarkupEvent.Kind, name: UnsafePointer<XML_Char>?, line: Int, byteOffset: Int
        ) -> Bool {
            guard let name = unsafe name else { return false }
            let bytes = unsafe UnsafeRawBufferPointer(start: name, count: strlen(name)).bindMemory(to: UInt8.self)
            let number = unsafe names.number(of: bytes.span)
            guard number != NameTable.none else {
                unsafe stop(.tooManyNames(limit: limits.names))
                return false
            }
            unsafe events.append(
                MarkupEvent(
                    kind: kind, depth: Int32(depth), name: Int32(number), textStart: Int32(text.count), textCount: 0,
                    line: line, byteOffset: byteOffset))
            return true
        }
    }
}
