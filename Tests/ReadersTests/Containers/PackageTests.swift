import Compression
import Core
import Foundation
import Readers
import Testing

struct PackageTests {
    private let text = Array("a,b\n1,2\n".utf8)
    private let random = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3 ^ $0 &* 31) | 0x20 & 0x7F }

    /// Opens files with the given names and contents; what is done with the package must be done in `body`.
    private func open<Result>(
        _ files: [(String, [UInt8])], limits: ReadingLimits = ReadingLimits(), _ body: (Package) throws -> Result
    ) throws -> Result {
        try withTemporaryFolder { folder in
            var listed: [(name: String, path: String)] = []
            for (index, (name, bytes)) in files.enumerated() {
                let path = folder + "/\(index)"
                try Data(bytes).write(to: URL(filePath: path))
                listed.append((name, path))
            }
            return try body(Package.open(files: listed, limits: limits))
        }
    }

    private func zip(_ members: [(String, [UInt8])], password: String? = nil) throws -> [UInt8] {
        let writer = try ZipWriter(password: password)
        for (name, bytes) in members { try writer.add(name, bytes) }
        return try writer.finishInMemory()
    }

    /// Rule, reason or kind, and member of each observation.
    private func told(_ files: [(String, [UInt8])], limits: ReadingLimits = ReadingLimits()) throws -> [String] {
        try open(files, limits: limits) { package in
            package.observations.map {
                let details = $0.details
                #expect(details["file"] != nil)
                return [$0.rule.rawValue, details["reason"] ?? details["kind"] ?? "", details["member"] ?? ""]
                    .joined(separator: " ").trimmingCharacters(in: .whitespaces)
            }
        }
    }

    @Test func `loose files and members give their bytes, the manifest stands apart`() throws {
        let gz = GzipWriter.gzip(text)
        let package = try zip(
            [("x/", []), ("x/入库.csv", text), ("x/manifest.json", Array("{}".utf8))].filter { !$0.1.isEmpty })
        try open([("usage.csv", text), ("catalogue.csv.gz", gz), ("stock_out.csv", gz), ("p.zip", package)]) {
            package in
            #expect(package.observations == [])
            #expect(
                package.sources.map(\.displayName) == [
                    "usage.csv", "catalogue.csv.gz", "stock_out.csv", "p.zip!x/入库.csv",
                ])
            #expect(package.sources.map(\.tableName.table) == [.usage, .catalogue, .stockOut, .stockIn])
            #expect(package.manifest?.member == "x/manifest.json")
            let limits = ReadingLimits()
            for source in package.sources {
                #expect(try source.open(limits: limits).readAll() == text)
                #expect(try source.contentKind(limits: limits) == .text)
            }
            #expect(package.sources.last?.size == text.count)
            let (bytes, hash) = try package.sources[1].openHashing(limits: limits)
            #expect(try bytes.readAll() == text)
            let (_, expected) = (0, HashingByteSource(ArrayByteSource(gz)))
            let other = try expected.digest()
            #expect(try hash.digest() == other)
        }
    }

    @Test func `names in GBK are read, litter and folders passed over`() throws {
        let writer = try ZipWriter()
        let gbk: [UInt8] = [0xD2, 0xA9, 0xC6, 0xB7, 0xC8, 0xEB, 0xBF, 0xE2] + Array(".csv".utf8)
        try writer.add(name: Array("数据/".utf8), kind: .directory)
        try writer.add(name: gbk, .unmarked, bytes: text)
        try writer.add("__MACOSX/._a.csv", [0, 1])
        try writer.add(".DS_Store", [0, 1])
        try writer.add("Thumbs.db", [0, 1])
        try open([("p.zip", writer.finishInMemory())]) { package in
            #expect(package.observations == [])
            #expect(package.sources.map(\.member) == ["药品入库.csv"])
            let read = try package.sources[0].open(limits: ReadingLimits()).readAll()
            #expect(read == text)
        }
    }

    @Test func `what is of no accepted kind is told whatever its name says (A01)`() throws {
        let pdf = Array("%PDF-1.7".utf8)
        #expect(try told([("usage.csv", pdf)]) == ["A01 pdf"])
        #expect(try told([("usage.csv", zip([("[Content_Types].xml", text)]))]) == ["A01 xlsx"])
        #expect(try told([("p.zip", zip([("usage.csv", pdf), ("b.csv", text)]))]) == ["A01 pdf usage.csv"])
        #expect(try told([("usage.csv.gz", GzipWriter.gzip(pdf))]) == ["A01 pdf"])
        #expect(try told([("data.rar", Array("Rar!\u{1A}\u{7}\0".utf8))]) == ["A01 rar"])
    }

    @Test func `limits on size and members are told (A02, A03, A04)`() throws {
        var limits = ReadingLimits()
        limits.containerBytes = 10
        #expect(try told([("usage.csv", Array(repeating: 65, count: 11))], limits: limits) == ["A02 container_bytes"])
        #expect(try told([("usage.csv", Array(repeating: 65, count: 10))], limits: limits) == [])

        limits = ReadingLimits()
        limits.entries = 3
        let members = (0..<4).map { ("\($0).csv", text) }
        #expect(try told([("p.zip", zip(members))], limits: limits) == ["A03 entries"])
        #expect(try told([("p.zip", zip(Array(members.prefix(3))))], limits: limits) == [])

        let zeros = [UInt8](repeating: 65, count: 3 << 20)
        #expect(try told([("p.zip", zip([("a.csv", zeros)]))]) == ["A04 ratio"])
        limits = ReadingLimits()
        limits.unpackedBytes = random.count * 2 - 1
        let two = try zip([("a.csv", random), ("b.csv", random)])
        #expect(try told([("p.zip", two)], limits: limits) == ["A04 unpacked_bytes"])
        try open([("p.zip", two)], limits: limits) { #expect($0.sources.isEmpty) }
    }

    @Test func `a bomb that hides its size is stopped while it is read`() throws {
        let bomb = GzipWriter.gzip([UInt8](repeating: 65, count: 8 << 20))
        try open([("usage.csv.gz", bomb)]) { package in
            let source = try #require(package.sources.first)
            let error = #expect(throws: ReadingError.self) {
                _ = try source.open(limits: ReadingLimits()).readAll().count
            }
            let observation = error?.observation(of: source, limits: ReadingLimits())
            #expect(observation?.rule == "A04")
            #expect(observation?.details["reason"] == "ratio")
        }
    }

    @Test func `nested, locked, corrupt and empty containers are told (A05)`() throws {
        let gz = GzipWriter.gzip(text)
        let inner = try zip([("usage.csv", text)])
        #expect(
            try told([("p.zip", zip([("a.csv", gz), ("b.csv", inner)]))]) == ["A05 nested a.csv", "A05 nested b.csv"])
        #expect(
            try told([("a.csv.gz", GzipWriter.gzip(inner)), ("b.gz", GzipWriter.gzip(gz))]) == [
                "A05 nested", "A05 nested",
            ])
        #expect(try told([("p.zip", zip([("a.csv", text)], password: "x"))]) == ["A05 encrypted a.csv"])
        #expect(try told([("p.zip", Array(inner.prefix(60)))]) == ["A05 corrupt"])
        #expect(try told([("a.csv.gz", Array(gz.prefix(15)))]) == ["A05 corrupt"])
        #expect(try told([("a.csv", []), ("b.csv.gz", GzipWriter.gzip([]))]) == ["A05 empty", "A05 empty"])
        #expect(try told([("p.zip", zip([])), ("q.zip", zip([("a.csv", [])]))]) == ["A05 empty", "A05 empty a.csv"])
    }

    @Test func `a member whose bytes are damaged is corrupt, the others are not`() throws {
        var bytes = try zip([("a.csv", random), ("b.csv", text)])
        for index in 60..<200 { bytes[index] ^= 0x5A }
        try open([("p.zip", bytes)]) { package in
            let bad = package.observations.compactMap { $0.details["member"] }
            let readable = package.sources.filter { (try? $0.open(limits: ReadingLimits()).readAll()) != nil }
            #expect(bad == ["a.csv"] || package.sources.count == 2)
            #expect(readable.map(\.member) == ["b.csv"])
        }
    }

    @Test func `names that lead out of the package and links are told (A06)`() throws {
        let writer = try ZipWriter()
        for name in ["/etc/cron.d/x", "../usage.csv", "a/../../b.csv", "C:/usage.csv", #"a\..\b/c.csv"#, "a\u{1}.csv"] {
            try writer.add(name, text)
        }
        try writer.add(name: Array("usage.csv".utf8), kind: .symbolicLink, bytes: Array("/etc/passwd".utf8))
        try writer.add("good.csv", text)
        let bytes = try writer.finishInMemory()
        #expect(
            try told([("p.zip", bytes)]).map { $0.split(separator: " ").prefix(2).joined(separator: " ") } == [
                "A06 absolute", "A06 parent", "A06 parent", "A06 drive", "A06 parent", "A06 control", "A06 symlink",
            ])
        try open([("p.zip", bytes)]) { #expect($0.sources.map(\.member) == ["good.csv"]) }
    }

    @Test func `what cannot be read at all is an error, no finding`() throws {
        #expect(throws: ReadingError(.system(ENOENT), name: "usage.csv")) {
            try Package.open(files: [("usage.csv", "/nowhere/usage.csv")])
        }
    }
}
