public import ArgumentParser
public import Core
import Foundation
import Logging
import Pipeline
import Rules
import Store

/// Options of every command that people or scripts call.
struct LanguageOptions: ParsableArguments {
    @Option(name: .long, help: "语言 zh | en，默认随系统 · Language; default: that of the locale.")
    var lang: Language?

    /// Decides the language before anything is said.
    func apply() { Environment.choose(lang) }
}

extension Language: ExpressibleByArgument {}

/// Options of every command that needs a configuration.
struct CommonOptions: ParsableArguments {
    @Option(name: .long, help: "配置文件，默认 ./yaoce.yaml · The configuration file.")
    var config: String?

    @OptionGroup var language: LanguageOptions

    /// Reads the configuration; every mistake at once.
    func configuration() throws -> Configuration {
        language.apply()
        let configuration = try Configuration.load(config, environment: ProcessInfo.processInfo.environment)
        LogOutput.start(level: configuration.logLevel)
        return configuration
    }
}

extension Configuration {
    /// The database this configuration means.
    var effectiveDatabaseURL: String { databaseURL.isEmpty ? cluster.url : databaseURL }

    /// The embedded cluster.
    var cluster: EmbeddedCluster { EmbeddedCluster(folder: databaseFolder) }

    /// Opens the store; a database that is away is exit 75.
    func openStore() async throws -> PostgresStore {
        try await PostgresStore.connect(
            url: effectiveDatabaseURL, ledger: LedgerFolder(archive: pipeline.archive))
    }

    /// Opens the store, and closes it whatever becomes of `body`.
    func withStore<Value>(_ body: (PostgresStore) async throws -> Value) async throws -> Value {
        let store = try await openStore()
        do {
            let value = try await body(store)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }

    /// The rules in force; every mistake at once, unless rules with mistakes are to be left out.
    func ruleBook(skippingBroken: Bool = false) throws -> RuleBook {
        let files = try RuleFolder.files(rulesFolder)
        return try skippingBroken ? RuleBook.skippingBroken(files) : RuleBook(files: files)
    }
}

/// Where log lines go: standard error, one line each, with time, level and metadata such as the run.
enum LogOutput {
    static func start(level: String) {
        let threshold = Logger.Level(rawValue: level) ?? .notice
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = threshold
            return handler
        }
    }
}
