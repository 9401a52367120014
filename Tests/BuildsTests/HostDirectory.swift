import Glibc

@testable import Builds

/// Looks at files and processes of the host, and makes files, for tests.
enum HostDirectory {
    static func names(_ path: String) -> [String] {
        guard let stream = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let item = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &item.pointee.d_name) { unsafe Array($0.prefix { $0 != 0 }) }
            names.append(String(decoding: name, as: UTF8.self))
        }
        return names.filter { $0 != "." && $0 != ".." }
    }

    static func contents(_ path: String) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var contents: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return contents }
            contents += buffer.prefix(count)
        }
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
