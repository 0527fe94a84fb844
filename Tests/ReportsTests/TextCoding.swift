import Glibc

/// Text in an encoding and back, by the system's iconv: the reports themselves only know an encoder they are given.
enum TextCoding {
    static func encode(_ text: String, _ encoding: String) -> [UInt8] {
        convert(Array(text.utf8), from: "UTF-8", to: encoding)
    }

    static func decode(_ bytes: [UInt8], _ encoding: String) -> String {
        String(decoding: convert(bytes, from: encoding, to: "UTF-8"), as: UTF8.self)
    }

    private static func convert(_ bytes: [UInt8], from: String, to: String) -> [UInt8] {
        guard let converter = iconv_open(to, from), converter != iconv_t(bitPattern: -1) else { return [] }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output = [CChar](repeating: 0, count: bytes.count * 4 + 16)
        let capacity = output.count
        var left = 0
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (inputStart, outputStart) = (input.baseAddress, output.baseAddress)
                var inputLeft = input.count
                left = capacity
                _ = iconv(converter, &inputStart, &inputLeft, &outputStart, &left)
            }
        }
        return output.prefix(capacity - left).map { UInt8(bitPattern: $0) }
    }
}
