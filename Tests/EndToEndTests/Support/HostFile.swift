import FoundationEssentials
import Glibc

/// Files of this machine.
enum HostFile {
    /// What `sha256sum` says of a file.
    static func sha256(_ path: String) async throws -> String {
        String(try await Command("/usr/bin/sha256sum", [path]).run().succeeded().text.prefix(64))
    }

    /// The bytes of a file.
    static func read(_ path: String) throws -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Failed("\(path) cannot be read: error \(errno)") }
        defer { close(descriptor) }
        // To the end: files of /proc have no size, and come in pieces.
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = unsafe Glibc.read(descriptor, &piece, piece.count)
            guard count >= 0 else { throw Failed("\(path) cannot be read: error \(errno)") }
            if count == 0 { return bytes }
            bytes += piece[..<count]
        }
    }

    static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    /// The permission bits of a file.
    static func mode(_ path: String) throws -> mode_t {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw Failed("\(path): error \(errno)") }
        return status.st_mode & 0o7777
    }

    /// All paths below a directory, relative to it, sorted; none if it is not there.
    static func paths(below directory: String) throws -> [String] {
        guard exists(directory) else { return [] }
        return try FileManager.default.subpathsOfDirectory(atPath: directory).sorted()
    }
}
