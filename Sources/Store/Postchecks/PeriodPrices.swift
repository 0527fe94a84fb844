import Postgres

/// All prices of a period, read once: they come generic by generic and drug by drug, what an institution received of one
/// beside what it used, and make the figures of drugs and those of generics on the way.
///
/// Of a generic no more is kept than what each institution bought of it.
struct PeriodPrices {
    /// What an institution bought.
    private struct Bought {
        var institution: Int32
        /// 0 for stock_in, 1 for usage.
        var table: Int64
        var rows: Int32 = 1
        var amount: Int128
        var doses: Int128

        var price: PriceFigures.Price {
            // As PostgreSQL's `least` does it.
            let units = Int64(min(doses, 4_000_000_000_000_000_000))
            return PriceFigures.Price(price: Double(amount) * 100 / Double(doses), doses: units, rows: rows)
        }
    }

    /// How many purchases of a generic are kept before those of one institution are added up.
    private static let most = 1 << 16

    private var drugs: PriceFigures
    private var generics: PriceFigures
    /// Generic and drug of the row before, as the query numbers them.
    private var place: Int64 = -1
    /// What was bought of the drug at hand, by table: each of one code, and those that share their drug with another.
    private var alone: [[Bought]] = [[], []]
    private var twins: [[Bought]] = [[], []]
    private var ofGeneric: [Bought] = []
    private var members = 0
    private var hasFew = false

    private init(trim: Double) {
        drugs = PriceFigures(trim: trim)
        generics = PriceFigures(trim: trim)
    }

    /// Makes `figure` and `generic_figure` (`PriceFigures.made`).
    /// - Parameter source: a query of place, doses and amount received, doses and amount used, and institution: a place is the
    ///   number of the generic above 32 bits of the drug's number; there are no doses where there is no price; an
    ///   institution is its number twice, plus 1 where another code has the same drug.
    static func make(of source: String, trim: Double, _ connection: isolated Connection) throws {
        var prices = PeriodPrices(trim: trim)
        try connection.copyOut(
            SQL(
                unchecked: """
                    COPY (SELECT place::bigint, coalesce(in_doses, 0)::bigint, coalesce(in_amount, 0)::bigint,
                        coalesce(use_doses, 0)::bigint, coalesce(use_amount, 0)::bigint, who::bigint
                        FROM (\(source)) p ORDER BY place)
                    TO STDOUT (FORMAT binary)
                    """), named: "prices of the period"
        ) { try prices.read($0) }
        prices.closeGeneric()
        try prices.drugs.write("figure", connection)
        try prices.generics.write("generic_figure", connection)
    }

    /// A row of a binary COPY; the first has the file's head before it, the last is none.
    private mutating func read(_ bytes: Span<UInt8>) throws {
        let fields = 2 + 6 * 12
        guard bytes.count >= fields else { return }
        let start = bytes.count - fields
        func number(_ index: Int) throws -> Int64 {
            var (length, value) = (Int32.zero, Int64.zero)
            let field = start + 2 + index * 12
            for offset in 0..<4 { length = length << 8 | Int32(bytes[field + offset]) }
            for offset in 4..<12 { value = value << 8 | Int64(bytes[field + offset]) }
            guard length == 8 else {
                throw PostgresError(.mismatch, message: "a price is not what was asked for", statement: "prices")
            }
            return value
        }
        let (next, who) = (try number(0), try number(5))
        if next != place {
            if next >> 32 != place >> 32 { closeGeneric() } else { closeDrug() }
            place = next
        }
        for table in 0...1 {
            let doses = try number(1 + table * 2)
            guard doses > 0 else { continue }
            let bought = Bought(
                institution: Int32(truncatingIfNeeded: who >> 1), table: Int64(table),
                amount: Int128(try number(2 + table * 2)), doses: Int128(doses))
            if who & 1 == 1 { twins[table].append(bought) } else { alone[table].append(bought) }
        }
    }

    /// A drug is complete: where it has figures, it is one of its generic.
    private mutating func closeDrug() {
        var hasFigures = false
        for table in 0...1 where !alone[table].isEmpty || !twins[table].isEmpty {
            for one in alone[table] { drugs.add(one.price) }
            for one in PeriodPrices.added(twins[table]) { drugs.add(one.price) }
            if let institutions = drugs.close((place & 0xFFFF_FFFF) << 1 | Int64(table)) {
                hasFigures = true
                if institutions < 5 { hasFew = true }
            }
        }
        if hasFigures {
            members += 1
            if place >> 32 != 0 {
                for table in 0...1 {
                    ofGeneric += alone[table]
                    ofGeneric += twins[table]
                }
                if ofGeneric.count > PeriodPrices.most { ofGeneric = PeriodPrices.added(ofGeneric) }
            }
        }
        for table in 0...1 {
            alone[table].removeAll(keepingCapacity: true)
            twins[table].removeAll(keepingCapacity: true)
        }
    }

    /// A generic is complete: it has figures of its own where several drugs are of it, one of them with few institutions.
    private mutating func closeGeneric() {
        closeDrug()
        if place >> 32 > 0, members > 1, hasFew {
            let bought = PeriodPrices.added(ofGeneric)
            for table in 0...1 as ClosedRange<Int64> {
                for one in bought where one.table == table { generics.add(one.price) }
                _ = generics.close((place >> 32) * 2 + table)
            }
        }
        (members, hasFew) = (0, false)
        ofGeneric.removeAll(keepingCapacity: true)
    }

    /// What each institution bought in each table, together.
    private static func added(_ bought: [Bought]) -> [Bought] {
        guard bought.count > 1 else { return bought }
        var result: [Bought] = []
        for one in bought.sorted(by: { ($0.table, $0.institution) < ($1.table, $1.institution) }) {
            if let last = result.last, last.table == one.table, last.institution == one.institution {
                result[result.count - 1].amount += one.amount
                result[result.count - 1].doses += one.doses
                result[result.count - 1].rows += one.rows
            } else {
                result.append(one)
            }
        }
        return result
    }
}
