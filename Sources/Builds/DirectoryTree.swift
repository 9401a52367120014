import Glibc
import SystemCalls

/// Changes or removes a whole tree, however deep, with two descriptors, never through a symbolic link.
///
/// Nobody else may be changing the tree; if somebody does, it fails instead of leaving the tree.
package enum DirectoryTree {
    /// Gives a directory and all in it to `user`.
    ///
    /// - Throws: ``BuildDirectoryError``.
    static func changeOwner(of path: String, to user: BuildUser) throws(BuildDirectoryError) {
        try walk(path, unlocking: false) { parent, name, _ in
            unsafe fchownat(parent, name, user.uid, user.gid, AT_SYMLINK_NOFOLLOW) == 0
        }
        guard unsafe lchown(path, user.uid, user.gid) == 0 else {
            throw BuildDirectoryError(action: "change the owner of", path: path, code: errno)
        }
    }

    /// Removes a directory and all in it; one that is missing is no error.
    ///
    /// - Throws: ``BuildDirectoryError``.
    package static func remove(_ path: String) throws(BuildDirectoryError) {
        guard unsafe access(path, F_OK) == 0 else { return }
        try empty(path)
        guard unsafe rmdir(path) == 0 || errno == ENOENT else {
            throw BuildDirectoryError(action: "remove", path: path, code: errno)
        }
    }

    /// Removes all that is in a directory.
    ///
    /// - Throws: ``BuildDirectoryError``.
    static func empty(_ path: String) throws(BuildDirectoryError) {
        try walk(path, unlocking: true) { parent, name, isDirectory in
            unsafe unlinkat(parent, name, isDirectory ? AT_REMOVEDIR : 0) == 0 || errno == ENOENT
        }
    }

    private struct Level {
        let name: [CChar]
        let identity: Identity
        var directories: [[CChar]]
    }

    private struct Identity: Equatable {
        let device: dev_t
        let inode: ino_t
    }

    /// Visits everything below `path`: files as they are read, a directory after all in it.
    ///
    /// - Parameters:
    ///   - path: Where to start; not visited itself.
    ///   - unlocking: Whether directories that their owner locked are made accessible first.
    ///   - visit: Is given the open parent, the NUL-terminated name, and whether it is a directory; sets `errno` and
    ///     returns false on failure.
    /// - Throws: ``BuildDirectoryError``.
    private static func walk(
        _ path: String, unlocking: Bool, visit: (Int32, [CChar], Bool) -> Bool
    ) throws(BuildDirectoryError) {
        func check(_ succeeded: Bool, _ action: String) throws(BuildDirectoryError) {
            guard succeeded else { throw BuildDirectoryError(action: action, path: path, code: errno) }
        }
        func enter(_ name: [CChar], from parent: Int32) throws(BuildDirectoryError) -> OwnedDescriptor {
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            var child = unsafe openat(parent, name, flags)
            if child < 0, errno == EACCES, unlocking, unsafe fchmodat(parent, name, 0o700, 0) == 0 {
                child = unsafe openat(parent, name, flags)
            }
            try check(child >= 0, "open a directory below")
            if unlocking { _ = fchmod(child, 0o700) }
            return OwnedDescriptor(child)
        }
        func level(_ name: [CChar], _ descriptor: Int32) throws(BuildDirectoryError) -> Level {
            let identity = identity(of: descriptor)
            let directories = try list(descriptor, path, visit: visit)
            return Level(name: name, identity: identity, directories: directories)
        }

        let top = Array(path.utf8CString)
        var current = try enter(top, from: AT_FDCWD)
        var levels = [try level(top, current.raw)]
        while let last = levels.indices.last {
            if let name = levels[last].directories.popLast() {
                current = try enter(name, from: current.raw)
                levels.append(try level(name, current.raw))
                continue
            }
            let finished = levels.removeLast()
            guard let parent = levels.last else { return }
            let up = unsafe openat(current.raw, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            try check(up >= 0, "go up in")
            current = OwnedDescriptor(up)
            errno = ESTALE
            try check(identity(of: up) == parent.identity, "follow, because somebody moved it,")
            try check(visit(up, finished.name, true), "change")
        }
    }

    /// Visits the files in a directory and returns the names of the directories in it.
    private static func list(
        _ directory: Int32, _ path: String, visit: (Int32, [CChar], Bool) -> Bool
    ) throws(BuildDirectoryError) -> [[CChar]] {
        var directories: [[CChar]] = []
        var action = "read a directory below"
        do throws(SystemCallError) {
            var stream = try DirectoryStream(directory)
            while let entry = try stream.next() {
                let name = entry.name.cString
                if try entry.kind(in: directory) == .directory {
                    directories.append(name)
                } else if !visit(directory, name, false) {
                    action = "change a file below"
                    throw .last("visit")
                }
            }
        } catch {
            throw BuildDirectoryError(action: action, path: path, code: error.code)
        }
        return directories
    }

    private static func identity(of descriptor: Int32) -> Identity {
        var status = stat()
        unsafe fstat(descriptor, &status)
        return Identity(device: status.st_dev, inode: status.st_ino)
    }
}
