import Glibc

/// One name in a directory.
package struct DirectoryEntry: Sendable {
    package enum Kind: Sendable {
        case file, directory, other
    }

    /// Raw bytes, without NUL or "/".
    package let name: [UInt8]
    /// What `readdir` said of it.
    let type: UInt8

    /// What it is; a symbolic link is never followed.
    ///
    /// - Parameter directory: The open directory that the name was read from.
    /// - Returns: `other` also when it is gone meanwhile.
    /// - Throws: ``SystemCallError``.
    package func kind(in directory: Int32) throws(SystemCallError) -> Kind {
        switch Int(type) {
        case DT_REG: return .file
        case DT_DIR: return .directory
        case DT_UNKNOWN: break
        default: return .other
        }
        // Some file systems do not say.
        var status = stat()
        guard unsafe fstatat(directory, name.cString, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return .other }
            throw .last("fstatat")
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .directory
        default: return .other
        }
    }
}
