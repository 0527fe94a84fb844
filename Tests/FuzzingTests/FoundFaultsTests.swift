import Core
import Foundation
import Readers
import Testing

/// What fuzzing found, said plainly; the inputs themselves are in `Fuzz/found`.
struct FoundFaultsTests {
    /// Bytes in pieces of a size.
    private final class Pieces: ByteSource {
        private var rest: ArraySlice<UInt8>
        private let size: Int

        init(_ bytes: [UInt8], size: Int = 1 << 20) {
            rest = bytes[...]
            self.size = size
        }

        func read(into buffer: inout [UInt8], atMost count: Int) throws(ReadingError) -> Int {
            let taken = rest.prefix(min(count, size))
            buffer.append(contentsOf: taken)
            rest = rest.dropFirst(taken.count)
            return taken.count
        }
    }

    private static let header = "hospital_code,ypid,hospital_drug_code,product_name,dose_quantity\n"

    /// A record with a line end in quotes, then a field that passes the limit, and a row behind it.
    private static let tooLong =
        header + "H1,\"Y\n1\",D1,\(String(repeating: "x", count: 900)),1\nH2,Y2,D2,b,2\n"

    private static var limits: ReadingLimits {
        var limits = ReadingLimits()
        limits.recordBytes = 600
        return limits
    }

    @Test func `a record that is too long is passed over as a whole`() throws {
        let set = DataSet.of(.stockOut)
        let reader = DelimitedTableReader(Pieces(Array(Self.tooLong.utf8)), dataSet: set, limits: Self.limits)
        var batch = RowBatch(set)
        var lines: [Int] = []
        var reasons: [String] = []
        while try reader.next(into: &batch) {
            lines += batch.rows.map(\.line)
            reasons += batch.observations.compactMap { $0.details["reason"] }
        }
        #expect(lines == [2, 4])
        #expect(reasons == ["field_too_long"])
    }

    @Test func `the normaliser writes nothing of a record that is too long twice`() throws {
        var normalizer = Normalizer(Pieces(Array(Self.tooLong.utf8)), limits: Self.limits)
        var text: [UInt8] = []
        while try normalizer.next(into: &text) {}
        #expect(normalizer.summary.records == 3)
        #expect(normalizer.summary.cut == 1)
        #expect(String(decoding: text, as: UTF8.self).hasSuffix("x\r\nH2,Y2,D2,b,2\r\n"))
    }

    @Test(arguments: [1, 700, 1 << 20])
    func `the encoding is decided by a sample and not by what was read ahead`(size: Int) throws {
        // Behind the sample come zeros that would make the whole look like UTF-16.
        let bytes = Array(repeating: UInt8(ascii: "a"), count: 1024) + Array("\0a".utf8) * 200
        let set = DataSet.of(.stockOut)
        let reader = DelimitedTableReader(
            Pieces(bytes, size: size), dataSet: set, limits: ReadingLimits(), encoding: nil, sampleBytes: 1 << 10)
        var batch = RowBatch(set)
        #expect(try !reader.next(into: &batch))
        #expect(reader.facts.encoding == "UTF-8")
    }

    @Test(arguments: [1, 64, 1 << 20])
    func `the columns of a row that is too long came all the same, and those that came twice did`(size: Int) throws {
        let text =
            "<dataset><row><ypid>1</ypid><hospital_code>\(String(repeating: "x", count: 900))</hospital_code>"
            + "<ypid>2</ypid><product_name>b</product_name></row></dataset>"
        let set = DataSet.of(.stockOut)
        let reader = XMLTableReader(Pieces(Array(text.utf8), size: size), dataSet: set, limits: Self.limits)
        var batch = RowBatch(set)
        #expect(try reader.next(into: &batch))
        #expect(batch.observations.compactMap { $0.details["reason"] } == ["too_long", "repeated_column"])
        #expect(batch.cells.allSatisfy { $0.count == 0 })
        #expect(try !reader.next(into: &batch))
        let missing = reader.fileObservations.filter { $0.rule == "A10" }.compactMap(\.place.column)
        #expect(missing.contains("dose_quantity"))
        #expect(!missing.contains { ["ypid", "hospital_code", "product_name"].contains($0) })
    }

    @Test func `members whose sizes add up to more than a number holds are too much`() throws {
        let package = Self.zip64(["usage.csv", "stock_in.csv", "stock_out.csv"], size: UInt64(Int64.max))
        let path = FileManager.default.temporaryDirectory.appending(path: "yaoce-\(UUID()).zip")
        defer { try? FileManager.default.removeItem(at: path) }
        try Data(package).write(to: path)
        let opened = try Package.open(files: [("a.zip", path.path)])
        #expect(opened.sources == [])
        #expect(opened.observations.contains { $0.rule == "A04" && $0.details["reason"] == "unpacked_bytes" })
    }

    /// A zip of members that hold `a,b,c` and state another size, as zip64 can.
    private static func zip64(_ names: [String], size: UInt64) -> [UInt8] {
        var members: [UInt8] = []
        var directory: [UInt8] = []
        for name in names {
            let extra: [UInt8] = number(1, 2) + number(16, 2) + number(size, 8) + number(5, 8)
            let common: [UInt8] =
                number(0, 2) + number(0, 2) + number(0, 2) + number(0x21, 2) + number(0x1234_5678, 4)
                + number(0xFFFF_FFFF, 4) + number(0xFFFF_FFFF, 4) + number(UInt64(name.utf8.count), 2)
                + number(UInt64(extra.count), 2)
            let offset = UInt64(members.count)
            members += number(0x0403_4B50, 4) + number(45, 2) + common + Array(name.utf8) + extra
            members += Array("a,b,c".utf8)
            directory += number(0x0201_4B50, 4) + number(45, 2) + number(45, 2) + common + number(0, 2)
            directory += number(0, 2) + number(0, 2) + number(0, 4) + number(offset, 4) + Array(name.utf8) + extra
        }
        let count = number(UInt64(names.count), 2)
        return members + directory + number(0x0605_4B50, 4) + number(0, 4) + count + count
            + number(UInt64(directory.count), 4) + number(UInt64(members.count), 4) + number(0, 2)
    }

    /// A number, low byte first.
    private static func number(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
    }
}

private func * (bytes: [UInt8], count: Int) -> [UInt8] { Array(repeatElement(bytes, count: count).joined()) }
