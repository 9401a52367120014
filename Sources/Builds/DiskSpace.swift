import Glibc

/// How full a file system is.
struct DiskSpace: Sendable, Equatable {
    /// A file system that has less than this left is as good as full: much of what is left is in small pieces.
    static let minimumFreePercent: Int64 = 2

    /// Bytes that are left for unprivileged users.
    let free: Int64
    let total: Int64

    init(free: Int64, total: Int64) {
        self.free = free
        self.total = total
    }

    /// Asks the file system that a path is on.
    ///
    /// - Throws: ``BuildDirectoryError``.
    init(at path: String) throws(BuildDirectoryError) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else {
            throw BuildDirectoryError(action: "ask for the free space at", path: path, code: errno)
        }
        let block = Int64(status.f_frsize)
        self.init(free: Int64(status.f_bavail) * block, total: Int64(status.f_blocks) * block)
    }

    /// Decides whether a build may start.
    ///
    /// - Parameter minimum: Bytes that must be left.
    /// - Returns: Why none should; nil when there is room for one.
    func refusal(minimum: Int64) -> BuildRefusal? {
        guard free < minimum || free < total / 100 * Self.minimumFreePercent else { return nil }
        return BuildRefusal(
            reason: """
                the disk for builds is nearly full: \(free >> 20) MiB of \(total >> 20) MiB are free, \
                and a build starts only with \(ByteCount.words(minimum)) and \(Self.minimumFreePercent) % free; \
                tell the operator, and push again when there is room
                """)
    }
}
