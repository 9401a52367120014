package import Identifiers
import Logging
import NIOPosix

/// The bare repository of one app; a name for it, nothing is open.
package struct Repository: Sendable {
    /// Whose it is.
    package let app: AppName

    let path: String
    /// The file of its ``AppLock``.
    let lockPath: String
    let pool: NIOThreadPool
    let git: GitTool
    let logger: Logger

    /// The directory of the objects.
    var objectsPath: String { path + "/objects" }

    /// Opens the repository for one piece of blocking work, on a thread of the pool.
    func access<T: Sendable>(_ work: @escaping @Sendable (borrowing RepositoryHandle) throws -> T) async throws -> T {
        let path = path
        return try await pool.blocking {
            let handle = try RepositoryHandle(path: path)
            return try work(handle)
        }
    }
}
