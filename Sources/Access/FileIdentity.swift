import Glibc
import SystemCalls

/// What tells one version of a file from another without reading it.
///
/// Taken of the file that the path leads to, symbolic links followed, so a swapped link anywhere on the way shows as
/// another inode.
struct FileIdentity: Sendable, Equatable {
    private let device: UInt
    private let inode: UInt
    private let size: Int
    private let modified: FileTime
    /// Also the time of a `chmod`, and it cannot be set back as `cp -p` and `touch` do with the other.
    private let changed: FileTime

    private struct FileTime: Sendable, Equatable {
        let seconds: Int
        let nanoseconds: Int

        init(_ time: timespec) {
            seconds = time.tv_sec
            nanoseconds = time.tv_nsec
        }
    }

    init(_ status: stat) {
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        size = Int(status.st_size)
        modified = FileTime(status.st_mtim)
        changed = FileTime(status.st_ctim)
    }

    /// Looks at the file at `path`; one `stat`, nothing is opened.
    ///
    /// - Throws: ``SystemCallError`` when there is nothing to look at.
    static func of(path: String) throws(SystemCallError) -> FileIdentity {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { throw .last("stat") }
        return FileIdentity(status)
    }
}
