import TestNight
import Testing

@Suite struct `Help` {
    static let commands: [[String]] = [
        [], ["init"], ["doctor"], ["db"], ["db", "start"], ["db", "stop"], ["db", "url"], ["db", "migrate"],
        ["library"],
        ["library", "import"], ["library", "list"], ["library", "publish"], ["library", "diff"], ["run"], ["receive"],
        ["compare"], ["precheck"], ["load"], ["postcheck"], ["report"],
        ["report", "violations"], ["report", "scores"], ["report", "regions"], ["rules", "what-if"], ["validate"],
        ["inspect"], ["normalize"],
        ["status"], ["submission"], ["submission", "list"], ["submission", "show"], ["submission", "withdraw"],
        ["rules"],
        ["rules", "list"], ["rules", "show"], ["rules", "lint"], ["sample"], ["sample", "generate"],
    ]

    @Test(arguments: commands) func `is there for every command`(command: [String]) async throws {
        try await withFolder { folder in
            let ended = try await Program(folder).run(command + ["--help"])
            #expect(ended.exitCode == 0)
            #expect(ended.errors == "")
            #expect(ended.output.contains("OVERVIEW:"))
            #expect(ended.output.contains("USAGE: yaoce"))
            // In both languages.
            #expect(ended.output.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) })
        }
    }
}
