import Glibc
import Synchronization
import SystemCalls

/// A file that is being written and has no key yet.
final class TemporaryFile: Sendable {
    private static let counter = Atomic<UInt64>(0)

    let file: OwnedDescriptor
    let name: String
    private let layout: FileLayout
    /// Whether the temporary name is still there.
    private let isNamed = Atomic<Bool>(true)

    /// Makes an empty file.
    ///
    /// - Parameter layout: Whose directory for temporary files it goes to.
    /// - Throws: ``SystemCallError``.
    init(in layout: FileLayout) throws(SystemCallError) {
        let name = String(Self.counter.add(1, ordering: .relaxed).newValue)
        let flags = O_RDWR | O_CREAT | O_EXCL
        let file = try OwnedDescriptor.open(name, in: layout.temporary, flags: flags, mode: 0o600)
        self.file = file
        self.name = name
        self.layout = layout
    }

    // Made by work that was given up meanwhile: nobody else knows of it.
    deinit { if isNamed.load(ordering: .relaxed) { remove() } }

    /// Gives it its lasting name.
    ///
    /// - Parameters:
    ///   - key: One path component.
    ///   - directory: Below the same root.
    ///   - replacing: Whether it may take the place of another file.
    /// - Returns: False when there is one already and it must not be replaced.
    /// - Throws: ``SystemCallError``; code `ENOENT` when the directory was pruned meanwhile or was in the way itself,
    ///   and all is worth another try.
    func move(
        to key: String, in directory: borrowing OwnedDescriptor, replacing: Bool
    ) throws(SystemCallError) -> Bool {
        if replacing {
            if unsafe renameat(layout.temporary.raw, name, directory.raw, key) == 0 {
                isNamed.store(false, ordering: .relaxed)
                return true
            }
        } else if unsafe linkat(layout.temporary.raw, name, directory.raw, key, 0) == 0 {
            remove()
            return true
        } else if Self.noLinks.contains(errno), isFree(key, in: directory) {
            return try move(to: key, in: directory, replacing: true)
        }
        guard errno == EEXIST || errno == EISDIR else { throw .last(replacing ? "renameat" : "linkat") }
        // An empty directory that a deleted object or a crash left does not count.
        if unsafe unlinkat(directory.raw, key, AT_REMOVEDIR) == 0 {
            throw SystemCallError(call: "unlinkat", code: ENOENT)
        }
        // A file, or a link: it counts as present, and is never followed.
        if errno == ENOTDIR, !replacing { return false }
        throw .last("unlinkat")
    }

    /// What file systems say that have no hard links (link(2)): SMB, FAT, some of FUSE.
    private static let noLinks: Set<Int32> = [EPERM, EOPNOTSUPP, ENOSYS, EXDEV, EMLINK]

    /// Whether nothing has that name; changes errno to `EEXIST` if not.
    ///
    /// Nobody comes in between: whoever names an object holds the lock of its key.
    private func isFree(_ key: String, in directory: borrowing OwnedDescriptor) -> Bool {
        var status = stat()
        guard unsafe fstatat(directory.raw, key, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return errno == ENOENT }
        errno = EEXIST
        return false
    }

    /// Takes its temporary name away; without another name it is gone.
    func remove() {
        isNamed.store(false, ordering: .relaxed)
        unsafe unlinkat(layout.temporary.raw, name, 0)
    }

    /// Removes it, and frees its blocks now, on a thread that may block, rather than when it is closed.
    func discard() {
        remove()
        // With a lasting name it is an object, whatever went wrong afterwards.
        guard let status = try? file.status(), status.st_nlink == 0 else { return }
        ftruncate(file.raw, 0)
    }
}
