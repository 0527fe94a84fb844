// swift-tools-version: 6.2
import PackageDescription

/// What every target shares: Swift 6, no warnings, imports that say what they show.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Sources also name every use of unsafe memory: `grep -rw unsafe Sources` lists the places that could corrupt it.
let safe = strict + [.strictMemorySafety()]

func source(_ name: String, uses dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: safe)
}

func tests(_ name: String, uses dependencies: [Target.Dependency] = [], excluding files: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: files,
        swiftSettings: strict)
}

func systemLibrary(_ name: String, pkgConfig: String, package: String) -> Target {
    .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// The fuzzers, one for each reader (docs/fuzzing.md). They link only with libFuzzer, so nothing else sees them.
let fuzzers: [Target] =
    Context.environment["YAOCE_FUZZ"] == nil
    ? []
    : ["Delimited", "XML", "Gzip", "Package", "Normalizer"].map { reader in
        .executableTarget(
            name: "Fuzz\(reader)", dependencies: ["ReaderInvariants"], path: "Fuzz/Harnesses/Fuzz\(reader)",
            swiftSettings: safe + [.unsafeFlags(["-parse-as-library"])])
    }

let package = Package(
    name: "yaoce",
    products: [.executable(name: "yaoce", targets: ["CLI"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        // The pure middle: no I/O, no clock, no chance.
        source("Core"),
        source("Expressions", uses: ["Core"]),

        // One small Swift face for each C library; they know nothing of submissions.
        systemLibrary("CLibpq", pkgConfig: "libpq", package: "libpq-dev"),
        systemLibrary("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
        systemLibrary("CExpat", pkgConfig: "expat", package: "libexpat1-dev"),
        systemLibrary("CArchive", pkgConfig: "libarchive", package: "libarchive-dev"),
        systemLibrary("CCrypto", pkgConfig: "libcrypto", package: "libssl-dev"),
        .systemLibrary(name: "CLinux"),
        source("Postgres", uses: ["CLibpq"]),
        source("Compression", uses: ["CZlib", "CArchive"]),
        source("Markup", uses: ["CExpat"]),
        source("Digests", uses: ["CCrypto"]),

        // What the system does.
        source("Readers", uses: ["Core", "Compression", "Digests", "Markup"]),
        source("Yaml", uses: ["Yams"]),
        source("Rules", uses: ["Core", "Digests", "Expressions", "Yaml"]),
        source("Reports", uses: ["Core"]),
        source("Samples", uses: ["Core", "Compression", "Digests"]),
        source("Matching", uses: ["Core"]),
        source("Store", uses: ["Core", "Postgres", "Digests", .product(name: "Logging", package: "swift-log")]),
        source(
            "Pipeline",
            uses: [
                "CLinux", "Core", "Expressions", "Readers", "Rules", "Matching", "Reports", "Digests",
                .product(name: "Logging", package: "swift-log"),
            ]),
        // Runs the examples of rules through the same checks and the same SQL as the night.
        source(
            "RuleExamples",
            uses: ["Compression", "Core", "Digests", "Pipeline", "Postgres", "Readers", "Rules", "Store"]),
        // The program's malloc is jemalloc; nothing calls it by name.
        .target(name: "CJemalloc", linkerSettings: [.linkedLibrary("jemalloc")]),
        .executableTarget(
            name: "CLI",
            dependencies: [
                "CJemalloc", "Core", "Yaml", "Readers", "Rules", "RuleExamples", "Matching", "Reports", "Samples",
                "Store",
                "Pipeline",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: safe),

        // Tests stand beside what they test.
        tests("Compression"),
        tests("Digests"),
        tests("Markup"),
        tests("Samples", uses: ["Core", "Compression", "Digests"]),
        tests("Readers", uses: ["Core", "Compression", "Digests", "Markup"]),
        tests("Reports", uses: ["Core", "Digests"], excluding: ["Snapshots"]),
        // Databases for tests: a cluster of their own that dies with the test process.
        .target(
            name: "TestDatabase", dependencies: ["Postgres", "Store"], path: "Tests/Support/TestDatabase",
            swiftSettings: strict),
        tests("Postgres", uses: ["TestDatabase"]),
        tests("Store", uses: ["Core", "Postgres", "Rules", "TestDatabase"]),
        // The comparison as a whole: a night and a round trip of files through the built program.
        .testTarget(
            name: "ComparisonTests", dependencies: ["CLI", "Core", "Pipeline", "Postgres", "TestDatabase"],
            swiftSettings: strict),
        tests("Expressions", uses: ["Core", "Postgres", "TestDatabase"]),
        .executableTarget(
            name: "ExpressionsBench", dependencies: ["Core", "Expressions"], path: "Benchmarks/ExpressionsBench",
            swiftSettings: safe),
        // What must hold for every file: checked over the kept inputs by a test and over new ones by the fuzzers.
        .target(
            name: "ReaderInvariants", dependencies: ["Compression", "Core", "Readers"],
            path: "Tests/Support/ReaderInvariants", swiftSettings: strict),
        .testTarget(
            name: "FuzzingTests", dependencies: ["Core", "ReaderInvariants", "Readers"], swiftSettings: strict),
        tests("Matching", uses: ["Core"]),
        .executableTarget(
            name: "MatchingBench", dependencies: ["Core", "Matching"], path: "Benchmarks/MatchingBench",
            swiftSettings: safe),
        // Nights and single submissions for tests: sample files in folders of their own, and the built program.
        .target(
            name: "TestNight",
            dependencies: [
                "Core", "Compression", "Digests", "Pipeline", "Postgres", "Readers", "Rules", "Samples", "Store",
                "TestDatabase", .product(name: "Logging", package: "swift-log"),
            ],
            path: "Tests/Support/TestNight", swiftSettings: strict),
        tests("Core", uses: ["Samples"]),
        tests("Yaml"),
        tests("Rules", uses: ["Core", "Expressions", "Yaml", "Samples", "TestNight"]),
        tests("RuleExamples", uses: ["Core", "Postgres", "Rules", "Store", "TestDatabase"]),
        tests(
            "Pipeline",
            uses: [
                "Core", "Compression", "Digests", "Postgres", "Readers", "Rules", "Samples", "Store", "TestDatabase",
                "TestNight",
            ]),
        // Accidents: processes killed, disks full, files that change. `make torture` is the long form.
        .testTarget(
            name: "TortureTests",
            dependencies: [
                "CLI", "Core", "Digests", "Pipeline", "Postgres", "Samples", "Store", "TestDatabase", "TestNight",
            ],
            swiftSettings: strict),
        tests("CLI", uses: ["Core", "Compression", "Postgres", "Samples", "Store", "TestDatabase", "TestNight"]),
    ] + fuzzers
)
