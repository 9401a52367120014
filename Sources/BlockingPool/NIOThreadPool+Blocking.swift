package import NIOPosix

extension NIOThreadPool {
    /// Runs blocking work on a thread of the pool, and always to its end.
    ///
    /// Unlike `runIfActive`, it does so also when the calling task is cancelled: no half-done change is left behind.
    ///
    /// - Parameter work: May block.
    /// - Returns: What `work` returns.
    /// - Throws: What `work` throws; ``PoolStopped``.
    package func runToEnd<Success: Sendable>(
        _ work: @escaping @Sendable () throws -> Success
    ) async throws -> Success {
        try await withCheckedThrowingContinuation { continuation in
            submit { state in
                switch state {
                case .active: continuation.resume(with: Result(catching: work))
                case .cancelled: continuation.resume(throwing: PoolStopped())
                }
            }
        }
    }

    /// Runs blocking work to its end; where the pool is stopped, right here, because it must not be left undone.
    ///
    /// - Parameter work: May block.
    package func runAlways(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            submit { _ in
                work()
                continuation.resume()
            }
        }
    }
}
