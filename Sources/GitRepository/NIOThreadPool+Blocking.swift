import BlockingPool
import NIOPosix

extension NIOThreadPool {
    /// Runs blocking work on a thread of the pool.
    ///
    /// Work that was handed over is always done, also when the task is cancelled: a quarantine is removed for a client
    /// that has gone, and a ref update is never half seen.
    ///
    /// - Parameter work: What may block; libgit2's thread-local error is valid within it.
    /// - Returns: What the work returns.
    /// - Throws: What the work throws, or ``RepositoryError`` when the pool is shut down.
    func blocking<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
        do {
            return try await runToEnd(work)
        } catch is PoolStopped {
            throw RepositoryError(
                kind: .shuttingDown, operation: "reach the repository", detail: "the server is stopping")
        }
    }
}
