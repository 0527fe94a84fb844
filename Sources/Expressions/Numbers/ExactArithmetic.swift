/// The arithmetic that is more than one instruction: products that are rounded and quotients, both half away from zero.
///
/// What lies between is as wide as it must be (256 bits), so the result is the exact one, rounded once. `nil` is a result
/// beyond the limit.
enum ExactArithmetic {
    /// A number of units divided by a power of ten.
    static func rounded(_ units: Int128, droppingPower divisor: Int128) -> Int128 {
        let (quotient, rest) = units.quotientAndRemainder(dividingBy: divisor)
        let isHalfOrMore = rest.magnitude >= divisor.magnitude - rest.magnitude
        return isHalfOrMore ? quotient + (units < 0 ? -1 : 1) : quotient
    }

    /// The product of two numbers of units, divided by a power of ten.
    static func product(_ a: Int128, _ b: Int128, droppingPower divisor: Int128, limit: Int128) -> Int128? {
        let (product, hasOverflown) = a.multipliedReportingOverflow(by: b)
        if !hasOverflown, product != .min {
            let result = divisor == 1 ? product : rounded(product, droppingPower: divisor)
            return result.magnitude <= limit.magnitude ? result : nil
        }
        return scaled(
            a.magnitude, by: b.magnitude, over: divisor.magnitude, isNegative: (a < 0) != (b < 0), limit: limit)
    }

    /// `a` times `multiplier` divided by `b` times `divisor`; `b` is not zero.
    static func quotient(
        _ a: Int128, _ b: Int128, multiplier: Int128, divisor: Int128, limit: Int128
    ) -> Int128? {
        let (whole, hasOverflown) = b.magnitude.multipliedReportingOverflow(by: divisor.magnitude)
        // Only numbers beyond the language's limits are that large; their quotient is as good as nothing.
        guard !hasOverflown else { return 0 }
        return scaled(a.magnitude, by: multiplier.magnitude, over: whole, isNegative: (a < 0) != (b < 0), limit: limit)
    }

    private static func scaled(
        _ a: UInt128, by factor: UInt128, over divisor: UInt128, isNegative: Bool, limit: Int128
    ) -> Int128? {
        let quotient: UInt128
        let rest: UInt128
        let (product, hasOverflown) = a.multipliedReportingOverflow(by: factor)
        if !hasOverflown {
            if product <= UInt128(UInt64.max), divisor <= UInt128(UInt64.max) {
                let (small, left) = UInt64(truncatingIfNeeded: product)
                    .quotientAndRemainder(dividingBy: UInt64(truncatingIfNeeded: divisor))
                (quotient, rest) = (UInt128(small), UInt128(left))
            } else {
                (quotient, rest) = product.quotientAndRemainder(dividingBy: divisor)
            }
        } else {
            let (high, low) = a.multipliedFullWidth(by: factor)
            guard high < divisor else { return nil }
            (quotient, rest) = divisor.dividingFullWidth((high, low))
        }
        guard quotient <= limit.magnitude else { return nil }
        let magnitude = Int128(quotient) + (rest >= divisor - rest ? 1 : 0)
        guard magnitude <= limit else { return nil }
        return isNegative ? -magnitude : magnitude
    }
}
