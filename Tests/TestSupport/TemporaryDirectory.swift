import Foundation
import Glibc

/// A directory of one test's own, gone when its owner is.
///
/// Others may pass through, as a build's user must.
package final class TemporaryDirectory: Sendable {
    package let path: String

    package init() throws {
        var template = Array("/tmp/slipway-test-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template), unsafe chmod(made, 0o755) == 0 else {
            throw CocoaError(.fileWriteUnknown)
        }
        path = unsafe String(cString: made)
    }

    deinit {
        // rm, because FileManager cannot name files that are not UTF-8.
        _ = try? Tool.run(["rm", "-rf", "--", path])
    }

    /// Where `name` is in this directory.
    package func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file in place, as an editor does that keeps the inode.
    package func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: self(name)))
    }

    /// Writes a file in place and in one piece, over one that is no longer.
    package func overwrite(_ name: String, with text: String) throws {
        let descriptor = unsafe open(self(name), O_WRONLY)
        defer { close(descriptor) }
        let bytes = Array(text.utf8)
        let written = unsafe pwrite(descriptor, bytes, bytes.count, 0)
        guard written == bytes.count else { throw CocoaError(.fileWriteUnknown) }
    }

    /// Puts a new file in the place of an old one.
    package func replace(_ name: String, with text: String) throws {
        try write(text, to: name + ".new")
        guard unsafe rename(self(name + ".new"), self(name)) == 0 else { throw CocoaError(.fileWriteUnknown) }
    }

    /// The content of a file.
    package func read(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: self(name))), as: UTF8.self)
    }
}
