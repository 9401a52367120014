import Glibc
import SystemCalls

/// The directories of a store, held open: whatever is renamed or planted above them later has no effect.
///
/// - `objects/<key>`: the objects, one file each
/// - `tmp/<instance>/`: what is being written; its flock says that the instance lives
/// - `locks/`: empty files for flock
final class FileLayout: Sendable {
    /// So many keys share one lock file that two puts rarely meet, and so few files that nobody minds them.
    private static let lockCount: UInt64 = 64

    let objects: OwnedDescriptor
    let temporary: OwnedDescriptor
    private let locks: OwnedDescriptor
    private let allTemporary: OwnedDescriptor
    private let instance: String

    /// Opens a store's directories, makes them where missing, and clears away what a crash left.
    ///
    /// - Parameter path: The root directory; it may be a symbolic link, what is in it may not.
    /// - Throws: ``SystemCallError``.
    init(root path: String) throws(SystemCallError) {
        try MissingDirectories.make(path, mode: 0o700, ignoring: [EROFS, EACCES, EPERM])
        let root = try OwnedDescriptor.open(path: path, flags: O_RDONLY | O_DIRECTORY)
        let objects = try OwnedDescriptor.directory("objects", in: root, creating: true)
        let all = try OwnedDescriptor.directory("tmp", in: root, creating: true)
        let locks = try OwnedDescriptor.directory("locks", in: root, creating: true)

        // One start at a time: otherwise another might take our new directory for one that a crash left.
        let starting = try OwnedDescriptor.open("start", in: locks, flags: O_RDWR | O_CREAT, mode: 0o600)
        _ = try starting.lock(waiting: true)
        try StaleFiles.remove(from: all)
        let instance = "\(getpid())-\(UInt64.random(in: 0 ... .max))"
        let temporary = try OwnedDescriptor.directory(instance, in: all, creating: true)
        _ = try temporary.lock(waiting: true)

        self.objects = objects
        self.temporary = temporary
        self.locks = locks
        self.allTemporary = all
        self.instance = instance
    }

    deinit { unsafe unlinkat(allTemporary.raw, instance, AT_REMOVEDIR) }

    /// Runs `body` under a key's lock, against other threads and other processes.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - body: Must be short: other keys share the lock.
    /// - Returns: What `body` returns.
    /// - Throws: ``SystemCallError``, or what `body` throws.
    func withLock<Success>(_ key: ObjectKey, _ body: () throws -> Success) throws -> Success {
        // FNV-1a: Swift's own hashes differ from process to process.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in key.rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        let name = "key-\(hash % Self.lockCount)"
        let file = try OwnedDescriptor.open(name, in: locks, flags: O_RDWR | O_CREAT, mode: 0o600)
        // A lock belongs to the open file, so two threads that each opened it exclude each other too.
        _ = try file.lock(waiting: true)
        defer { file.unlock() }
        return try body()
    }

    /// Opens a directory below `objects`, component by component, never through a link.
    ///
    /// - Parameters:
    ///   - segments: Checked segments; none for `objects` itself.
    ///   - creating: Whether missing ones are made.
    /// - Returns: The directory.
    /// - Throws: ``SystemCallError``; `ENOTDIR` or `ELOOP` when something else stands in the way.
    func directory(_ segments: some Sequence<Substring>, creating: Bool) throws(SystemCallError) -> OwnedDescriptor {
        var current = try OwnedDescriptor.open(".", in: objects, flags: O_RDONLY | O_DIRECTORY)
        for segment in segments {
            current = try OwnedDescriptor.directory(String(segment), in: current, creating: creating)
        }
        return current
    }
}
