/// Looks at a condition again and again until it is true.
///
/// - Parameters:
///   - condition: What is waited for, for the error.
///   - limit: How long to wait at most. Long, because all suites of the package may share two threads, and a turn is
///     then long in coming.
///   - isTrue: The condition.
/// - Throws: ``DeadlineError`` after `limit`, or what `isTrue` throws.
package func eventually(
    _ condition: String, within limit: Duration = .seconds(60), _ isTrue: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while !(try await isTrue()) {
        guard ContinuousClock.now < deadline else { throw DeadlineError(condition: condition, limit: limit) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
