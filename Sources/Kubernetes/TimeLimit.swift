/// Ends work that takes too long.
enum TimeLimit {
    /// Runs work, and cancels it when its time is over.
    ///
    /// - Parameters:
    ///   - limit: How long it may take.
    ///   - work: It has to heed cancellation: this returns when it has ended.
    /// - Returns: What `work` returns; nil when the time was over first.
    /// - Throws: What `work` throws, `CancellationError`.
    static func run<Success: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Success
    ) async throws -> Success? {
        try await withThrowingTaskGroup(of: Success?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }
}
