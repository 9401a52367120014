import Glibc

extension SystemCallError {
    /// Whether the disk, or the user's part of it, is full.
    package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }

    /// Whether permissions or a read-only file system stood in the way.
    package var isRefusal: Bool { [EACCES, EPERM, EROFS].contains(code) }
}
