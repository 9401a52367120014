import BlockingPool

/// Ends work that takes too long.
enum TimeLimit {
    /// Runs work, and cancels it when its time is over.
    ///
    /// - Parameters:
    ///   - limit: How long it may take.
    ///   - error: What is thrown then.
    ///   - work: It has to heed cancellation.
    /// - Returns: What `work` returns.
    /// - Throws: What `work` throws, or `error` after the limit.
    static func run<Success: Sendable>(
        _ limit: Duration, orThrow error: any Error = CancellationError(),
        _ work: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        try await withThrowingTaskGroup(of: Success?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await SteppedSleep.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                guard let value else { throw error }
                return value
            }
            throw CancellationError()
        }
    }
}
