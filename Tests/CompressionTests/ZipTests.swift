import Compression
import Foundation
import Testing

struct ZipTests {
    /// GBK for 药品入库.csv
    static let gbkName: [UInt8] = [0xD2, 0xA9, 0xC6, 0xB7, 0xC8, 0xEB, 0xBF, 0xE2] + Array(".csv".utf8)
    private let text = (0..<3_000).flatMap { Array("row \($0 * 7919 % 1_000)\n".utf8) }

    /// Lends a path at which `bytes` lie.
    private func withFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
        let file = FileManager.default.temporaryDirectory.appending(path: "yaoce-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(bytes).write(to: file)
        return try body(file.path)
    }

    private func entries(_ bytes: [UInt8]) throws -> [ZipEntry] {
        try withFile(bytes) { path in
            let reader = try ZipReader(path: path)
            var entries: [ZipEntry] = []
            while let entry = try reader.next() { entries.append(entry) }
            return entries
        }
    }

    private func contents(_ bytes: [UInt8], _ index: Int, pieces: Int = 1 << 16) throws -> [UInt8] {
        try withFile(bytes) { path in
            let reader = try ZipReader(path: path)
            _ = try reader.seek(to: index)
            var result: [UInt8] = []
            while try reader.read(into: &result, atMost: pieces) > 0 {}
            return result
        }
    }

    @Test func `names come out as bytes: unmarked ones untouched, marked ones as UTF-8`() throws {
        let writer = try ZipWriter()
        try writer.add(name: Self.gbkName, .unmarked, bytes: [1])
        try writer.add("药品出库.csv", [2])
        try writer.add("plain.csv", [3])
        try writer.add(name: Array("未标记.csv".utf8), .unmarked, bytes: [4])
        let zip = try writer.finishInMemory()
        let names = try entries(zip).map(\.rawName)
        #expect(names == [Self.gbkName, Array("药品出库.csv".utf8), Array("plain.csv".utf8), Array("未标记.csv".utf8)])
        // General purpose flags of the first two local headers: bit 11 says UTF-8.
        #expect(zip[7] & 8 == 0)
        let second = try #require(zip.indices.dropFirst(4).first { zip[$0...].starts(with: [0x50, 0x4B, 3, 4]) })
        #expect(zip[second + 7] & 8 == 8)
    }

    @Test(arguments: [1, 4_096, 1 << 20])
    func `every entry is read alone, in pieces of any size`(pieces: Int) throws {
        let writer = try ZipWriter()
        let short = Array(text.prefix(5_000))
        try writer.add("a.csv", text)
        try writer.add("b.csv", short)
        try writer.add("empty.csv", [])
        let zip = try writer.finishInMemory()
        #expect(try contents(zip, 1, pieces: pieces) == short)
        #expect(try contents(zip, 2, pieces: pieces) == [])
        if pieces > 1 { #expect(try contents(zip, 0, pieces: pieces) == text) }
        #expect(throws: ZipError.noSuchEntry(3)) { try contents(zip, 3) }
    }

    @Test func `kinds, sizes and passwords are told`() throws {
        let plain = try ZipWriter()
        try plain.add(name: Array("folder/".utf8), kind: .directory)
        try plain.add(name: Array("link.csv".utf8), kind: .symbolicLink, bytes: Array("/etc/passwd".utf8))
        try plain.add("a.csv", text)
        let listed = try entries(plain.finishInMemory())
        #expect(listed.map(\.kind) == [.directory, .symbolicLink, .file])
        #expect(listed[2].size == text.count)
        #expect(!listed[2].isEncrypted)

        let locked = try ZipWriter(password: "secret")
        try locked.add("a.csv", text)
        let zip = try locked.finishInMemory()
        #expect(try entries(zip).map(\.isEncrypted) == [true])
        #expect(throws: ZipError.encrypted) { try contents(zip, 0) }
    }

    @Test func `the same entries give the same bytes, on disk as in memory`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "yaoce-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "a.zip").path
        let memory = try ZipWriter()
        let disk = try ZipWriter(path: path)
        for writer in [memory, disk] {
            try writer.add("a.csv", text)
            try writer.begin(name: Self.gbkName, .unmarked, size: text.count)
            try writer.write(text.span)
        }
        try disk.finish()
        #expect(try Array(Data(contentsOf: URL(filePath: path))) == memory.finishInMemory())
        #expect(throws: ZipError.system(EEXIST)) { try ZipWriter(path: path) }
        #expect(throws: ZipError.system(EINVAL)) { try ZipReader(path: folder.path) }
        #expect(throws: ZipError.system(ENOENT)) { try ZipReader(path: path + "x") }
    }

    @Test func `what is truncated or no zip is corrupt`() throws {
        let writer = try ZipWriter()
        try writer.add("a.csv", text)
        let zip = try writer.finishInMemory()
        for count in [0, 3, 30, zip.count / 2, zip.count - 30] {
            #expect(throws: ZipError.self) { try entries(Array(zip.prefix(count))) }
        }
        #expect(throws: ZipError.self) { try entries(GzipWriter.gzip(text)) }
        #expect(throws: ZipError.self) { try entries(text) }
    }

    @Test func `an entry that lies about its size is corrupt`() throws {
        let writer = try ZipWriter()
        try writer.add("a.csv", text)
        let zip = try writer.finishInMemory()
        let directory = try #require(zip.indices.first { zip[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
        // Both places that state it: the local header and the central directory.
        for change in [UInt8(1), 0xFF] {
            var lying = zip
            lying[22] &+= change
            lying[directory + 24] &+= change
            #expect(throws: ZipError.self) { _ = try contents(lying, 0).count }
        }
    }

    @Test func `random mutations never crash`() throws {
        let writer = try ZipWriter()
        try writer.add(name: Self.gbkName, .unmarked, bytes: Array(text.prefix(300)))
        try writer.add("药品出库.csv", Array(text.prefix(900)))
        try writer.add(name: Array("link".utf8), kind: .symbolicLink, bytes: Array("x".utf8))
        let zip = try writer.finishInMemory()
        var random = SplitMix(seed: 2)
        for _ in 0..<1_500 {
            var changed = zip
            for _ in 0...Int(random.next() % 4) {
                changed[Int(random.next() % UInt64(changed.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            try withFile(changed) { path in
                do throws(ZipError) {
                    let reader = try ZipReader(path: path)
                    var buffer: [UInt8] = []
                    while let entry = try reader.next() {
                        #expect(entry.index < 1_000)
                        while buffer.count < 1 << 20, try reader.read(into: &buffer, atMost: 4_096) > 0 {}
                        buffer.removeAll(keepingCapacity: true)
                    }
                } catch {
                    // Whatever is wrong with it, it is told as a ZipError.
                }
            }
        }
    }
}
