import BlockingPool
package import NIOPosix
import SystemCalls

/// Keeps objects as files below one directory.
///
/// A put writes a temporary file, waits until the disk has it, and links or renames it into place under the key's lock.
/// Several stores, also in several processes, may share a directory. A key cannot be an object and the beginning of
/// another object's key at once ("a" and "a/b"): that is refused as not allowed.
package final class FileObjectStore: ObjectStore {
    let layout: FileLayout
    let pool: NIOThreadPool

    /// Opens a store, makes its directories where missing, and clears away what a crash left; blocks a moment.
    ///
    /// - Parameters:
    ///   - root: The store's directory, on a local file system.
    ///   - pool: Where system calls may block; its owner stops it after the store's last use.
    /// - Throws: ``ObjectStoreError`` with the place in its detail.
    package init(root: String, pool: NIOThreadPool) throws {
        do throws(SystemCallError) {
            layout = try FileLayout(root: root)
        } catch {
            let kind = ObjectStoreError(error, .open, nil).kind
            throw ObjectStoreError(kind, .open, nil, detail: "\(root): \(error)")
        }
        self.pool = pool
    }

    /// Runs `work` on the pool and puts its errors into words.
    func run<Success: Sendable>(
        _ operation: ObjectStoreError.Operation, _ text: String, _ work: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        do {
            return try await pool.runToEnd(work)
        } catch let error as SystemCallError {
            throw ObjectStoreError(error, operation, text)
        } catch is PoolStopped {
            throw ObjectStoreError(.unavailable, operation, text: text, detail: "the thread pool is stopped")
        }
    }
}
