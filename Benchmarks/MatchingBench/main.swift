import Foundation
import Matching

// MatchingBench FOLDER [--errors] [--speed]: how often the comparison is right on known pairs, and how fast it is.

let arguments = Array(CommandLine.arguments.dropFirst())
let folder = arguments.first { !$0.hasPrefix("--") } ?? "../shared/data"
if arguments.contains("--speed") {
    try await Speed.measure(folder)
} else {
    try Accuracy.measure(
        folder, usesStatus: arguments.contains("--status"), showsErrors: arguments.contains("--errors"))
}
