import Glibc
import Identifiers
package import SystemCalls

extension RepositoryStore {
    /// Asks the disk of the repositories how full it is, without writing to it.
    ///
    /// - Returns: nil when there is no such place yet, or it cannot be asked.
    /// - Throws: An error of the thread pool.
    package func space() async throws -> FileSystemSpace? {
        let root = root
        return try await pool.blocking { try? FileSystemSpace(at: root) }
    }

    /// Checks that the disk of the repositories takes a file and gives it back, and how full it is.
    ///
    /// - Returns: The space on the disk.
    /// - Throws: ``SystemCallError``, or an error of the thread pool.
    package func check() async throws -> FileSystemSpace {
        let root = root
        return try await pool.blocking {
            try MissingDirectories.make(root, mode: 0o755)
            let path = "\(root)/\(Self.checkPrefix)\(PushID.generate())"
            let content: [UInt8] = Array("slipway\n".utf8)
            let flags = O_RDWR | O_CREAT | O_EXCL
            let file = try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: flags, mode: 0o600)
            defer { unsafe unlink(path) }
            try file.write(content)
            // Else a disk that fails to write would show only later, to somebody else.
            try file.synchronize()
            guard try file.read(upTo: 2 * content.count, at: 0) == content else {
                throw SystemCallError(call: "read", code: EIO)
            }
            return try FileSystemSpace(at: root)
        }
    }
}
