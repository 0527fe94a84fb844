/// What instructions do with columns of texts. New texts are appended to the batch's bytes.
enum TextKernels {
    typealias Register = Evaluator.TextRegister

    static func load(_ column: borrowing ColumnBatch.Column, into out: inout Register, _ count: Int) {
        let extents = column.texts.span
        let isNull = column.isNull.span
        var outExtents = out.extents.mutableSpan
        for row in 0..<count { outExtents[row] = extents[row] }
        var outIsNull = out.isNull.mutableSpan
        for row in 0..<count { outIsNull[row] = isNull[row] }
    }

    static func length(
        _ a: borrowing Register, _ bytes: [UInt8], into out: inout Evaluator.NumberRegister, _ count: Int
    ) {
        let text = bytes.span
        for row in 0..<count {
            out.states[row] = a.isNull[row] ? NumberState.null : NumberState.value
            guard !a.isNull[row] else { continue }
            var characters = 0
            for index in a.extents[row].range where text[index] & 0xC0 != 0x80 { characters += 1 }
            out.values[row] = Int128(characters)
        }
    }

    static func similarity(
        _ a: borrowing Register, _ b: borrowing Register, _ bytes: [UInt8], _ scratch: inout TextScratch,
        into out: inout Evaluator.NumberRegister, _ count: Int
    ) {
        let text = bytes.span
        for row in 0..<count {
            guard !a.isNull[row], !b.isNull[row] else {
                out.states[row] = NumberState.null
                continue
            }
            out.states[row] = NumberState.value
            out.values[row] = Int128(
                Similarity.units(
                    text.extracting(a.extents[row].range), text.extracting(b.extents[row].range), &scratch))
        }
    }

    static func decide(
        _ a: borrowing Register, _ bytes: [UInt8], into out: inout [UInt8], _ count: Int,
        _ holds: (Span<UInt8>) -> Bool
    ) {
        let text = bytes.span
        let (isNull, extents) = (a.isNull.span, a.extents.span)
        var states = out.mutableSpan
        for row in 0..<count {
            states[row] =
                isNull[row]
                ? ConditionState.null
                : holds(text.extracting(extents[row].range)) ? ConditionState.isTrue : ConditionState.isFalse
        }
    }

    static func transform(
        _ transformation: TextTransformation, _ a: borrowing Register, _ bytes: inout [UInt8],
        _ scratch: inout TextScratch, into out: inout Register, _ count: Int
    ) {
        for row in 0..<count {
            out.isNull[row] = a.isNull[row]
            guard !a.isNull[row] else { continue }
            let extent = a.extents[row]
            if transformation == .trim {
                out.extents[row] = trimmed(extent, bytes)
                continue
            }
            let start = bytes.count
            switch transformation {
            case .lower:
                for index in extent.range {
                    let byte = bytes[index]
                    bytes.append((0x41...0x5A).contains(byte) ? byte + 0x20 : byte)
                }
            case .upper:
                for index in extent.range {
                    let byte = bytes[index]
                    bytes.append((0x61...0x7A).contains(byte) ? byte - 0x20 : byte)
                }
            case .canonical:
                scratch.firstScalars.removeAll(keepingCapacity: true)
                CanonicalText.forEachScalar(of: bytes.span.extracting(extent.range)) { scratch.firstScalars.append($0) }
                for scalar in scratch.firstScalars { append(scalar, to: &bytes) }
            case .trim: break
            }
            out.extents[row] = ColumnBatch.TextExtent(start: start, count: bytes.count - start)
        }
    }

    private static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        if scalar < 0x80 {
            bytes.append(UInt8(scalar))
        } else {
            bytes.append(
                contentsOf: UTF8.encode(Unicode.Scalar(scalar) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter)
        }
    }

    private static func trimmed(_ extent: ColumnBatch.TextExtent, _ bytes: [UInt8]) -> ColumnBatch.TextExtent {
        var (start, end) = (extent.range.lowerBound, extent.range.upperBound)
        while start < end, bytes[start] == UInt8(ascii: " ") { start += 1 }
        while start < end, bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        return ColumnBatch.TextExtent(start: start, count: end - start)
    }

    static func slice(
        _ a: borrowing Register, _ slice: TextSlice, _ bytes: [UInt8], into out: inout Register, _ count: Int
    ) {
        let text = bytes.span
        let (isNull, from) = (a.isNull.span, a.extents.span)
        var outIsNull = out.isNull.mutableSpan
        for row in 0..<count { outIsNull[row] = isNull[row] }
        var extents = out.extents.mutableSpan
        for row in 0..<count where !isNull[row] { extents[row] = UTF8Text.slice(from[row], slice, in: text) }
    }

    static func concatenate(
        _ a: borrowing Register, _ b: borrowing Register, _ bytes: inout [UInt8], into out: inout Register, _ count: Int
    ) {
        for row in 0..<count {
            out.isNull[row] = a.isNull[row] || b.isNull[row]
            guard !out.isNull[row] else { continue }
            let start = bytes.count
            for index in a.extents[row].range { bytes.append(bytes[index]) }
            for index in b.extents[row].range { bytes.append(bytes[index]) }
            out.extents[row] = ColumnBatch.TextExtent(start: start, count: bytes.count - start)
        }
    }

    /// Conditions that choose between texts cannot fail.
    static func select(
        _ choice: [UInt8], _ a: borrowing Register, _ b: borrowing Register, into out: inout Register, _ count: Int
    ) {
        let chosen = choice.span
        let (first, second) = (a.extents.span, b.extents.span)
        var extents = out.extents.mutableSpan
        for row in 0..<count { extents[row] = chosen[row] == ConditionState.isTrue ? first[row] : second[row] }
        let (isFirstNull, isSecondNull) = (a.isNull.span, b.isNull.span)
        var isNull = out.isNull.mutableSpan
        for row in 0..<count {
            isNull[row] = chosen[row] == ConditionState.isTrue ? isFirstNull[row] : isSecondNull[row]
        }
    }

    static func coalesce(_ a: borrowing Register, _ b: borrowing Register, into out: inout Register, _ count: Int) {
        let (isFirstNull, isSecondNull) = (a.isNull.span, b.isNull.span)
        let (first, second) = (a.extents.span, b.extents.span)
        var extents = out.extents.mutableSpan
        for row in 0..<count { extents[row] = isFirstNull[row] ? second[row] : first[row] }
        var isNull = out.isNull.mutableSpan
        for row in 0..<count { isNull[row] = isFirstNull[row] && isSecondNull[row] }
    }

    static func nullIf(
        _ a: borrowing Register, _ b: borrowing Register, _ bytes: [UInt8], into out: inout Register, _ count: Int
    ) {
        let text = bytes.span
        for row in 0..<count {
            out.extents[row] = a.extents[row]
            out.isNull[row] =
                a.isNull[row] || (!b.isNull[row] && UTF8Text.order(a.extents[row], b.extents[row], in: text) == 0)
        }
    }

    static func extreme(
        _ isGreatest: Bool, _ a: borrowing Register, _ b: borrowing Register, _ bytes: [UInt8],
        into out: inout Register,
        _ count: Int
    ) {
        let text = bytes.span
        for row in 0..<count {
            let isLess =
                !a.isNull[row] && !b.isNull[row] && UTF8Text.order(a.extents[row], b.extents[row], in: text) < 0
            let isSecond = a.isNull[row] || (!b.isNull[row] && isLess == isGreatest)
            out.extents[row] = isSecond ? b.extents[row] : a.extents[row]
            out.isNull[row] = a.isNull[row] && b.isNull[row]
        }
    }
}
