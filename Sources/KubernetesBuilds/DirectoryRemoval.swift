import Builds
import Glibc

/// Makes room for something in a directory that strangers had.
enum DirectoryRemoval {
    /// Removes whatever has a name, also a whole tree; what is not there is no error.
    ///
    /// - Throws: ``PodSideError``.
    static func remove(_ path: String) throws(PodSideError) {
        // A link is removed, not followed.
        if unsafe unlink(path) == 0 || errno == ENOENT { return }
        do throws(BuildDirectoryError) {
            try DirectoryTree.remove(path)
        } catch {
            throw PodSideError("\(path) cannot be removed: \(error)")
        }
    }
}
