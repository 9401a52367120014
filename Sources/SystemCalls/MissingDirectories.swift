import Glibc

/// Makes directories together with those above them.
package enum MissingDirectories {
    /// Makes the directory at a path and those above it, as far as they are missing.
    ///
    /// - Parameters:
    ///   - path: Absolute, or relative to the current directory.
    ///   - mode: That of the ones that are made, cut by the umask.
    ///   - ignoring: What a directory that cannot be made may give besides `EEXIST`: one that is there already may
    ///     give these too, and what the caller does next finds out whether it is.
    /// - Throws: ``SystemCallError``.
    package static func make(
        _ path: String, mode: UInt32, ignoring: [Int32] = []
    ) throws(SystemCallError) {
        var prefix = path.hasPrefix("/") ? "" : "."
        for component in path.split(separator: "/") {
            prefix += "/" + component
            guard unsafe mkdir(prefix, mode) == 0 || errno == EEXIST || ignoring.contains(errno) else {
                throw .last("mkdir")
            }
        }
    }
}
