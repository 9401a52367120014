import BlockingPool

/// Does something within a limit of time.
///
/// - Parameters:
///   - limit: How long it may take; then its task is cancelled.
///   - body: What to do; it must end soon after it is cancelled.
/// - Returns: What `body` returns.
/// - Throws: ``TimeLimitError`` after `limit`, else what `body` throws.
package func withTimeLimit<Result: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await SteppedSleep.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let first = try await group.next(), let result = first else { throw TimeLimitError(limit: limit) }
        return result
    }
}
