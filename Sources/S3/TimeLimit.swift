/// Ends work that takes too long.
enum TimeLimit {
    /// Runs work, and cancels it when its time is over.
    ///
    /// - Parameters:
    ///   - limit: How long it may take.
    ///   - work: It has to heed cancellation.
    /// - Returns: What `work` returns.
    /// - Throws: What `work` throws, which is `CancellationError` after the limit.
    static func run<Success: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Success
    ) async throws -> Success {
        try await withThrowingTaskGroup(of: Success?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                guard let value else { throw CancellationError() }
                return value
            }
            throw CancellationError()
        }
    }
}
