import Foundation
import TestNight
import Testing

@Suite struct `The program's memory` {
    @Test func `comes from jemalloc as it was set up`() async throws {
        try await withFolder { folder in
            let program = Program(folder, environment: ["MALLOC_CONF": "stats_print:true"])
            let ended = try await program.run("--version")
            #expect(ended.exitCode == 0)
            // Only the allocator itself prints this, and only if it is the one that was asked for memory.
            let statistics = ended.errors.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
            for line in [
                "___ Begin jemalloc statistics ___", "opt.oversize_threshold: 1048576", "opt.dirty_decay_ms: 500",
                "opt.muzzy_decay_ms: 0",
            ] {
                #expect(statistics.contains { $0.hasPrefix(line) }, "\(line)")
            }
        }
    }
}
