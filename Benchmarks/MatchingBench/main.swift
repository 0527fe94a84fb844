import Foundation
import Matching

// MatchingBench FOLDER [--table] [--errors] [--status] [--speed [--damaged]]: how often the comparison is right on known
// pairs, and how fast it is.

let arguments = Array(CommandLine.arguments.dropFirst())
let folder = arguments.first { !$0.hasPrefix("--") } ?? "../shared/data"
let missing = ["standard.csv.gz", "pairs-open.csv.gz"].filter {
    !FileManager.default.isReadableFile(atPath: "\(folder)/\($0)")
}
guard missing.isEmpty else {
    let names = missing.joined(separator: ", ")
    FileHandle.standardError.write(
        Data("\(folder): no \(names); name the folder of the known pairs: make bench-match DATA=…\n".utf8))
    exit(2)
}
if arguments.contains("--speed") {
    try await Speed.measure(folder)
} else {
    try Accuracy.measure(
        folder, usesStatus: arguments.contains("--status"), showsErrors: arguments.contains("--errors"),
        asTable: arguments.contains("--table"))
}
