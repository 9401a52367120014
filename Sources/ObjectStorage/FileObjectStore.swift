import BlockingPool
package import NIOPosix
import SystemCalls

/// Keeps objects as files below one directory.
///
/// A put writes a temporary file, waits until the disk has it, and links or renames it into place under the key's lock.
/// Several stores, also in several processes, may share a directory. A key cannot be an object and the beginning of
/// another object's key at once ("a" and "a/b"): that is refused as not allowed.
package final class FileObjectStore: ObjectStore {
    /// How long one system call or a few may take on a file system that works.
    package static let patience: Duration = .seconds(10)
    /// How long the disk may take until it has all of an object: gigabytes on a slow one.
    static let synchronizationPatience: Duration = .seconds(180)

    let layout: FileLayoutOpening
    let pool: NIOThreadPool
    let urls: ObjectURLSigner?
    private let patience: Duration

    /// Makes a store whose directories are made, opened and cleared of what a crash left when it is first used.
    ///
    /// What keeps them from being opened is thrown by whatever is asked of the store, until it has passed.
    ///
    /// - Parameters:
    ///   - root: The store's directory, on a local file system.
    ///   - pool: Where system calls may block; its owner stops it after the store's last use.
    ///   - patience: How long a step may take before the store is taken for hanging: see ``patience``.
    ///   - urls: Makes the URLs under which the server gives objects out; without it nothing can be presigned.
    package init(
        openedOnUse root: String, pool: NIOThreadPool, patience: Duration = FileObjectStore.patience,
        urls: ObjectURLSigner? = nil
    ) {
        layout = FileLayoutOpening(root: root)
        self.pool = pool
        self.urls = urls
        self.patience = patience
    }

    /// Makes a store and opens it at once; blocks a moment, or for as long as its file system hangs.
    ///
    /// - Throws: ``ObjectStoreError`` with the place in its detail.
    package convenience init(
        root: String, pool: NIOThreadPool, patience: Duration = FileObjectStore.patience, urls: ObjectURLSigner? = nil
    ) throws {
        self.init(openedOnUse: root, pool: pool, patience: patience, urls: urls)
        _ = try layout.opened()
    }

    /// Opens the store, unless it is open already.
    ///
    /// - Throws: ``ObjectStoreError`` with the place in its detail.
    package func open() async throws {
        let layout = self.layout
        try await run(.open, nil) { _ = try layout.opened() }
    }

    /// Runs `work` on the pool and puts its errors into words; a file system that hangs is one.
    func run<Success: Sendable>(
        _ operation: ObjectStoreError.Operation, _ text: String?, within patience: Duration? = nil,
        _ work: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        do {
            return try await pool.runToEnd(within: patience ?? self.patience, work)
        } catch let error as PoolWorkHangs {
            throw ObjectStoreError(.unresponsive, operation, text: text, detail: "\(error)")
        } catch let error as SystemCallError {
            throw ObjectStoreError(error, operation, text)
        } catch is PoolStopped {
            throw ObjectStoreError(.unavailable, operation, text: text, detail: "the thread pool is stopped")
        }
    }
}
