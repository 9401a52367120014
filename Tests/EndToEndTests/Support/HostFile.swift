import FoundationEssentials
import Glibc

/// Files of this machine.
enum HostFile {
    /// The bytes of a file.
    static func read(_ path: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else { throw Failed("\(path) cannot be read") }
        return Array(data)
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
