import Glibc

extension OwnedDescriptor {
    /// Opens a file at a path that the operator or Slipway chose: symbolic links in it are followed.
    ///
    /// - Parameters:
    ///   - path: Absolute, or relative to the current directory.
    ///   - flags: `open` flags; `O_CLOEXEC` and `O_NOCTTY` are added.
    ///   - mode: The mode of a file that is created.
    /// - Returns: The open file.
    /// - Throws: ``SystemCallError``.
    package static func open(
        path: String, flags: Int32, mode: UInt32 = 0
    ) throws(SystemCallError) -> OwnedDescriptor {
        try open(path.utf8.cString, at: AT_FDCWD, flags, mode)
    }

    /// Opens a file relative to a directory; a symbolic link as the last component is never followed.
    ///
    /// - Parameters:
    ///   - name: One path component, or a whole path where the caller chose it.
    ///   - directory: An open directory, or `AT_FDCWD`.
    ///   - flags: `open` flags; `O_CLOEXEC`, `O_NOFOLLOW` and `O_NOCTTY` are added.
    ///   - mode: The mode of a file that is created.
    /// - Returns: The open file.
    /// - Throws: ``SystemCallError``; code `ELOOP` or `ENOTDIR` for a link.
    package static func open(
        _ name: some Sequence<UInt8>, in directory: Int32, flags: Int32, mode: UInt32 = 0
    ) throws(SystemCallError) -> OwnedDescriptor {
        try open(name.cString, at: directory, flags | O_NOFOLLOW, mode)
    }

    /// Opens a file relative to a directory; a symbolic link as the last component is never followed.
    ///
    /// - Parameters:
    ///   - name: One path component.
    ///   - directory: An open directory.
    ///   - flags: `open` flags; `O_CLOEXEC`, `O_NOFOLLOW` and `O_NOCTTY` are added.
    ///   - mode: The mode of a file that is created.
    /// - Returns: The open file.
    /// - Throws: ``SystemCallError``; code `ELOOP` or `ENOTDIR` for a link.
    package static func open(
        _ name: String, in directory: borrowing OwnedDescriptor, flags: Int32, mode: UInt32 = 0
    ) throws(SystemCallError) -> OwnedDescriptor {
        try open(name.utf8, in: directory.raw, flags: flags, mode: mode)
    }

    private static func open(
        _ path: [CChar], at directory: Int32, _ flags: Int32, _ mode: UInt32
    ) throws(SystemCallError) -> OwnedDescriptor {
        while true {
            let raw = unsafe openat(directory, path, flags | O_CLOEXEC | O_NOCTTY, mode)
            if raw >= 0 { return OwnedDescriptor(raw) }
            guard errno == EINTR else { throw .last("openat") }
        }
    }
}
