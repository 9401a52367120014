/// Waits until `condition` has a value, looking again and again.
///
/// - Parameters:
///   - what: What is waited for, for the error.
///   - limit: How long to wait at most.
///   - condition: Gives the value, or `nil` as long as there is none.
/// - Returns: The value.
/// - Throws: ``Overdue`` after `limit`.
func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Value?
) async throws -> Value {
    let deadline = ContinuousClock.now + limit
    while true {
        if let value = try await condition() { return value }
        guard ContinuousClock.now < deadline else { throw Overdue(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(5))
    }
}

/// Waits until `condition` holds.
func eventually(
    _ what: String, within limit: Duration = .seconds(60), _ condition: () async throws -> Bool
) async throws {
    _ = try await eventually(what, within: limit) { try await condition() ? true : nil }
}

/// Something did not come true in time.
struct Overdue: Error, CustomStringConvertible {
    let what: String
    let limit: Duration

    var description: String { "not within \(limit): \(what)" }
}
