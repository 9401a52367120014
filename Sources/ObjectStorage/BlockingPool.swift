import NIOPosix

/// Runs system calls that block on threads that may block.
struct BlockingPool: Sendable {
    let threads: NIOThreadPool

    /// Runs `work` to its end, also when the calling task is cancelled: no half-done change is left behind.
    ///
    /// - Parameter work: May block.
    /// - Returns: What `work` returns.
    /// - Throws: What `work` throws; ``PoolStopped``.
    func run<Success: Sendable>(_ work: @escaping @Sendable () throws -> Success) async throws -> Success {
        try await withCheckedThrowingContinuation { continuation in
            threads.submit { state in
                switch state {
                case .active: continuation.resume(with: Result(catching: work))
                case .cancelled: continuation.resume(throwing: PoolStopped())
                }
            }
        }
    }

    /// Runs `work` to its end; where the pool is stopped, right here, because it must not be left undone.
    func runAlways(_ work: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            threads.submit { _ in
                work()
                continuation.resume()
            }
        }
    }
}
