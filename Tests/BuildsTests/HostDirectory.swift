import Glibc
import SystemCalls

@testable import Builds

/// Looks at files and processes of the host, and makes files, for tests.
enum HostDirectory {
    static func names(_ path: String) -> [String] {
        (try? DirectoryStream.names(in: path)) ?? []
    }

    static func contents(_ path: String) -> [UInt8] {
        guard let file = try? OwnedDescriptor.open(path: path, flags: O_RDONLY) else { return [] }
        var contents: [UInt8] = []
        while let piece = try? file.read(upTo: 65536), !piece.isEmpty { contents += piece }
        return contents
    }

    static func make(_ path: String, mode: mode_t = 0o755) throws {
        guard unsafe mkdir(path, mode) == 0 else { throw BuildDirectoryError(action: "make", path: path, code: errno) }
    }

    static func touch(_ path: String, _ content: String = "") throws {
        let descriptor = unsafe creat(path, 0o644)
        guard descriptor >= 0 else { throw BuildDirectoryError(action: "make", path: path, code: errno) }
        _ = unsafe write(descriptor, content, content.utf8.count)
        close(descriptor)
    }

    static func link(_ path: String, to target: String) throws {
        guard unsafe symlink(target, path) == 0 else {
            throw BuildDirectoryError(action: "link", path: path, code: errno)
        }
    }

    static func owner(_ path: String) -> uid_t? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status.st_uid : nil
    }

    static func linkTarget(_ path: String) -> String? { HostPath.linkTarget(path) }

    /// Whether a live process has `word` among its arguments.
    static func hasProcess(with word: String) -> Bool {
        names("/proc").contains { name in
            Int32(name) != nil && contents("/proc/\(name)/cmdline").split(separator: 0).contains(Array(word.utf8)[...])
        }
    }

    /// This process's resident memory, in bytes (proc(5), statm).
    static var residentBytes: Int {
        let fields = String(decoding: contents("/proc/self/statm"), as: UTF8.self).split(separator: " ")
        return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
    }
}
