import FoundationEssentials
import Glibc

/// A directory that is gone when its owner is.
///
/// Below /var/tmp and open to passers-by, because a server that runs as root gives builds to another user.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/var/tmp/slipway-test-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else { throw Failed("mkdtemp: error \(errno)") }
        path = unsafe String(cString: made)
        guard unsafe chmod(path, 0o711) == 0 else { throw Failed("chmod \(path): error \(errno)") }
    }

    deinit {
        // As a child: a build may have left what FileManager does not remove, such as names that are not UTF-8.
        if let remove = try? ChildProcess("/bin/rm", ["-rf", "--", path], environment: [:], output: "/dev/null") {
            remove.waitBlocking()
        }
    }

    /// Where `name` is in this directory.
    func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

    /// Makes a directory in this one, and those above it.
    @discardableResult
    func makeDirectory(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: self(name), withIntermediateDirectories: true)
        return self(name)
    }

    /// Writes a file, replacing what was there by `rename`, as editors do.
    @discardableResult
    func write(_ name: String, _ text: String, mode: mode_t = 0o644) throws -> String {
        try write(name, bytes: Array(text.utf8), mode: mode)
    }

    /// Writes a file of bytes, replacing what was there by `rename`.
    @discardableResult
    func write(_ name: String, bytes: [UInt8], mode: mode_t = 0o644) throws -> String {
        let draft = self(name + ".draft")
        try Data(bytes).write(to: URL(filePath: draft))
        guard unsafe chmod(draft, mode) == 0, unsafe rename(draft, self(name)) == 0 else {
            throw Failed("\(self(name)): error \(errno)")
        }
        return self(name)
    }

    /// The content of a file.
    func read(_ name: String) throws -> String {
        String(decoding: try HostFile.read(self(name)), as: UTF8.self)
    }
}
