import Testing

/// Waits for a condition, with a deadline.
///
/// - Parameters:
///   - what: What is waited for, for the failure.
///   - limit: How long to wait at most.
///   - location: Where the test says so.
///   - condition: Looked at again and again.
/// - Throws: When the deadline passes.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ location: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while try await !condition() {
        try #require(ContinuousClock.now < deadline, "not within \(limit): \(what)", sourceLocation: location)
        try await Task.sleep(for: .milliseconds(5))
    }
}
