import FoundationEssentials
import Glibc

/// A directory of one test's own, removed with the value.
final class Scratch: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/slipway-ssh-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw ToolError(message: "mkdtemp: \(errno)") }
        path = unsafe String(cString: made)
    }

    deinit { remove() }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(filePath: self(name))), as: UTF8.self)
    }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(filePath: self(name)))
    }
}
