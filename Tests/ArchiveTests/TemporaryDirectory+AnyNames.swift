import Foundation
import Glibc
import TestSupport
import Testing

/// What tests do with names that are any bytes.
extension TemporaryDirectory {
    /// A name below the directory, as C wants it.
    func absolute(_ name: [UInt8]) -> [CChar] {
        (Array(path.utf8) + [UInt8(ascii: "/")] + name + [0]).map { CChar(bitPattern: $0) }
    }

    func makeDirectory(_ name: String) throws -> String {
        let made = unsafe mkdir(absolute(Array(name.utf8)), 0o755)
        try #require(made == 0)
        return path + "/" + name
    }

    func makeFile(_ name: [UInt8], _ content: [UInt8], mode: mode_t = 0o644) throws {
        let raw = unsafe open(absolute(name), O_WRONLY | O_CREAT | O_EXCL, mode)
        try #require(raw >= 0, "errno \(errno)")
        defer { close(raw) }
        let written = unsafe Glibc.write(raw, content, content.count)
        try #require(written == content.count)
        try #require(fchmod(raw, mode) == 0)
    }

    func makeLink(_ name: [UInt8], to target: [UInt8]) throws {
        let made = unsafe symlink((target + [0]).map { CChar(bitPattern: $0) }, absolute(name))
        try #require(made == 0, "errno \(errno)")
    }

    func content(_ name: String) throws -> [UInt8] {
        try Array(Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    /// Every path below `name` with its type, mode, size and link target, sorted.
    func manifest(_ name: String, format: String = "%P|%y|%m|%s|%l\\0") throws -> [[UInt8]] {
        let result = try Tool.run(["find", path + "/" + name, "-mindepth", "1", "-printf", format])
        try #require(result.status == 0)
        return result.output.split(separator: 0).map(Array.init).sorted { $0.lexicographicallyPrecedes($1) }
    }
}
