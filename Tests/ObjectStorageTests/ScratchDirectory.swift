import Foundation
import Glibc
import Testing

/// A fresh directory for one test.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array((NSTemporaryDirectory() + "object-storage-test-XXXXXX").utf8CString)
        let made = unsafe mkdtemp(&template) != nil
        try #require(made)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { _ = try? Tool.run(["rm", "-rf", "--", path]) }

    /// All files, links and directories below, relative and sorted.
    func everything(_ below: String = "") throws -> [String] {
        let result = try Tool.run(["find", path + "/" + below, "-mindepth", "1", "-printf", "%P\\n"])
        return String(decoding: result.output, as: UTF8.self).split(separator: "\n").map(String.init).sorted()
    }

    /// What is being written just now, in any instance of a store at this path.
    func temporaryFiles() throws -> [String] { try everything("tmp").filter { $0.contains("/") } }
}
