import Core
import Glibc
import Postgres

/// The figures of the price benchmark: prices come from the database drug by drug, and what has to be sorted for a drug is
/// sorted here. Hundreds of thousands of small sorts cost the database ten times as much.
///
/// Sums are whole numbers and are passed back whole, in pieces of sixty bits; the database divides and rounds them.
struct PriceFigures {
    /// What one institution, or one drug of it, costs: price of a unit, units, and rows it was made of.
    struct Price {
        var price: Double
        var doses: Int64
        var rows: Int32
    }

    /// A drug's figures in one table.
    fileprivate struct Figure {
        var slot: Int64
        var institutions: Int32
        var rows: Int64
        var median, p5, p95: Double
        /// Ten-thousandths.
        var mode: Int64
        var madLog: Double?
        /// Hundred-millionths, and their squares.
        var sum: UInt128
        var squares: (high: UInt128, low: UInt128)
    }

    private static let columns = [
        "slot", "institutions", "rows", "median", "p5", "p95", "mode", "mad_log", "sum_1", "sum_0", "squares_2",
        "squares_1",
        "squares_0",
    ]

    /// No drug costs nine thousand million yuan a unit: such a price is no price.
    static let plausible = 0.00000001...9_000_000_000

    /// How many times the median, or one over that, a price may be.
    private let trim: Double
    private var prices: [Price] = []
    private var slot: Int64 = 0
    private var figures: [Figure] = []
    private var deviations: [Double] = []

    init(trim: Double) { self.trim = trim }

    /// Makes the figures that `made(_:)` then gives.
    /// - Parameter source: a query of slot, doses, rows and price.
    static func make(
        _ result: String, of source: String, trim: Double, _ connection: isolated Connection
    ) throws {
        var figures = PriceFigures(trim: trim)
        try connection.copyOut(
            SQL(
                unchecked: """
                    COPY (SELECT slot::bigint, doses::bigint, rows::integer, price::float8 FROM (\(source)) p ORDER BY slot)
                    TO STDOUT (FORMAT binary)
                    """), named: "prices of \(result)"
        ) { try figures.read($0) }
        figures.close()
        try figures.write(result, connection)
    }

    /// Hands over what was figured out.
    func write(_ result: String, _ connection: isolated Connection) throws {
        try connection.script(
            """
            CREATE TABLE made_\(result) (slot bigint, institutions integer, rows bigint, median float8, p5 float8,
                p95 float8, mode bigint, mad_log float8, sum_1 bigint, sum_0 bigint, squares_2 bigint, squares_1 bigint,
                squares_0 bigint)
            """, named: "figures of \(result)")
        try connection.copyIn(
            into: "made_\(result)", columns: PriceFigures.columns, named: "figures of \(result)"
        ) { writer in
            for figure in figures { figure.write(&writer) }
        }
        try connection.script("ANALYZE made_\(result) (slot)", named: "figures of \(result)")
    }

    /// A table of figures; means and deviations as PostgreSQL's own functions make them.
    static func made(_ result: String) -> String {
        """
        SELECT (3 + (slot & 1) * 2)::smallint AS table_no, (slot >> 1)::integer AS no, institutions, rows,
            round(median::numeric, 8) AS median, mode * 0.0001 AS mode,
            round(sum / institutions * 0.00000001, 8) AS mean,
            CASE WHEN institutions > 1 THEN round(sqrt(greatest(institutions * squares - sum * sum, 0)
                / (institutions::numeric * (institutions - 1))) * 0.00000001, 8) END AS sd,
            greatest(round(coalesce(mad_log, 0)::numeric, 8), 0.01) AS mad_log,
            round(p5::numeric, 8) AS p5, round(p95::numeric, 8) AS p95
        FROM (SELECT *, sum_1::numeric * \(1 << 60) + sum_0 AS sum,
            (squares_2::numeric * \(1 << 60) + squares_1) * \(1 << 60) + squares_0 AS squares FROM made_\(result)) m
        OFFSET 0
        """
    }

    // MARK: Reading

    /// A row of a binary COPY; the first has the file's head before it, the last is none.
    private mutating func read(_ bytes: Span<UInt8>) throws {
        let fields = 46
        guard bytes.count >= fields else { return }
        let start = bytes.count - fields
        func number<Number: FixedWidthInteger>(_ offset: Int, _ type: Number.Type) -> Number {
            var value = Number.zero
            for index in 0..<Number.bitWidth / 8 {
                value = value << 8 | Number(truncatingIfNeeded: bytes[start + offset + index])
            }
            return value
        }
        guard number(0, Int16.self) == 4, number(2, Int32.self) == 8, number(14, Int32.self) == 8,
            number(26, Int32.self) == 4, number(34, Int32.self) == 8
        else { throw PostgresError(.mismatch, message: "a price is not what was asked for", statement: "prices") }
        let next = number(6, Int64.self)
        if next != slot { close() }
        slot = next
        prices.append(
            Price(
                price: Double(bitPattern: number(38, UInt64.self)), doses: number(18, Int64.self),
                rows: number(30, Int32.self)))
    }

