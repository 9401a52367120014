import Glibc

extension OwnedDescriptor {
    /// Opens a directory below a directory.
    ///
    /// - Parameters:
    ///   - name: One path component.
    ///   - parent: An open directory.
    ///   - creating: Whether it is made if it is missing.
    /// - Returns: The directory.
    /// - Throws: ``SystemCallError``; code `ELOOP` when it is a symbolic link, `ENOTDIR` when it is a file.
    package static func directory(
        _ name: String, in parent: borrowing OwnedDescriptor, creating: Bool
    ) throws(SystemCallError) -> OwnedDescriptor {
        do throws(SystemCallError) {
            return try open(name, in: parent, flags: O_RDONLY | O_DIRECTORY)
        } catch {
            if error.code == ENOTDIR, isLink(name, in: parent) {
                throw SystemCallError(call: "openat", code: ELOOP)
            }
            guard creating, error.code == ENOENT else { throw error }
        }
        guard unsafe mkdirat(parent.raw, name, 0o700) == 0 || errno == EEXIST else { throw .last("mkdirat") }
        try parent.synchronize()
        return try open(name, in: parent, flags: O_RDONLY | O_DIRECTORY)
    }

    private static func isLink(_ name: String, in parent: borrowing OwnedDescriptor) -> Bool {
        var status = stat()
        guard unsafe fstatat(parent.raw, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFLNK
    }
}
