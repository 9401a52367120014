import Glibc

/// How full a file system is.
package struct FileSystemSpace: Sendable, Equatable {
    /// A file system that has less than this left is as good as full: much of what is left is in small pieces.
    package static let minimumFreePercent: Int64 = 2
    /// Files that must still be possible; one build of a large tree takes many.
    package static let minimumFreeInodes: Int64 = 10_000

    /// Bytes that are left for unprivileged users.
    package let free: Int64
    package let total: Int64
    /// Files that can still be made.
    package let freeInodes: Int64
    /// Zero where the file system makes inodes as it needs them.
    package let totalInodes: Int64
    /// Whether it is mounted for reading only.
    package let isReadOnly: Bool

    package init(
        free: Int64, total: Int64, freeInodes: Int64 = 0, totalInodes: Int64 = 0, isReadOnly: Bool = false
    ) {
        self.free = free
        self.total = total
        self.freeInodes = freeInodes
        self.totalInodes = totalInodes
        self.isReadOnly = isReadOnly
    }

    /// Asks the file system that a path is on.
    ///
    /// - Parameter path: A file or directory.
    /// - Throws: ``SystemCallError``.
    package init(at path: String) throws(SystemCallError) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw .last("statvfs") }
        let block = Int64(status.f_frsize)
        self.init(
            free: Int64(clamping: status.f_bavail) * block, total: Int64(clamping: status.f_blocks) * block,
            freeInodes: Int64(clamping: status.f_favail), totalInodes: Int64(clamping: status.f_files),
            isReadOnly: status.f_flag & UInt(ST_RDONLY) != 0)
    }

    /// Whether it is so full that new work should not start on it.
    ///
    /// - Parameter minimum: Bytes that must be left.
    /// - Returns: What is short, in words; `nil` when there is room.
    package func shortage(minimum: Int64) -> String? {
        if free < minimum || free < total / 100 * Self.minimumFreePercent {
            return "\(free >> 20) MiB of \(total >> 20) MiB are free"
        }
        if totalInodes > 0, freeInodes < min(Self.minimumFreeInodes, totalInodes / 20) {
            return "room for \(freeInodes) more files is left of \(totalInodes)"
        }
        return nil
    }
}