    // MARK: Figures

    /// One more price of the drug, unless it is none.
    mutating func add(_ price: Price) {
        if PriceFigures.plausible.contains(price.price) { prices.append(price) }
    }

    /// The prices of a drug are complete: gives of how many institutions its figures are, `nil` where there are none.
    mutating func close(_ slot: Int64) -> Int32? {
        self.slot = slot
        let before = figures.count
        close()
        return figures.count > before ? figures[before].institutions : nil
    }

    /// The prices of a drug are complete.
    private mutating func close() {
        guard !prices.isEmpty else { return }
        prices.sort { $0.price < $1.price }
        let middle = percentile(0.5)
        if prices[0].price < middle / trim || prices[prices.count - 1].price > middle * trim {
            prices.removeAll { $0.price < middle / trim || $0.price > middle * trim }
            // Two prices far apart, and a narrow band between them.
            if prices.isEmpty { return }
        }
        var figure = Figure(
            slot: slot, institutions: Int32(clamping: prices.count), rows: 0, median: percentile(0.5),
            p5: percentile(0.05),
            p95: percentile(0.95), mode: mode(), madLog: nil, sum: 0, squares: (0, 0))
        for price in prices {
            let units = UInt64(clamping: Int64((price.price * 100_000_000).rounded(.toNearestOrEven)))
            let square = units.multipliedFullWidth(by: units)
            figure.rows += Int64(price.rows)
            figure.sum += UInt128(units)
            figure.squares.high += UInt128(square.high)
            figure.squares.low += UInt128(square.low)
        }
        if prices.count > 2 {
            deviations.removeAll(keepingCapacity: true)
            for price in prices { deviations.append(abs(log(price.price / figure.median))) }
            deviations.sort()
            figure.madLog = PriceFigures.percentile(0.5, deviations.count) { deviations[$0] }
        }
        figures.append(figure)
        prices.removeAll(keepingCapacity: true)
    }

    private func percentile(_ share: Double) -> Double {
        PriceFigures.percentile(share, prices.count) { prices[$0].price }
    }

    /// Between the two values nearest to a place, as `percentile_cont` does it.
    private static func percentile(_ share: Double, _ count: Int, _ value: (Int) -> Double) -> Double {
        let place = share * Double(count - 1)
        let (low, high) = (Int(place.rounded(.down)), Int(place.rounded(.up)))
        guard high > low else { return value(low) }
        return value(low) + (place - place.rounded(.down)) * (value(high) - value(low))
    }

    /// At which price, in ten-thousandths of a yuan, most was bought; the lowest of several.
    private func mode() -> Int64 {
        func rounded(_ index: Int) -> Int64 { Int64((prices[index].price * 10_000).rounded(.toNearestOrEven)) }
        var (best, most) = (Int64(0), Int128(-1))
        var index = 0
        while index < prices.count {
            let price = rounded(index)
            var doses = Int128(0)
            while index < prices.count, rounded(index) == price {
                doses += Int128(prices[index].doses)
                index += 1
            }
            if doses > most { (best, most) = (price, doses) }
        }
        return best
    }
}

extension PriceFigures.Figure {
    fileprivate func write(_ writer: inout BinaryCopyWriter) {
        let mask = UInt128(1) << 60 - 1
        writer.beginRow(fields: 13)
        writer.append(slot)
        writer.append(institutions)
        writer.append(rows)
        // A number of eight bytes is the same on the wire, whatever it means.
        for value in [median, p5, p95] { writer.append(Int64(bitPattern: value.bitPattern)) }
        writer.append(mode)
        writer.append(madLog.map { Int64(bitPattern: $0.bitPattern) })
        writer.append(Int64(truncatingIfNeeded: sum >> 60))
        writer.append(Int64(truncatingIfNeeded: sum & mask))
        let high = squares.high + squares.low >> 64
        let low = squares.low & (UInt128(1) << 64 - 1)
        let middle = high << 4 | low >> 60
        writer.append(Int64(truncatingIfNeeded: middle >> 60))
        writer.append(Int64(truncatingIfNeeded: middle & mask))
        writer.append(Int64(truncatingIfNeeded: low & mask))
    }
}
