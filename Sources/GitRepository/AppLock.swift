import Glibc
import Identifiers
import NIOPosix
import SystemCalls

/// Keeps an app from being deleted while it is pushed to or fetched from, also by another process.
///
/// An flock on `<root>/.locks/<app>`: shared by pushes and fetches, exclusive for the deletion. The kernel lets go of it
/// with the process, so a crash leaves nothing locked.
final class AppLock: Sendable {
    /// Where the lock files are, below the root; no app's name starts with a dot.
    static let directory = ".locks"

    /// Who else may hold it.
    enum Mode {
        case shared, exclusive
    }

    /// Time between two tries: waiting for a deletion, or for pushes to end, is rare and never urgent.
    private static let interval: Duration = .milliseconds(50)

    private let file: OwnedDescriptor
    private let path: String

    private init(_ file: consuming OwnedDescriptor, path: String) {
        self.file = file
        self.path = path
    }

    /// Takes the lock, without holding a thread while it waits.
    ///
    /// - Parameters:
    ///   - path: The lock file, made when missing.
    ///   - mode: Who else may hold it.
    ///   - patience: How long to wait for others.
    ///   - pool: Where the system calls run.
    /// - Returns: The lock, to be let go of with ``release()``; nil when others held it all that time.
    /// - Throws: ``RepositoryError``, `CancellationError`.
    static func acquire(
        _ path: String, _ mode: Mode, patience: Duration, on pool: NIOThreadPool
    ) async throws -> AppLock? {
        let deadline = ContinuousClock.now + patience
        while true {
            if let lock = try await pool.blocking({ try attempt(path, mode) }) { return lock }
            guard ContinuousClock.now < deadline else { return nil }
            try await Task.sleep(for: interval)
        }
    }

    /// Lets others have it, now: a child that is just being started may have a copy of the descriptor.
    func release() { file.unlock() }

    /// Removes the file of a lock that is held exclusively; who waits for it finds that out, and makes another.
    func removeFile() { unsafe unlink(path) }

    private static func attempt(_ path: String, _ mode: Mode) throws(RepositoryError) -> AppLock? {
        while true {
            let file = try open(path, mode)
            while flock(file.raw, (mode == .shared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
                if errno == EWOULDBLOCK { return nil }
                guard errno == EINTR else { throw .system("lock the app") }
            }
            do throws(SystemCallError) {
                // Removed between the opening and the locking: nobody else would meet this lock.
                if try file.status().st_nlink > 0 { return AppLock(file, path: path) }
            } catch {
                throw .system("lock the app", code: error.code)
            }
        }
    }

    private static func open(_ path: String, _ mode: Mode) throws(RepositoryError) -> OwnedDescriptor {
        let flags = O_RDWR | O_CREAT
        do throws(SystemCallError) {
            do throws(SystemCallError) {
                return try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: flags, mode: 0o600)
            } catch {
                // Clones and fetches work on a disk that is read-only; a lock that is shared need not be written.
                guard error.code == EROFS, mode == .shared else { throw error }
                return try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: O_RDONLY)
            }
        } catch {
            guard error.code == ENOENT else { throw .system("open the app's lock", code: error.code) }
        }
        // The first of its kind here: the directory is missing.
        let parent = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? "."
        try Directory.createWithParents(parent)
        do throws(SystemCallError) {
            return try OwnedDescriptor.open(path.utf8, in: AT_FDCWD, flags: flags, mode: 0o600)
        } catch {
            throw .system("open the app's lock", code: error.code)
        }
    }
}
