import Foundation
import Matching

/// How fast the comparison is.
enum Speed {
    static func measure(_ folder: String) async throws {
    }
}
