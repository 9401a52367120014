import Glibc
import SystemCalls

/// The few operations on directories that a repository needs; all block.
enum Directory {
    /// Mode of the directories made here: a repository holds the users' source.
    private static let mode: mode_t = 0o700

    /// Makes a directory.
    ///
    /// - Parameters:
    ///   - path: Where; its parent is there.
    ///   - acceptingExisting: Whether one that is there already is fine.
    /// - Throws: ``RepositoryError`` with the system's words.
    static func create(_ path: String, acceptingExisting: Bool = false) throws(RepositoryError) {
        guard unsafe mkdir(path, mode) != 0 else { return }
        if acceptingExisting, errno == EEXIST { return }
        throw .system("create a directory")
    }

    /// Makes a directory and those above it that are missing.
    static func createWithParents(_ path: String) throws(RepositoryError) {
        do throws(SystemCallError) {
            try MissingDirectories.make(path, mode: mode)
        } catch {
            throw .system("create a directory", code: error.code)
        }
    }

    /// The names in a directory, sorted by bytes; none when it is not there or no directory.
    static func names(in path: String) throws(RepositoryError) -> [String] {
        do throws(SystemCallError) {
            return try DirectoryStream.names(in: path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return [] }
            throw .system("list a directory", code: error.code)
        }
    }

    /// Whether anything is at a path.
    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    /// Removes a file or a directory with all in it; symbolic links are removed, not followed.
    static func remove(_ path: String) throws(RepositoryError) {
        if unsafe unlink(path) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw .system("remove a file") }
        for name in try names(in: path) {
            try remove("\(path)/\(name)")
        }
        guard unsafe rmdir(path) == 0 || errno == ENOENT else { throw .system("remove a directory") }
    }

    /// Renames within one file system.
    static func move(_ source: String, to target: String) throws(RepositoryError) {
        guard unsafe rename(source, target) == 0 else { throw .system("move a file into place") }
    }

    /// Puts a directory's entries on the disk, so that a rename survives a power cut.
    static func sync(_ path: String) throws(RepositoryError) {
        do throws(SystemCallError) {
            try OwnedDescriptor.open(path: path, flags: O_RDONLY | O_DIRECTORY).synchronize()
        } catch {
            throw .system("write a directory to the disk", code: error.code)
        }
    }

    /// A path made absolute, so that it means the same to a child.
    static func absolute(_ path: String) throws(RepositoryError) -> String {
        if path.hasPrefix("/") { return path }
        guard let current = unsafe getcwd(nil, 0) else { throw .system("find the current directory") }
        defer { unsafe free(current) }
        return unsafe String(cString: current) + "/" + path
    }
}
