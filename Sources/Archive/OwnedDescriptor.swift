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
    ///   - name: One path component, or a whole path where the caller chose it.
    ///   - directory: An open directory, or `AT_FDCWD`.
    ///   - flags: `open` flags; `O_CLOEXEC`, `O_NOFOLLOW` and `O_NOCTTY` are added.
    ///   - mode: The mode of a file that is created.
    /// - Returns: The open file.
    /// - Throws: ``SystemCallError``.
    static func open(
        _ name: some Sequence<UInt8>, in directory: Int32, flags: Int32, mode: mode_t = 0
    ) throws(SystemCallError) -> OwnedDescriptor {
        let path = name.cString
        while true {
            let raw = unsafe openat(directory, path, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, mode)
            if raw >= 0 { return OwnedDescriptor(raw) }
            guard errno == EINTR else { throw .last("openat") }
        }
    }
}
