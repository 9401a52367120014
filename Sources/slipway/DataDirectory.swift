import Glibc
import SystemCalls

/// The folder that holds everything: objects, workspaces, host keys.
///
/// Held by one server at a time: cleaning up after a crash must never meet another server's running pushes.
struct DataDirectory: Sendable {
    /// Absolute, without symbolic links.
    let path: String

    /// Makes the folder if it is missing, and takes hold of it.
    ///
    /// - Throws: ``StartError``, one line that names the setting.
    init(path text: String) throws {
        try Self.make(text)
        guard let resolved = unsafe realpath(text, nil) else {
            throw StartError("data-dir: \(text): \(ErrorNumber.last)")
        }
        defer { unsafe free(resolved) }
        path = unsafe String(cString: resolved)
        let descriptor = unsafe open(path + "/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StartError("data-dir: \(path) is not writable: \(ErrorNumber.last)")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartError("data-dir: \(path) is in use by another slipway; give each its own")
        }
        // Never closed: the lock ends with the process, however that ends.
    }

    var objects: String { path + "/store" }

    /// Where builds get their directories.
    ///
    /// A server that runs as root gives builds to an unprivileged user, who must be able to get there. Where a folder above is
    /// closed to others (as /root is), a place under /var/lib is used, where nobody but root can put anything: what is there is
    /// removed with each build.
    ///
    /// - Throws: ``StartError`` when that place cannot be had.
    func workspaces() throws -> String {
        guard geteuid() == 0, !isReachableByOthers else { return path + "/workspaces" }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw StartError("data-dir: \(path): \(ErrorNumber.last)")
        }
        // By the folder's identity: two servers of one machine have one each.
        let place = "/var/lib/slipway/builds-\(status.st_dev)-\(status.st_ino)"
        do throws(SystemCallError) {
            try MissingDirectories.make(place, mode: 0o711)
        } catch {
            throw StartError("data-dir: builds cannot get to \(path), and \(place) cannot be made: \(error.reason)")
        }
        return place
    }

    private var isReachableByOthers: Bool {
        var folder = path
        var status = stat()
        while folder != "/" {
            guard unsafe stat(folder, &status) == 0, status.st_mode & S_IXOTH != 0 else { return false }
            folder = String(folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)])
            if folder.isEmpty { folder = "/" }
        }
        return true
    }

    /// Checks that a server could use a folder that is there, without making or holding anything.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - besideServer: Whether a server may be using it now.
    /// - Throws: ``StartError``, one line that names the setting.
    static func checkUse(of path: String, besideServer: Bool) throws {
        guard unsafe access(path, R_OK | W_OK | X_OK) == 0 else {
            throw StartError("data-dir: \(path) is not writable: \(ErrorNumber.last)")
        }
        guard try besideServer || !isInUse(path) else {
            throw StartError("data-dir: \(path) is in use by another slipway; give each its own")
        }
    }

    /// Whether a server runs with a folder, which need not be there; nothing is made or held.
    ///
    /// - Throws: ``StartError``, one line that names the setting, where the folder's file system knows no locks.
    static func isInUse(_ path: String) throws(StartError) -> Bool {
        let descriptor = unsafe open(path + "/lock", O_RDWR | O_CLOEXEC)
        // Never used yet.
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Shared, so that two who ask at once do not take each other for a server.
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else { return false }
        let error = ErrorNumber.last
        guard error.code == EWOULDBLOCK else { throw StartError("data-dir: \(path)/lock cannot be locked: \(error)") }
        return true
    }

    private static func make(_ path: String) throws {
        do throws(SystemCallError) {
            try MissingDirectories.make(path, mode: 0o711, ignoring: [EROFS, EACCES])
        } catch {
            throw StartError("data-dir: cannot make \(path): \(error.reason)")
        }
        guard unsafe access(path, W_OK | X_OK) == 0 else {
            throw StartError("data-dir: \(path) is not writable: \(ErrorNumber.last)")
        }
    }
}
