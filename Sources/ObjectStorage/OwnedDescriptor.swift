import Glibc

/// An open file descriptor that is closed when its owner goes away.
struct OwnedDescriptor: ~Copyable {
    let raw: Int32

    /// Takes over a descriptor.
    ///
    /// - Parameter raw: Open, and closed by nobody else.
    init(_ raw: Int32) { self.raw = raw }

    deinit { close(raw) }

    /// Opens a file relative to a directory; a symbolic link as the last component is never followed.
    ///
    /// - Parameters:
    ///   - name: One path component.
    ///   - directory: An open directory.
    ///   - flags: `open` flags; `O_CLOEXEC`, `O_NOFOLLOW` and `O_NOCTTY` are added.
    ///   - mode: The mode of a file that is created.
    /// - Returns: The open file.
    /// - Throws: ``SystemCallError``; code `ELOOP` or `ENOTDIR` for a link.
    static func open(
        _ name: String, in directory: borrowing OwnedDescriptor, flags: Int32, mode: mode_t = 0
    ) throws(SystemCallError) -> OwnedDescriptor {
        while true {
            let raw = unsafe openat(directory.raw, name, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode)
            if raw >= 0 { return OwnedDescriptor(raw) }
            guard errno == EINTR else { throw .last("openat") }
        }
    }

    /// Opens a directory below a directory.
    ///
    /// - Parameters:
    ///   - name: One path component.
    ///   - parent: An open directory.
    ///   - creating: Whether it is made if it is missing.
    /// - Returns: The directory.
    /// - Throws: ``SystemCallError``; code `ELOOP` when it is a symbolic link, `ENOTDIR` when it is a file.
    static func directory(
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

    /// Waits until the disk has it.
    func synchronize() throws(SystemCallError) {
        guard fsync(raw) == 0 else { throw .last("fsync") }
    }

    /// Waits for the exclusive lock of this open file; closing it lets go.
    ///
    /// - Parameter waiting: Whether to wait for another holder.
    /// - Returns: Whether it is held now; always true when `waiting`.
    /// - Throws: ``SystemCallError``.
    func lock(waiting: Bool) throws(SystemCallError) -> Bool {
        while flock(raw, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw .last("flock") }
        }
        return true
    }

    /// Lets go of the lock.
    func unlock() { flock(raw, LOCK_UN) }

    /// Its size, time and type.
    func status() throws(SystemCallError) -> stat {
        var status = stat()
        guard unsafe fstat(raw, &status) == 0 else { throw .last("fstat") }
        return status
    }
}
